from __future__ import annotations

import math
from collections.abc import Iterable
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import events as run_events
from tests.builders import run_spec
from tests.journal.strategies import events
from tp1tui.journal.events import (
    Batches,
    Changed,
    Epoch,
    Event,
    Failed,
    Finished,
    Measured,
    Paused,
    Preparing,
    Resumed,
)
from tp1tui.journal.lines import Damage
from tp1tui.journal.record import MAX_GAP, RunRecord
from tp1tui.spec.results import Text

SPEC = run_spec("cd18-baseline", ["epochs=3", "dataset.train_examples=12800"])
UNDISTURBED: list[Event] = list(run_events(SPEC.experiment, "finished", begin=1000.0))
STEPS = SPEC.experiment.steps_per_epoch


def fold(lines: Iterable[Event | Damage]) -> RunRecord:
    record = RunRecord()
    for line in lines:
        record.apply(line)
    return record


def figures(record: RunRecord) -> tuple[object, ...]:
    return record.epochs, record.losses, record.batch_top1, record.changes, record.step, record.best, record.preparing


def batches(first: int, losses: list[float], time: float = 1.0) -> Batches:
    return Batches(
        time=time, step=first + len(losses) - 1, first_step=first, losses=losses, top1=losses, images_per_s=10
    )


def epoch(number: int, step: int, **figures: float) -> Epoch:
    values = dict.fromkeys(
        ("train_loss", "train_top1", "train_top5", "test_loss", "test_top1", "test_top5", "lr", "images_per_s"), 1.0
    )
    values |= {"time": 1.0, "seconds": 1.0, "elapsed": float(number)} | figures
    return Epoch(epoch=number, step=step, augmentation=False, dropout=False, **values)


def resumed(step: int, *, from_checkpoint: bool = True, time: float = 1.0) -> Resumed:
    return Resumed(time=time, step=step, from_checkpoint=from_checkpoint, pid=9, device="cuda:1")


def test_an_undisturbed_run_is_folded_whole() -> None:
    record = fold(UNDISTURBED)
    assert [each.epoch for each in record.epochs] == [0, 1, 2, 3]
    assert len(record.losses) == len(record.batch_top1) == record.step == 3 * STEPS
    stretches = [event for event in UNDISTURBED if isinstance(event, Batches)]
    assert record.losses[0] == stretches[0].losses[0]
    assert record.losses[-1] == stretches[-1].losses[-1]
    assert record.finished
    assert record.preparing is None
    assert record.images_per_s == stretches[-1].images_per_s
    assert (record.device, record.pid, record.resumes) == ("cpu", 4242, 0)


@given(st.data())
def test_a_run_interrupted_anywhere_and_resumed_from_any_checkpoint_equals_an_undisturbed_one(
    data: st.DataObject,
) -> None:
    died = data.draw(st.integers(min_value=3, max_value=len(UNDISTURBED) - 1), label="lines before it died")
    saved = data.draw(st.integers(min_value=3, max_value=died), label="lines before the checkpoint")
    step = UNDISTURBED[saved - 1].step
    replayed = [
        event
        for place, event in enumerate(UNDISTURBED)
        if place >= saved and not _is_in_checkpoint(event, step, place < died)
    ]
    record = fold([*UNDISTURBED[:died], resumed(step), *replayed])
    assert figures(record) == figures(fold(UNDISTURBED))
    assert record.resumes == 1
    assert (record.pid, record.device) == (9, "cuda:1")


def _is_in_checkpoint(event: Event, step: int, journaled: bool) -> bool:
    """A switch is journaled after the checkpoint that holds it, so a resume from there does not journal it again."""
    return isinstance(event, Changed) and event.step == step and journaled


@given(st.data())
def test_a_damaged_resumed_line_still_gives_no_wrong_figure(data: st.DataObject) -> None:
    stretches = [place for place, event in enumerate(UNDISTURBED) if isinstance(event, Batches)]
    died = data.draw(st.sampled_from(stretches[1:]))
    again = data.draw(st.sampled_from([place for place in stretches if place <= died]))
    damage = Damage("its checksum does not match", 5)
    record = fold([*UNDISTURBED[: died + 1], damage, *UNDISTURBED[again:]])
    assert figures(record)[:3] == figures(fold(UNDISTURBED))[:3]
    assert record.damages == [damage]


