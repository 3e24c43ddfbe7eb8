"""From a measure's kind to the function that takes it."""

from __future__ import annotations

from collections.abc import Iterator

from tp1tui.measures.job import Job
from tp1tui.spec.instant import instant_results
from tp1tui.spec.measure import Measure
from tp1tui.spec.results import Result


def results(measure: Measure, job: Job) -> Iterator[Result]:
    """Take a measure, result by result."""
    found = instant_results(measure, job.experiment)
    if found is not None:
        yield from found
        return
    raise NotImplementedError(measure.kind)
