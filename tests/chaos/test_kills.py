"""SIGKILL to the worker at random moments: the run goes on and ends with the very figures of an undisturbed one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.forked import start
from tests.measured import figures
from tests.waiting import until_state
from tests.worker.conftest import spec_of
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.spec.checkpoint_files import LAST

EXPERIMENTS = {
    "circles": ("ab2.4", "epochs=60"),
    "by hand": ("ab2.1", "epochs=60"),
    "digits": ("digits", "epochs=6", "dataset.train_examples=320", "augmentation.enabled=true", "dropout.enabled=true"),
}
MOST_KILLS = 8
"""Of one run; then it is left in peace, so that every run ends."""
PATIENCE = 120.0


@dataclass(frozen=True)
class Undisturbed:
    """How an experiment goes when nobody disturbs it."""

    figures: tuple[object, ...]
    weights: dict[str, Any]
    seconds: float


@pytest.fixture(scope="module", params=EXPERIMENTS)
def asked(request: pytest.FixtureRequest) -> tuple[str, ...]:
    found: tuple[str, ...] = EXPERIMENTS[request.param]
    return found


@pytest.fixture(scope="module")
def undisturbed(asked: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    end_of(new_run(tmp_path_factory.mktemp("first"), asked))  # the first of all waits until torch is there
    folder = new_run(tmp_path_factory.mktemp("undisturbed"), asked)
    began = time.monotonic()
    end_of(folder)
    seconds = time.monotonic() - began
    return Undisturbed(figures(finished(folder)), weights(folder), seconds)


def new_run(runs_dir: Path, asked: tuple[str, ...]) -> RunFolder:
    return RunFolder.create(runs_dir, spec_of(*asked), datetime.now(UTC))


def end_of(folder: RunFolder) -> None:
    """Let a worker work on until it ends by itself."""
    worker = start(folder)
    worker.join(PATIENCE)
    assert worker.exitcode == 0, folder.log_path.read_text()


def finished(folder: RunFolder) -> RunRecord:
    follower = Follower(folder)
    assert follower.state() == "finished"
    assert follower.record.damages == []
    return follower.record


def weights(folder: RunFolder) -> dict[str, Any]:
    payload = torch.load(folder.checkpoints_dir / LAST, map_location="cpu", weights_only=True)
    found: dict[str, Any] = payload["training"]
    return found


def same(one: object, other: object) -> bool:
    """Equal to the last bit, tensors in dicts and lists included."""
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and torch.equal(one, other)
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return isinstance(other, list | tuple) and len(one) == len(other) and all(map(same, one, other))
    return one == other


def disturbed(folder: RunFolder, undisturbed: Undisturbed, chance: random.Random) -> int:
    """Kill the workers of a run again and again, then let it end; returns how many were killed."""
    kills = 0
    for _ in range(MOST_KILLS):
        worker = start(folder)
        worker.join(chance.uniform(0, undisturbed.seconds))
        if worker.exitcode is not None:
            assert worker.exitcode == 0, folder.log_path.read_text()
            return kills
        worker.kill()
        worker.join(PATIENCE)
        kills += 1
        # Not at once: a child that was to become git keeps what the worker held open until it is git.
        until_state(folder, "interrupted", "queued", "finished")
    end_of(folder)
    return kills


def check(runs: Path, asked: tuple[str, ...], undisturbed: Undisturbed, least: int) -> int:
    """Run after run, killed at random moments, against the undisturbed one; returns how often that was in all.

    Args:
        runs: Where to.
        asked: The experiment.
        undisturbed: How it ends.
        least: Kills, before no further run is begun.
    """
    kills = seed = 0
    while kills < least:
        folder = new_run(runs, asked)
        kills += disturbed(folder, undisturbed, random.Random(seed))
        assert figures(finished(folder)) == undisturbed.figures
        assert same(weights(folder), undisturbed.weights)
        seed += 1
    return kills


def test_a_killed_run_ends_as_one_that_was_left_in_peace(
    tmp_path: Path, asked: tuple[str, ...], undisturbed: Undisturbed
) -> None:
    check(tmp_path, asked, undisturbed, least=3)


@pytest.mark.long
def test_a_run_killed_at_very_many_moments_does_too(
    tmp_path: Path, asked: tuple[str, ...], undisturbed: Undisturbed, record_property: Callable[[str, object], None]
) -> None:
    record_property("kills", check(tmp_path, asked, undisturbed, least=70))