def test_what_a_damaged_line_hides_is_not_a_number_and_shifts_nothing() -> None:
    record = fold([batches(1, [1, 2]), Damage("its checksum does not match", 2), batches(5, [5, 6])])
    assert list(record.losses[:2]) == [1, 2]
    assert isnan(record.losses[2])
    assert isnan(record.batch_top1[3])
    assert list(record.losses[4:]) == [5, 6]
    assert record.step == 6


def test_a_stretch_far_beyond_the_last_step_is_damage_and_takes_no_memory() -> None:
    record = fold([batches(1, [1.0]), batches(MAX_GAP + 3, [1.0])])
    assert len(record.losses) == 1
    assert "its batches begin at step" in record.damages[0].text


def test_a_switch_at_the_very_step_of_the_checkpoint_stays_and_one_beyond_it_goes() -> None:
    def changed(step: int) -> Changed:
        return Changed(time=1, step=step, switch="dropout", old=False, new=True, epoch=1)

    record = fold([batches(1, [1] * 10), changed(5), changed(6), resumed(5)])
    assert [change.step for change in record.changes] == [5]


def test_a_resume_after_a_pause_takes_nothing_back_and_is_no_new_worker() -> None:
    record = fold([*UNDISTURBED[:8], Paused(time=1, step=UNDISTURBED[7].step)])
    before = len(record.losses)
    assert record.paused
    record.apply(resumed(UNDISTURBED[7].step, from_checkpoint=False))
    assert not record.paused
    assert (len(record.losses), record.resumes) == (before, 0)


def test_a_worker_that_takes_the_run_up_clears_how_it_ended_before() -> None:
    ends = [Failed(time=1, step=1, reason="x"), Finished(time=1, step=1, outcome="stopped"), Paused(time=1, step=1)]
    for end in ends:
        for begin in (Preparing(time=2, step=0, what="starting torch"), resumed(0)):
            record = fold([end, begin])
            assert (record.failed, record.finished, record.paused) == (None, None, False)


def test_preparing_ends_when_batches_flow_and_does_not_take_the_step_back() -> None:
    preparing = Preparing(time=2, step=0, what="starting torch")
    record = fold([epoch(0, 0), batches(1, [1, 2]), preparing])
    assert (record.preparing, record.step) == (preparing, 2)
    record.apply(batches(3, [3]))
    assert record.preparing is None


def test_preparing_goes_on_beside_the_first_steps_until_the_untrained_network_is_measured() -> None:
    preparing = Preparing(time=2, step=1, what="measuring the untrained network: 250 of 500 examples")
    probe = Measured(time=2, step=2, result=Text(name="probe", text="x"))
    record = fold([batches(1, [1]), preparing, batches(2, [2]), probe])
    assert record.preparing == preparing
    record.apply(epoch(0, 0))
    assert record.preparing is None


def test_best_is_the_first_of_the_highest_and_epoch_0_counts_only_alone() -> None:
    record = fold([epoch(0, 0, test_top1=99, test_loss=0.1)])
    assert record.best is record.lowest_loss is record.epochs[0]
    for number, top1, loss in ((1, 50, 2.0), (2, 60, float("nan")), (3, 60, 1.0), (4, 40, 1.0)):
        record.apply(epoch(number, number, test_top1=top1, test_loss=loss))
    assert record.best is record.epochs[2]
    assert record.lowest_loss is record.epochs[3]
    assert record.last is record.epochs[4]


def test_an_empty_record_has_no_best() -> None:
    assert (RunRecord().best, RunRecord().lowest_loss, RunRecord().last) == (None, None, None)


