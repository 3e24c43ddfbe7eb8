from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from tp1tui.engine.optimizer import squared_error as squared_error_of_scores
from tp1tui.spec.loss_shapes import (
    LossShapes,
    cross_entropy,
    cross_entropy_gradient,
    loss_shapes,
    squared_error,
    squared_error_gradient,
)
from tp1tui.spec.results import Line, Series


@given(st.floats(0.001, 0.999), st.integers(2, 20))
def test_the_formulas_are_what_autograd_finds_of_the_losses_that_runs_use(p: float, classes: int) -> None:
    shares = torch.full((1, classes), (1 - p) / (classes - 1), dtype=torch.float64)
    shares[0, 0] = p
    target = torch.tensor([0])
    for loss, value, gradient in (
        (F.cross_entropy, cross_entropy(p), cross_entropy_gradient(p)),
        (squared_error_of_scores, squared_error(p, classes), squared_error_gradient(p, classes)),
    ):
        scores = shares.log().requires_grad_()
        found = loss(scores, target)
        (by_scores,) = torch.autograd.grad(found, scores)
        assert found.item() == pytest.approx(value, rel=1e-4, abs=1e-7)
        assert by_scores[0, 0].item() == pytest.approx(gradient, rel=1e-4, abs=1e-7)


def lines(name: str, classes: int = 2) -> tuple[Line, Line]:
    series = next(result for result in loss_shapes(LossShapes(classes=classes)) if result.name == name)
    assert isinstance(series, Series)
    first, second = series.lines
    return first, second


@pytest.mark.parametrize("classes", [2, 10])
def test_near_0_one_loss_pulls_and_the_other_has_vanished(classes: int) -> None:
    entropy, squared = lines("gradient by the true class's score", classes)
    assert (entropy.x[0], entropy.y[0], squared.y[0]) == (0, -1, 0)
    assert (entropy.y[-1], squared.y[-1]) == (0, 0)
    hardest = min(zip(squared.y, squared.x, strict=True))[1]
    assert hardest == pytest.approx(1 / 3, abs=0.005)


def test_far_behind_one_loss_is_a_slope_and_the_other_level() -> None:
    entropy, squared = lines("loss over the lead of the true score")
    assert entropy.y[0] - entropy.y[10] == pytest.approx(1, abs=0.01)
    assert squared.y[0] - squared.y[10] == pytest.approx(0, abs=0.01)
