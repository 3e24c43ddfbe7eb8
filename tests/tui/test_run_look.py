from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.runs import look_at
from tp1tui.spec.schedule import learning_rate


def test_half_a_run_is_half_way(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=12)
    assert (look.epochs_done, look.epoch) == (6, 7)
    assert look.progress == pytest.approx(look.step / (12 * 391))
    assert 0 < look.epoch_progress < 1


def test_a_finished_run_is_all_done_and_has_no_time_left(tmp_path: Path) -> None:
    look = look_at(tmp_path, "finished", epochs=3)
    assert (look.epoch, look.epoch_progress, look.progress, look.seconds_left) == (3, 1.0, 1.0, None)


def test_the_time_left_is_what_the_last_epochs_took(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=12)
    recent = look.record.epochs[-3:]
    mean = sum(epoch.seconds for epoch in recent) / 3
    assert look.seconds_left == pytest.approx((12 - 6 - look.epoch_progress) * mean)


def test_before_the_first_epoch_the_time_left_comes_from_the_speed(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=1)
    assert look.epochs_done == 0
    assert look.record.images_per_s is not None
    assert look.seconds_left == pytest.approx((1 - look.progress) * 50_000 / look.record.images_per_s)


def test_a_paused_run_has_no_time_left(tmp_path: Path) -> None:
    assert look_at(tmp_path, "paused", epochs=4).seconds_left is None


def test_a_queued_run_has_nothing_yet(tmp_path: Path) -> None:
    look = look_at(tmp_path, "queued", epochs=4)
    assert (look.step, look.progress, look.epoch, look.seconds_left, look.elapsed) == (0, 0.0, 1, None, 0.0)


def test_a_switch_is_what_it_was_last_flipped_to(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=12)
    assert not look.spec.experiment.is_on("dropout")
    assert look.is_on("dropout")
    assert not look.is_on("augmentation")


def test_the_learning_rate_is_that_of_the_step_to_come(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=12, settings=["schedule={kind='one-cycle'}"])
    assert look.learning_rate == learning_rate(look.spec.experiment, look.step + 1)
    done = look_at(tmp_path, "finished", epochs=3, settings=["schedule={kind='one-cycle'}"])
    assert done.learning_rate == learning_rate(done.spec.experiment, 3 * 391)


def test_the_learning_rate_on_a_plateau_follows_the_training_losses(tmp_path: Path) -> None:
    """They fall by some 13 percent an epoch, which a threshold of 20 percent takes for none in every second one."""
    look = look_at(tmp_path, epochs=12, settings=["schedule={kind='plateau', patience=0, threshold=0.2}"])
    losses = [epoch.train_loss for epoch in look.record.epochs[1:]]
    assert look.learning_rate == learning_rate(look.spec.experiment, look.step + 1, losses) < 0.01
