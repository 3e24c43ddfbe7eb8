"""A training that goes on beside what is measured."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tp1tui import settings
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.spec.changes import with_changes
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.worker import launcher

LOOK_EVERY = 0.1


@contextmanager
def long_baseline() -> Iterator[RunFolder]:
    """The baseline on real CIFAR-10, its first batches done; stopped and removed afterwards.

    Raises:
        RuntimeError: It ended before its first batch.
    """
    library = PresetLibrary(settings.preset_dirs())
    file = library.find("cd18-baseline")
    preset = library.load(file)
    folder_of_runs = Path(tempfile.mkdtemp())
    # Few test images: evaluation is no part of what is measured.
    experiment = with_changes(preset.experiment, ["epochs=1000", "dataset.test_examples=10"])
    folder = launcher.start(RunSpec.of(file.id, preset, experiment), folder_of_runs, "auto")
    try:
        _wait_for_batches(folder)
        yield folder
    finally:
        stop(folder)
        shutil.rmtree(folder_of_runs)


def stop(folder: RunFolder) -> None:
    """End a training, unless it has ended, and wait for its worker to go."""
    follower = Follower(folder)
    if follower.state() in ("running", "paused"):
        send(folder, Stop())
    while follower.state() in ("running", "paused"):
        time.sleep(LOOK_EVERY)


def _wait_for_batches(folder: RunFolder) -> None:
    follower = Follower(folder)
    while not follower.record.losses:
        follower.poll()
        if follower.state() in ("failed", "interrupted"):
            raise RuntimeError(f"the run ended early; {folder.log_path} says why")
        time.sleep(LOOK_EVERY)
