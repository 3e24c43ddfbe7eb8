"""A disk that fills up while a run trains on it: the run waits, goes on, and ends as if nothing had been."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.forked import start
from tests.measured import figures
from tests.waiting import until_record, until_state
from tests.worker.conftest import spec_of
from tp1tui.journal.folder import RunFolder

SIZE = 12 << 20
ASKED = ("digits", "epochs=30", "dataset.train_examples=640")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory, which only root can make."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "small", place], capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be made here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is; returns the file that has it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def test_a_run_waits_for_room_and_ends_as_one_that_had_it(
    small_disk: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    undisturbed = RunFolder.create(tmp_path / "runs", spec_of(*ASKED), datetime.now(UTC))
    folder = RunFolder.create(small_disk / "runs", spec_of(*ASKED), datetime.now(UTC))
    for run in (undisturbed, folder):
        start(run)
    until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    ballast = fill(small_disk)
    paused = until_state(folder, "paused", "finished")
    assert any("stands still" in warned.message for warned in paused.warned)
    ballast.unlink()
    left_in_peace, waited = until_state(undisturbed, "finished"), until_state(folder, "finished")
    assert figures(waited) == figures(left_in_peace)
    assert waited.damages == []
    assert waited.resumes == 0
    record_property("full_disks", 1)


def test_a_worker_that_waits_for_room_goes_when_it_is_asked_to_and_nothing_is_lost(
    small_disk: Path, record_property: Callable[[str, object], None]
) -> None:
    folder = RunFolder.create(small_disk / "runs", spec_of("digits", "epochs=100000"), datetime.now(UTC))
    worker = start(folder)
    before = until_record(folder, lambda record: len(record.epochs) > 2, "the first checkpoint")
    ballast = fill(small_disk)
    until_state(folder, "paused")
    worker.terminate()
    until_state(folder, "interrupted")
    ballast.unlink()
    again = start(folder)
    after = until_record(folder, lambda record: record.resumes == 1, "the run to go on")
    kept = before.epochs[-2].step
    assert list(after.losses[:kept]) == list(before.losses[:kept])
    again.terminate()
    until_state(folder, "interrupted")
    record_property("full_disks", 1)
