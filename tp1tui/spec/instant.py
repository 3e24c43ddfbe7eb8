"""Measures that are arithmetic alone: shown on the bench while their fields are typed, and run like any other."""

from __future__ import annotations

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.measure import Measure
from tp1tui.spec.results import Result


def instant_results(measure: Measure, experiment: Experiment | None) -> tuple[Result, ...] | None:
    """The results of a measure; None for one that takes a worker.

    Args:
        measure: Which.
        experiment: The preset's, for the measures that need one.
    """
    return None
