from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.builders import make_run, run_spec
from tp1tui.journal.estimate import Pace, paces, seconds_per_epoch
from tp1tui.journal.listing import list_runs
from tp1tui.spec.experiment import Experiment

HERE = socket.gethostname()


def asked(*settings: str) -> Experiment:
    return run_spec("cd18-baseline", settings).experiment


@pytest.fixture
def known(tmp_path: Path) -> list[Pace]:
    """One run of cd18 on this host's cpu: 27 s an epoch of 50,000 images."""
    make_run(tmp_path, host=HERE)
    make_run(tmp_path, host="another", seed=1, settings=["batch_size=64"])
    make_run(tmp_path, host=HERE, seed=2, state="queued")
    return paces(list_runs(tmp_path))


def took(known: Sequence[Pace]) -> float:
    return known[0].seconds_per_image * 50_000


def test_only_runs_of_this_host_that_ended_an_epoch_count(known: list[Pace]) -> None:
    assert len(known) == 1
    assert took(known) == pytest.approx(27, abs=0.5)


def test_the_same_experiment_takes_as_long_again(known: list[Pace]) -> None:
    assert seconds_per_epoch(asked("optimizer.lr=0.5", "seed=3"), "cpu", known) == pytest.approx(took(known))


def test_fewer_images_take_less(known: list[Pace]) -> None:
    assert seconds_per_epoch(asked("dataset.train_examples=5000"), "cpu", known) == pytest.approx(took(known) / 10)


def test_another_network_is_scaled_by_its_multiply_adds(known: list[Pace]) -> None:
    small = asked("model.layers.conv1.filters=8")
    seconds = seconds_per_epoch(small, "cpu", known)
    assert seconds
    ratio = sum(row.multiply_adds for row in small.layer_table()) / sum(
        row.multiply_adds for row in asked().layer_table()
    )
    assert seconds == pytest.approx(took(known) * ratio)


def test_a_run_of_the_very_network_beats_a_newer_one_of_another(tmp_path: Path) -> None:
    make_run(tmp_path, host=HERE, seed=0)
    make_run(tmp_path, host=HERE, seed=1, settings=["model.layers.conv1.filters=8"])
    known = paces(list_runs(tmp_path))
    assert seconds_per_epoch(asked(), "cpu", known) == known[1].seconds_per_image * 50_000


def test_nothing_is_guessed_from_another_device_or_dataset(known: list[Pace]) -> None:
    assert seconds_per_epoch(asked(), "cuda:0", known) is None
    assert seconds_per_epoch(run_spec("cd18").experiment, "cpu", []) is None


def test_auto_means_any_device_and_one_gpu_is_like_another(known: list[Pace]) -> None:
    assert seconds_per_epoch(asked(), "auto", known) == pytest.approx(took(known))
    assert seconds_per_epoch(asked(), "cuda:1", [Pace("cuda:0", known[0].network, "cifar10", 1, 0.001)]) == 50.0
