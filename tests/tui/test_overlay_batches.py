"""The loss of every batch as a line over any axis: where batches stand, and that nothing is lost or counted twice."""

from __future__ import annotations

import math
from array import array
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_run
from tp1tui.journal.events import Batches, Resumed
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.tui.overlay.batches import BatchEnvelopes, BatchLine, Placing, placing
from tp1tui.tui.overlay.smoothing import smoothed

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300)


def record_of(runs_dir: Path, **build: Any) -> RunRecord:
    follower = Follower(make_run(runs_dir, "digits", **build))
    follower.poll()
    return follower.record


def points(envelope: Any) -> list[tuple[float, float]]:
    return [point for stretch in envelope.extremes(1 << 30) for point in stretch]


@given(VALUES, st.integers(0, 300), st.sampled_from((0.0, 0.5, 0.9)))
def test_what_comes_bit_by_bit_is_what_comes_at_once(values: list[float], part: int, weight: float) -> None:
    record, envelopes = RunRecord(), BatchEnvelopes()
    envelopes.of(record, array("d", values[:part]), weight)
    found = points(envelopes.of(record, array("d", values), weight))
    assert [x for x, _ in found] == list(range(1, len(values) + 1))
    assert [y for _, y in found] == smoothed(values, weight)


def test_raw_values_are_kept_when_the_smoothing_changes_and_are_the_journal_s() -> None:
    record, envelopes, values = RunRecord(), BatchEnvelopes(), array("d", [1.0, 5.0, 2.0])
    raw = envelopes.of(record, values, 0.0)
    assert points(envelopes.of(record, values, 0.5)) != points(raw)
    assert points(envelopes.of(record, values, 0.9)) != points(envelopes.of(record, values, 0.5))
    assert envelopes.of(record, values, 0.0) is raw
    assert [y for _, y in points(raw)] == [1.0, 5.0, 2.0]


def test_what_a_resume_took_back_is_forgotten() -> None:
    record, envelopes = RunRecord(), BatchEnvelopes()
    record.apply(Batches(time=1.0, step=4, first_step=1, losses=[9.0] * 4, top1=[0.0] * 4, images_per_s=1.0))
    envelopes.of(record, record.losses, 0.0)
    record.apply(Resumed(time=2.0, step=2, from_checkpoint=True, pid=1, device="cpu"))
    record.apply(Batches(time=3.0, step=5, first_step=3, losses=[1.0] * 3, top1=[0.0] * 3, images_per_s=1.0))
    assert [y for _, y in points(envelopes.of(record, record.losses, 0.0))] == [9.0, 9.0, 1.0, 1.0, 1.0]


def test_over_steps_and_epochs_batches_stand_where_they_were(tmp_path: Path) -> None:
    record = record_of(tmp_path)
    steps = record.epochs[1].step
    assert placing(record, "step", steps).place(17) == 17
    assert placing(record, "epoch", steps).place(steps * 3) == pytest.approx(3)
    assert placing(record, "epoch", steps).step(2.5) == pytest.approx(2.5 * steps)


@pytest.mark.parametrize("over", ["second", "wall"])
def test_over_seconds_an_epoch_s_last_batch_stands_at_its_end_and_the_others_evenly(tmp_path: Path, over: Any) -> None:
    record = record_of(tmp_path, state="interrupted")
    record.losses.extend([1.0] * 5)  # of an epoch that goes on, which have no place yet
    found, steps = placing(record, over, record.epochs[1].step), record.epochs[1].step
    ends = [epoch.elapsed if over == "second" else epoch.time - record.started.time for epoch in record.epochs]  # type: ignore[union-attr]
    assert [found.place(epoch.step) for epoch in record.epochs] == pytest.approx(ends)
    assert found.place(steps / 2) == pytest.approx((ends[0] + ends[1]) / 2)
    line = BatchLine(record, record.losses, BatchEnvelopes(), found)
    assert line.reached == pytest.approx(ends[-1])
    last = line.stretches((0.0, ends[-1] * 2), 1 << 30, 0.0)[-1][-1]
    assert last[0] <= ends[-1] + 1e-6


def test_a_clock_that_stood_still_places_nothing_twice() -> None:
    found = Placing((0.0, 10.0), (5.0, 6.0))
    assert found.place(5) == 5.5
    assert found.step(5.5) == 5


def test_a_run_without_epochs_has_no_place_in_time() -> None:
    record = RunRecord()
    record.apply(Batches(time=1.0, step=3, first_step=1, losses=[1.0, 2.0, 3.0], top1=[0.0] * 3, images_per_s=1.0))
    line = BatchLine(record, record.losses, BatchEnvelopes(), placing(record, "second", 10))
    assert line.reached == 0
    assert line.stretches((0.0, 1.0), 100, 0.0) == ()
    over_steps = BatchLine(record, record.losses, BatchEnvelopes(), placing(record, "step", 10))
    assert over_steps.stretches((0.0, 5.0), 100, 0.0) == ([(1, 1.0), (2, 2.0), (3, 3.0)],)


@given(VALUES, st.integers(8, 60))
def test_thinned_lines_keep_the_lowest_and_the_highest(values: list[float], dots: int) -> None:
    record = RunRecord()
    line = BatchLine(record, array("d", values), BatchEnvelopes(), Placing((0.0, len(values)), (0.0, len(values))))
    found = [y for stretch in line.stretches((0.0, float(len(values))), dots, 0.0) for _, y in stretch]
    assert {min(values), max(values)} <= set(found)
    assert len(found) <= 2 * dots + 2


def test_no_number_is_a_gap() -> None:
    values = array("d", [1.0, math.nan, 2.0])
    line = BatchLine(RunRecord(), values, BatchEnvelopes(), Placing((0.0, 3.0), (0.0, 3.0)))
    assert line.stretches((0.0, 3.0), 100, 0.9) == ([(1, 1.0)], [(3, pytest.approx(1.5263, abs=1e-3))])
