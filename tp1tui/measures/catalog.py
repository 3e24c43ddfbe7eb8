"""From a measure's kind to the function that takes it."""

from __future__ import annotations

from collections.abc import Iterator

from tp1tui.measures.argmax import argmax
from tp1tui.measures.attention_maps import maps_over_picture
from tp1tui.measures.dropout_modes import dropout_modes
from tp1tui.measures.forward import forward
from tp1tui.measures.fully_convolutional import fully_convolutional
from tp1tui.measures.gradient_cost import gradient_cost
from tp1tui.measures.gradients import gradients
from tp1tui.measures.job import Job
from tp1tui.measures.statistics import statistics
from tp1tui.measures.token_cost import token_cost
from tp1tui.measures.transformer_steps import transformer_steps
from tp1tui.spec.forward_measure import Forward
from tp1tui.spec.gradient_measures import Argmax, GradientCost, Gradients
from tp1tui.spec.instant import instant_results
from tp1tui.spec.measure import DropoutModes, FullyConvolutional, LinearClassifiers, Measure, Statistics
from tp1tui.spec.results import Result
from tp1tui.spec.svm_measure import Svm
from tp1tui.spec.transformer_measures import AttentionMaps, TokenCost, TransformerSteps


def results(measure: Measure, job: Job) -> Iterator[Result]:
    """Take a measure, result by result.

    What needs scikit-learn is imported when it is taken: that takes a second, which no other measure should wait for.
    """
    match measure:
        case LinearClassifiers():
            from tp1tui.measures.linear_classifiers import linear_classifiers

            yield from linear_classifiers(measure, job)
        case FullyConvolutional():
            yield from fully_convolutional(measure, job)
        case Statistics():
            yield from statistics(job)
        case DropoutModes():
            yield from dropout_modes(measure, job)
        case GradientCost():
            yield from gradient_cost(measure, job)
        case Argmax():
            yield from argmax(measure, job)
        case Gradients():
            yield from gradients(measure, job)
        case Forward():
            yield from forward(measure, job)
        case Svm():
            from tp1tui.measures.svm import svm

            yield from svm(measure, job)
        case TransformerSteps():
            yield from transformer_steps(measure, job)
        case TokenCost():
            yield from token_cost(measure, job)
        case AttentionMaps():
            yield from maps_over_picture(measure, job)
        case _:
            yield from instant_results(measure, job.experiment) or ()
