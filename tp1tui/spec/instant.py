"""Measures that are arithmetic alone: shown on the bench while their fields are typed, and run like any other."""

from __future__ import annotations

from tp1tui.spec.calculator import convolution, pooling
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.larger_inputs import larger_inputs
from tp1tui.spec.layer_sums import layer_sums
from tp1tui.spec.loss_shapes import LossShapes, loss_shapes
from tp1tui.spec.measure import (
    ConvolutionCalculator,
    LargerInputs,
    LayerTable,
    Measure,
    PoolingCalculator,
    ReceptiveFields,
    UnsharedConvolution,
)
from tp1tui.spec.receptive_fields import receptive_fields
from tp1tui.spec.results import Result
from tp1tui.spec.unshared import unshared_convolution


def instant_results(measure: Measure, experiment: Experiment | None) -> tuple[Result, ...] | None:
    """The results of a measure; None for one that takes a worker.

    Args:
        measure: Which.
        experiment: The preset's, for the measures that need one.
    """
    match measure, experiment:
        case ConvolutionCalculator(), _:
            return convolution(measure)
        case PoolingCalculator(), _:
            return pooling(measure)
        case LossShapes(), _:
            return loss_shapes(measure)
        case LargerInputs(), Experiment():
            return larger_inputs(measure, experiment)
        case UnsharedConvolution(), Experiment():
            return unshared_convolution(experiment)
        case ReceptiveFields(), Experiment():
            return receptive_fields(experiment)
        case LayerTable(), Experiment():
            return layer_sums(experiment)
    return None
