"""Real runs, small enough for every test: scikit-learn's digits and the circles need no download."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import until_state
from tp1tui import settings
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import is_held
from tp1tui.spec.changes import with_changes
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.worker import launcher

StartRun = Callable[..., RunFolder]


def spec_of(preset: str, *changes: str) -> RunSpec:
    library = PresetLibrary(settings.preset_dirs())
    file = library.find(preset)
    loaded = library.load(file)
    return RunSpec.of(file.id, loaded, with_changes(loaded.experiment, changes))


@pytest.fixture
def start_run(tmp_path: Path) -> Iterator[StartRun]:
    """Start workers on new runs, as the program does; whatever still works at the end is ended."""
    started: list[RunFolder] = []

    def start(preset: str, *changes: str) -> RunFolder:
        started.append(launcher.start(spec_of(preset, *changes), tmp_path / "runs", "cpu"))
        return started[-1]

    yield start
    for folder in started:
        if is_held(folder):
            os.kill(pid_of(folder), signal.SIGKILL)
            until_state(folder, "interrupted", "finished", "stopped", "failed", "queued")


@pytest.fixture
def fork_run(forked_workers: None, start_run: StartRun) -> StartRun:
    """As `start_run`, for tests in which nothing depends on how workers are started."""
    return start_run


def pid_of(folder: RunFolder) -> int:
    """Of the worker that holds the run."""
    return int(folder.lock_path.read_text())
