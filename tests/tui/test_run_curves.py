from __future__ import annotations

import math
from pathlib import Path

from tests.builders import run_spec
from tests.tui.runs import epoch, look_at
from tp1tui.journal.events import Batches, Changed, Epoch, Resumed
from tp1tui.journal.record import RunRecord
from tp1tui.tui.plots.chart import Role
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.curves import Curves


def batches(first: int, losses: list[float]) -> Batches:
    return Batches(
        time=1.0,
        step=first + len(losses) - 1,
        first_step=first,
        losses=losses,
        top1=[10.0] * len(losses),
        images_per_s=1.0,
    )


def followed(*events: Batches | Epoch | Changed | Resumed) -> tuple[Curves, RunRecord]:
    record, curves = RunRecord(), Curves(run_spec("cd18", ["epochs=30"]))
    for event in events:
        record.apply(event)
        curves.update(record)
    return curves, record


def points(curves: Curves, name: str) -> list[tuple[float, float]]:
    return [point for stretch in curves.epochs_of(name, Sight(100)) for point in stretch]


def test_epochs_become_points_as_they_come() -> None:
    curves, _ = followed(*(epoch(number, test_loss=2.0 - number) for number in range(3)))
    assert points(curves, "test_loss") == [(0, 2.0), (1, 1.0), (2, 0.0)]


def test_what_a_resume_takes_back_is_gone_from_the_plots() -> None:
    curves, record = followed(
        epoch(0, test_loss=9.0),
        batches(1, [5.0] * 391),
        epoch(1, test_loss=8.0),
        batches(392, [4.0] * 10),
        Resumed(time=2.0, step=391, from_checkpoint=True, pid=1, device="cpu"),
        batches(392, [3.0] * 5),
    )
    assert curves.batches.length == len(record.losses) == 396
    assert [y for stretch in curves.batches.extremes(1000) for x, y in stretch if x > 391] == [3.0] * 5
    assert points(curves, "test_loss") == [(0, 9.0), (1, 8.0)]


def test_an_epoch_that_was_trained_again_replaces_the_old_one() -> None:
    curves, _ = followed(
        epoch(0),
        epoch(1, test_loss=8.0),
        Resumed(time=2.0, step=0, from_checkpoint=True, pid=1, device="cpu"),
        epoch(1, test_loss=7.0),
    )
    assert points(curves, "test_loss") == [(0, 0.0), (1, 7.0)]


def test_an_epoch_that_a_damaged_line_hides_is_a_gap() -> None:
    curves, _ = followed(epoch(1, test_loss=3.0), epoch(3, test_loss=1.0))
    assert curves.epochs_of("test_loss", Sight(100)) == ([(1, 3.0)], [(3, 1.0)])


def test_switches_are_marked_on_both_axes() -> None:
    flip = Changed(time=1.0, step=587, switch="augmentation", old=False, new=True, epoch=1.5)
    curves, _ = followed(epoch(0), epoch(1), flip)
    [mark] = curves.loss(Sight(100), None, log_y=False, is_over=False).chart.marks
    assert (mark.x, mark.label) == (1.5, "a on")
    [mark] = curves.batch_loss(Sight(100), 391, 11730, log_y=False, is_over=False).chart.marks
    assert mark.x == 1.5 * 391


def test_switches_of_one_step_share_a_mark() -> None:
    flips = [Changed(time=1.0, step=391, switch=s, old=False, new=True, epoch=1.0) for s in ("augmentation", "dropout")]
    curves, _ = followed(epoch(0), epoch(1), *flips)
    [mark] = curves.loss(Sight(100), None, log_y=False, is_over=False).chart.marks
    assert mark.label == "a on d on"


def test_a_loss_that_is_not_finite_is_marked_where_it_begins() -> None:
    curves, _ = followed(batches(1, [1.0, 2.0]), batches(3, [math.nan, math.inf]))
    [mark] = curves.batch_loss(Sight(100), 391, 11730, log_y=False, is_over=False).chart.marks
    assert (mark.x, mark.role) == (3, Role.FAULT)


def test_the_lowest_loss_and_the_best_epoch_are_marked() -> None:
    losses, accuracies = [2.3, 1.0, 0.8, 0.9], [10.0, 50.0, 60.0, 61.0]
    curves, _ = followed(
        *(epoch(n, test_loss=a, test_top1=b) for n, (a, b) in enumerate(zip(losses, accuracies, strict=True)))
    )
    [spot] = curves.loss(Sight(100), None, log_y=False, is_over=False).chart.spots
    assert (spot.x, spot.y) == (2, 0.8)
    [spot] = curves.accuracy(Sight(100), None, is_over=False).chart.spots
    assert (spot.x, spot.y) == (3, 61.0)