def test_epoch_0_measured_again_replaces_the_first() -> None:
    record = fold([epoch(0, 0, test_loss=1), resumed(0), epoch(0, 0, test_loss=2)])
    assert [each.test_loss for each in record.epochs] == [2]


@pytest.mark.parametrize(
    ("lines", "now", "seconds"),
    [
        ([], 50, 0),
        ([UNDISTURBED[0]], UNDISTURBED[0].time + 5, 5),
        ([UNDISTURBED[0], epoch(1, 5, time=2000, elapsed=30)], 2007, 37),
        ([UNDISTURBED[0], Paused(time=1011, step=1)], 5000, 10),
        ([UNDISTURBED[0], Paused(time=1011, step=1), resumed(1, from_checkpoint=False, time=2000)], 2003, 13),
        ([UNDISTURBED[0], epoch(1, 5, time=2000, elapsed=30), resumed(5, time=9000)], 9001, 31),
        ([UNDISTURBED[0], epoch(1, 5, time=2000, elapsed=30), resumed(0, time=9000)], 9001, 1),
        ([UNDISTURBED[0], epoch(1, 5, time=2000, elapsed=30), Preparing(time=9000, step=0, what="torch")], 9005, 30),
        ([UNDISTURBED[0], Finished(time=1021, step=1, outcome="stopped")], 5000, 20),
    ],
)
def test_elapsed_counts_work_but_no_pause_and_no_interruption(lines: list[Event], now: float, seconds: float) -> None:
    assert fold(lines).elapsed(now) == pytest.approx(seconds)


def test_epoch_0_told_after_the_first_steps_takes_none_of_them_back() -> None:
    record = fold([UNDISTURBED[0], batches(1, [2.0, 1.9]), epoch(0, 0), batches(3, [1.8]), epoch(1, 3)])
    assert list(record.losses) == [2.0, 1.9, 1.8]
    assert [each.epoch for each in record.epochs] == [0, 1]


@given(st.lists(events, max_size=40))
def test_no_order_of_events_breaks_a_record(lines: list[Event]) -> None:
    record = fold(lines)
    assert len(record.losses) == len(record.batch_top1)
    numbers = [each.epoch for each in record.epochs]
    assert numbers == sorted(set(numbers))
    assert record.elapsed(record.last_time or 0) is not None
    trained = record.epochs[1:] if len(record.epochs) > 1 and record.epochs[0].epoch == 0 else record.epochs
    with_top1 = [each for each in trained if not math.isnan(each.choosing_top1)]
    with_top1 = with_top1 or [each for each in record.epochs[:1] if not math.isnan(each.choosing_top1)]
    with_loss = [each for each in trained if not math.isnan(each.choosing_loss)]
    assert record.best is max(with_top1, key=lambda each: each.choosing_top1, default=None)
    assert record.lowest_loss is min(with_loss, key=lambda each: each.choosing_loss, default=None)


def test_two_million_batches_fold_into_32_megabytes() -> None:
    record = RunRecord()
    stretch = [0.5] * 1000
    for first in range(1, 2_000_001, 1000):
        record.apply(batches(first, stretch))
    assert len(record.losses) == 2_000_000
    assert record.losses.itemsize * len(record.losses) + record.batch_top1.itemsize * len(record.batch_top1) == 32e6


def test_the_best_is_chosen_on_validation_where_there_is_one() -> None:
    figures = ((10.0, 2.0, 10.0, 2.0), (80.0, 0.5, 90.0, 0.4), (95.0, 0.3, 85.0, 0.6))
    names = ("test_top1", "test_loss", "validation_top1", "validation_loss")
    rows = [dict(zip(names, row, strict=True)) for row in figures]
    with_validation = fold(epoch(number, number, **row) for number, row in enumerate(rows))
    without = fold(epoch(number, number, test_top1=row[0], test_loss=row[1]) for number, row in enumerate(figures))
    assert with_validation.chosen_on == "validation"
    assert with_validation.best is with_validation.lowest_loss is with_validation.epochs[1]
    assert without.chosen_on == "test"
    assert without.best is without.lowest_loss is without.epochs[2]
