from __future__ import annotations

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.runs import epoch
from tp1tui.journal.best import Best, best_among, best_of
from tp1tui.journal.record import RunRecord

TOP1 = st.floats(0, 100) | st.just(float("nan"))
BESTS = st.builds(Best, st.integers(0, 50), TOP1, TOP1, st.none(), st.just("test")) | st.builds(
    Best, st.integers(0, 50), TOP1, TOP1, st.floats(0, 100), st.just("validation")
)


def test_a_best_says_which_set_has_chosen_it_and_what_it_has_reached() -> None:
    on_test = best_of(epoch(8, train_top1=84.0, test_top1=73.07))
    on_validation = best_of(epoch(3, test_top1=70.14, validation_top1=72.0))
    assert on_test
    assert on_validation
    assert on_test.words == "best test 73.1 % in epoch 8 (chosen on test)"
    assert on_validation.words == "best test 70.1 % in epoch 3 (chosen on validation)"
    assert (on_test.brief, on_validation.brief) == ("best on test 73.1 %", "best on validation 72.0 %")
    assert best_of(None) is None


def test_the_best_of_a_run_is_the_one_that_its_record_has_chosen() -> None:
    record = RunRecord()
    for number, (test, validation) in enumerate([(10.0, 10.0), (60.0, 70.0), (80.0, 65.0)]):
        record.apply(epoch(number, test_top1=test, validation_top1=validation))
    assert best_of(record.best) == Best(1, 0.0, 60.0, 70.0, "validation")


@pytest.mark.parametrize(
    ("bests", "test_top1", "chosen_on"),
    [
        ([(70.0, None), (73.0, None)], 73.0, "test"),
        ([(70.0, 75.0), (73.0, 72.0)], 70.0, "validation"),
        ([(70.0, 75.0), None, (73.0, 72.0)], 70.0, "validation"),
        ([(70.0, 75.0), (73.0, None)], 73.0, "test"),
        ([(70.0, None), (70.0, None)], 70.0, "test"),
    ],
)
def test_among_runs_validation_chooses_where_each_holds_one_out(
    bests: list[tuple[float, float | None] | None], test_top1: float, chosen_on: str
) -> None:
    made = [best and Best(1, 0.0, *best, "test" if best[1] is None else "validation") for best in bests]
    best = best_among(made)
    assert best
    assert (best.test_top1, best.chosen_on) == (test_top1, chosen_on)


@given(st.lists(st.none() | BESTS, max_size=6))
def test_no_best_among_runs_is_beaten_on_the_set_that_chose_it(bests: list[Best | None]) -> None:
    best, known = best_among(bests), [best for best in bests if best]
    assert (best is None) == (not known)
    if best and not isnan(best.choosing_top1):
        others = [each.validation_top1 if best.chosen_on == "validation" else each.test_top1 for each in known]
        assert not any(other is not None and other > best.choosing_top1 for other in others)
        assert best.chosen_on == "validation" or any(each.chosen_on == "test" for each in known)