def test_the_axis_has_room_to_grow_and_ends_where_a_run_that_is_over_does() -> None:
    curves, _ = followed(*(epoch(number) for number in range(8)))
    assert curves.loss(Sight(100), None, log_y=False, is_over=False).chart.x == (0, 10)
    assert curves.loss(Sight(100), None, log_y=False, is_over=True).chart.x == (0, 7)
    more, _ = followed(*(epoch(number) for number in range(29)))
    assert more.loss(Sight(100), None, log_y=False, is_over=False).chart.x == (0, 30)


def test_another_run_lies_behind_this_one(tmp_path: Path) -> None:
    other = look_at(tmp_path, "finished", epochs=12)
    reference = Curves(other.spec)
    reference.update(other.record)
    curves, _ = followed(epoch(0), epoch(1))
    chart = curves.loss(Sight(100), reference, log_y=False, is_over=False).chart
    assert [curve.role for curve in chart.curves] == [Role.REFERENCE, Role.REFERENCE, Role.TRAIN, Role.TEST]
    assert chart.x == (0, 12)


def test_drawing_costs_the_same_however_many_batches_there_were() -> None:
    curves, _ = followed(batches(1, [1.0, 5.0] * 50_000))
    chart = curves.batch_loss(Sight(200), 391, 100_000, log_y=False, is_over=False).chart
    assert all(len(stretch) <= 400 for curve in chart.curves for stretch in curve.stretches)


def test_without_data_there_is_a_word_instead_of_axes() -> None:
    curves = Curves(run_spec("cd18"))
    curves.update(RunRecord())
    for plot in (
        curves.loss(Sight(100), None, log_y=True, is_over=False),
        curves.accuracy(Sight(100), None, is_over=False),
        curves.batch_loss(Sight(100), 391, 11730, log_y=True, is_over=True),
    ):
        assert plot.chart.empty
        assert not any(curve.stretches for curve in plot.chart.curves)
        assert plot.chart.band is None


def test_the_training_set_measured_after_the_epoch_is_a_third_curve_where_it_was_asked_for() -> None:
    plain, _ = followed(epoch(0), epoch(1))
    assert [curve.name for curve in plain.loss(Sight(100), None, log_y=False, is_over=False).chart.curves] == [
        "train",
        "test",
    ]
    curves, _ = followed(*(epoch(n, clean_train_loss=2.0 - n, clean_train_top1=10.0 + n) for n in range(2)))
    for plot, values in (
        (curves.loss(Sight(100), None, log_y=False, is_over=False), [2.0, 1.0]),
        (curves.accuracy(Sight(100), None, is_over=False), [10.0, 11.0]),
    ):
        [clean] = [curve for curve in plot.chart.curves if curve.role is Role.CLEAN]
        assert [y for stretch in clean.stretches for _, y in stretch] == values
        signs = {curve.sign for curve in plot.chart.curves}
        assert signs == {"", "+"}
        assert "+ train, after the epoch " in [text for line in plot.legend for text, _ in line]


def test_what_is_held_out_has_a_curve_of_its_own_and_the_spot_lies_on_it() -> None:
    held = {"validation_loss": 1.5, "validation_top1": 40.0}
    curves, _ = followed(*(epoch(number, **held) for number in range(3)))
    plot = curves.accuracy(Sight(100), None, is_over=True)
    drawn = {curve.name: curve for curve in plot.chart.curves}
    assert drawn["validation"].role is Role.VALIDATION
    assert drawn["validation"].sign == "v"
    assert [(spot.x, spot.y, spot.role) for spot in plot.chart.spots] == [(1, 40.0, Role.VALIDATION)]
    said = " ".join(text for item in plot.legend for text, _ in item)
    assert "v validation  40.0 %" in said
    assert "◆ best on validation  40.0 % in epoch 1" in said


def test_without_validation_nothing_is_said_of_it() -> None:
    curves, _ = followed(epoch(0), epoch(1))
    plot = curves.loss(Sight(100), None, log_y=False, is_over=True)
    assert [curve.name for curve in plot.chart.curves] == ["train", "test"]
    assert "validation" not in str(plot.legend)
