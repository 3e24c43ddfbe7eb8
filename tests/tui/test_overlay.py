"""Curves of several runs in one plot: smoothing, scales, axes, and what tells them apart."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.runs import words
from tp1tui.spec.results import Line
from tp1tui.tui.overlay.aspect import OVERS, Aspect, following
from tp1tui.tui.overlay.chart import Overlaid, Span, chart
from tp1tui.tui.overlay.legend import standing
from tp1tui.tui.overlay.metric import METRICS, figure_of, metric_words
from tp1tui.tui.overlay.smoothing import WEIGHTS, narrower, smoothed, smoothed_line, wider
from tp1tui.tui.plots.chart import LINES, Role, faint, line_role, line_sign
from tp1tui.tui.plots.sight import Sight

NUMBERS = st.floats(-1e12, 1e12)
WEIGHT = st.sampled_from(WEIGHTS)
OVER = Span(steps=100, epochs=10, is_over=True)


def line(*ys: float) -> Line:
    return Line(name="one", x=tuple(map(float, range(len(ys)))), y=ys)


def overlaid(number: int, *ys: float, **other: Any) -> Overlaid:
    return Overlaid(number, line_sign(number), f"{line_sign(number)} run", line(*ys), **other)


@given(st.lists(NUMBERS, min_size=1, max_size=60), WEIGHT)
def test_a_smoothed_value_is_the_weighted_mean_of_those_up_to_it(values: list[float], weight: float) -> None:
    for place, value in enumerate(smoothed(values, weight)):
        weights = [weight ** (place - before) for before in range(place + 1)]
        mean = sum(w * v for w, v in zip(weights, values, strict=False)) / sum(weights)
        assert value == pytest.approx(mean, rel=1e-6, abs=1e-3)


@given(NUMBERS, st.integers(1, 50), WEIGHT)
def test_what_stays_the_same_is_not_changed_from_the_first_value_on(value: float, count: int, weight: float) -> None:
    assert list(smoothed([value] * count, weight)) == pytest.approx([value] * count)


@given(st.lists(NUMBERS, max_size=30))
def test_without_weight_nothing_is_changed_to_the_last_digit(values: list[float]) -> None:
    assert list(smoothed(values, 0.0)) == values
    assert smoothed_line(line(*values), 0.0).y == tuple(values)


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.integers(0, 30), WEIGHT)
def test_what_is_not_finite_stays_and_changes_no_other_value(values: list[float], place: int, weight: float) -> None:
    place = min(place, len(values))
    spoilt = list(smoothed([*values[:place], math.nan, math.inf, *values[place:]], weight))
    assert math.isnan(spoilt[place])
    assert spoilt[place + 1] == math.inf
    assert [*spoilt[:place], *spoilt[place + 2 :]] == list(smoothed(values, weight))


def test_by_hand_as_tensorboard_does_it() -> None:
    assert list(smoothed([1.0, 2.0, 4.0], 0.5)) == pytest.approx([1.0, 5 / 3, 3.0])


def test_weights_go_up_and_down_and_stop_at_both_ends() -> None:
    weight, up = 0.0, [0.0]
    while (more := wider(weight)) != weight:
        weight = more
        up.append(weight)
    assert tuple(up) == WEIGHTS
    assert [narrower(weight) for weight in WEIGHTS] == [0.0, *WEIGHTS[:-1]]
    assert max(WEIGHTS) < 1


def test_a_metric_that_is_measured_once_has_no_set() -> None:
    assert figure_of("top5", "train") == "train_top5"
    assert figure_of("lr", "train") == figure_of("lr", "test") == "lr"
    assert metric_words("loss", "test") == "test loss"
    assert metric_words("images_per_s", "test") == "images/s"


def test_choices_go_round() -> None:
    aspect = Aspect()
    seen = [aspect.metric]
    for _ in METRICS:
        aspect = aspect.with_next_metric(tuple(METRICS))
        seen.append(aspect.metric)
    assert seen == [*METRICS, "loss"]
    assert following(OVERS, "wall") == "epoch"
    assert following(("test", "train"), "validation") == "test"


def test_batches_come_after_the_sets_and_only_of_what_is_known_of_them() -> None:
    aspect, seen = Aspect(), []
    for _ in range(4):
        seen.append(aspect.split)
        aspect = aspect.with_next_split(validation=True, batches=True)
    assert seen == ["test", "train", "validation", "batch"]
    assert aspect.split == "test"
    assert Aspect(metric="top5", split="train").with_next_split(validation=False, batches=True).split == "test"
    assert Aspect(metric="top1", split="batch").with_next_metric(("loss", "top1", "top5")).split == "train"
    assert Aspect(metric="loss", split="batch").with_next_metric(("loss", "top1", "top5")).split == "batch"
    assert metric_words("top1", "batch") == "top-1 of each batch"


def test_each_curve_has_its_colour_and_letter_and_beyond_eight_the_letter_tells() -> None:
    curves = chart([overlaid(number, 3, 2, 1) for number in range(40)], None, "loss", Aspect(), OVER, Sight(100)).curves
    assert len({curve.sign for curve in curves}) == 40
    assert [curve.role for curve in curves[:9]] == [*LINES, LINES[0]]


def test_smoothing_draws_what_was_measured_faint_behind() -> None:
    lines = [overlaid(number, 5, 1, 5, 1) for number in range(2)]
    drawn = chart(lines, lines[1], "loss", Aspect(weight=0.9), OVER, Sight(100))
    assert [curve.role for curve in drawn.curves] == [
        faint(line_role(0)),
        faint(line_role(1)),
        line_role(0),
        line_role(1),
        Role.LIT,
    ]
    assert drawn.curves[0].stretches == ([(0, 5), (1, 1), (2, 5), (3, 1)],)
    assert not drawn.curves[0].sign
    assert drawn.curves[2].stretches != drawn.curves[0].stretches
    assert drawn.curves[-1].stretches == drawn.curves[3].stretches


def test_of_many_curves_only_the_one_that_is_looked_at_has_its_raw_values_behind() -> None:
    lines = [overlaid(number, 5, 1, 5, 1) for number in range(9)]
    drawn = chart(lines, lines[4], "loss", Aspect(weight=0.9), OVER, Sight(100))
    assert [curve.role for curve in drawn.curves if "faint" in curve.role] == [faint(line_role(4))]


def test_a_log_scale_is_of_one_metric() -> None:
    aspect = Aspect().with_log_turned("loss")
    assert chart([overlaid(0, 3, 2)], None, "loss", aspect, OVER, Sight(100)).log_y
    assert not chart([overlaid(0, 3, 2)], None, "top1", aspect, OVER, Sight(100)).log_y
    assert not chart([overlaid(0, 3, 2)], None, "loss", aspect.with_log_turned("loss"), OVER, Sight(100)).log_y


@pytest.mark.parametrize(("over", "whole"), [("epoch", True), ("step", True), ("second", False), ("wall", False)])
def test_the_axis_ends_where_all_is_over_and_leaves_room_where_it_goes_on(over: Any, whole: bool) -> None:
    lines, aspect = [overlaid(0, 3, 2, 1), overlaid(1, 3, 2, 2, 1, 1, 1, 1)], Aspect(over=over)
    ended = chart(lines, None, "loss", aspect, OVER, Sight(100))
    assert ended.x == (0, 6)
    assert ended.whole_x == whole
    assert ended.x_name
    assert chart(lines, None, "loss", aspect, replace(OVER, is_over=False), Sight(100)).x[1] >= 7 - (not whole)


def test_where_nothing_was_measured_the_plot_says_so() -> None:
    assert "measured" in chart([overlaid(0)], None, "loss", Aspect(), OVER, Sight(100)).empty
    assert chart([], None, "loss", Aspect(), OVER, Sight(100)).x == (0, 1)


def test_a_line_stands_by_its_last_value_and_its_deviation() -> None:
    assert words([standing("a run", line(1, 2, 71.25), "top1")]) == ["a run  71.2 %"]
    spread = line(1, 2).model_copy(update={"spread": (0.0, 0.5)})
    assert words([standing("a run", spread, "loss")]) == ["a run  2.0000 ± 0.5"]
    assert words([standing("a run", line(), "lr")]) == ["a run  –"]
