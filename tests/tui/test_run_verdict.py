from __future__ import annotations

import math

import pytest

from tests.tui.runs import epoch, spec_with_report
from tp1tui.tui.run.verdict import verdict


@pytest.mark.parametrize(
    ("value", "answer", "outcome"),
    [
        (71.0, "reproduced", "reproduced"),
        (73.0, "reproduced", "reproduced"),
        (74.3, "above by 1.3", "missed"),
        (70.2, "short by 0.8", "missed"),
        (70.99, "short by 0.01", "missed"),
        (math.nan, "not a number", "missed"),
    ],
)
def test_what_was_reached_is_held_against_the_range(value: float, answer: str, outcome: str) -> None:
    spec = spec_with_report(2, test_top1=(71, 73))
    found = verdict(spec, [epoch(1), epoch(2, test_top1=value)], "test_top1", is_over=True)
    assert found is not None
    assert (found.asked, found.answer, found.outcome) == ("report 71–73 %", answer, outcome)


def test_before_the_report_s_epoch_nothing_is_judged() -> None:
    spec = spec_with_report(30, test_top1=(71, 73))
    found = verdict(spec, [epoch(0), epoch(1, test_top1=72)], "test_top1", is_over=False)
    assert found is not None
    assert (found.answer, found.outcome) == ("not there yet", "open")


def test_the_report_s_epoch_counts_not_the_last_one() -> None:
    spec = spec_with_report(3, test_top1=(71, 73), epoch=2)
    epochs = [epoch(1, test_top1=60), epoch(2, test_top1=72), epoch(3, test_top1=80)]
    found = verdict(spec, epochs, "test_top1", is_over=True)
    assert found is not None
    assert (found.asked, found.answer) == ("report 71–73 % after 2 epochs", "reproduced")


def test_a_run_that_ended_early_is_judged_by_its_last_epoch_and_says_so() -> None:
    spec = spec_with_report(30, train_top1=(98, 100))
    found = verdict(spec, [epoch(0), epoch(1, train_top1=40)], "train_top1", is_over=True)
    assert found is not None
    assert found.answer == "short by 58.0 after 1 epoch"


def test_without_a_figure_there_is_no_verdict() -> None:
    assert verdict(spec_with_report(2), [epoch(1)], "test_top1", is_over=True) is None


def test_a_run_that_never_measured_anything_is_not_judged() -> None:
    found = verdict(spec_with_report(2, test_top1=(71, 73)), [], "test_top1", is_over=True)
    assert found is not None
    assert found.outcome == "open"
