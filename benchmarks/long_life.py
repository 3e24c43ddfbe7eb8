"""A night's run in minutes: two million batches in two thousand epochs, the worker's own code, and a screen on it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import monotonic, perf_counter, sleep, thread_time

import psutil

from benchmarks.hastened import SECONDS_A_STEP
from benchmarks.processes import Held, held_by
from benchmarks.report import Report
from benchmarks.terminal import Terminal
from tp1tui import settings
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.spec.changes import with_changes
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.run.curves import Curves

EPOCHS, BATCHES = 2_000, 2_000_000
MARKS = (0.10, 0.25, 0.50, 0.75, 0.99)
"""Parts of the run at which is counted; the worker is gone at its end."""
LOOK = 0.2
"""Seconds between two looks, as the screen's own."""
IDLE_LOOKS = 200
SAMPLED = 0.02
"""Seconds between two looks at the memory of an export."""
PATIENCE = 1800.0


def measure() -> Report:
    """Memory of worker and screen, files, and what a look costs, at parts of the run; then what its end leaves."""
    hours = BATCHES * SECONDS_A_STEP / 3600
    report = Report(f"{BATCHES:,} batches in {EPOCHS:,} epochs, {hours:.0f} hours on the run's clock")
    with tempfile.TemporaryDirectory() as runs:
        folder = _new_run(Path(runs))
        _follow(report, folder)
        _opened(report, folder)
        _exported(report, folder)
    return report


def _new_run(runs_dir: Path) -> RunFolder:
    library = PresetLibrary(settings.preset_dirs())
    file = library.find("digits")
    preset = library.load(file)
    examples = BATCHES // EPOCHS
    changes = ["batch_size=1", f"epochs={EPOCHS}", f"dataset.train_examples={examples}", "dataset.test_examples=20"]
    spec = RunSpec.of(file.id, preset, with_changes(preset.experiment, changes))
    return RunFolder.create(runs_dir, spec, datetime.now().astimezone())


class _Looks:
    """This process's looks at the run: what the screen does at each of its own, but drawing."""

    def __init__(self, folder: RunFolder) -> None:
        self.follower = Follower(folder)
        self._curves = Curves(folder.training_spec())
        self._seconds, self._lines = 0.0, 0

    def look(self) -> None:
        """Read on, and sum up for the plots."""
        began, before = thread_time(), self.follower.lines
        self.follower.poll()
        self._curves.update(self.follower.record)
        self._seconds += thread_time() - began
        self._lines += self.follower.lines - before

    def cost(self) -> str:
        """Of the looks since the last call, a line; and of looks at a journal that has nothing new."""
        a_line, self._seconds, self._lines = self._seconds / max(1, self._lines), 0.0, 0
        began = thread_time()
        for _ in range(IDLE_LOOKS):
            self._curves.update(self.follower.record)
            self.follower.state()
        return f"{1e6 * a_line:.0f} µs a line, {1e6 * (thread_time() - began) / IDLE_LOOKS:.0f} µs without news"


def _follow(report: Report, folder: RunFolder) -> None:
    command = [sys.executable, "-m", "benchmarks.hastened", str(folder.path), "--device", "cpu"]
    with folder.log_path.open("ab") as log:
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    screen = Terminal(_tp1tui("watch", str(folder.path)))
    looks, first = _Looks(folder), None
    try:
        for mark in MARKS:
            _until(mark, looks, screen, worker)
            now = held_by(worker.pid), held_by(screen.pid)
            first = first or now
            _add(report, f"at {mark:.0%}", now, looks.cost(), folder)
        grown = " and ".join(
            f"{(of.memory - before.memory) / 1e6:+.1f} MB" for of, before in zip(now, first, strict=True)
        )
        a_batch = (now[1].memory - first[1].memory) / ((MARKS[-1] - MARKS[0]) * BATCHES)
        report.add(
            f"from {MARKS[0]:.0%} to {MARKS[-1]:.0%}", f"worker and screen {grown}; screen {a_batch:.1f} bytes a batch"
        )
        while worker.poll() is None:
            screen.drain(LOOK)
    finally:
        worker.kill()
        worker.wait()
        screen.close()


def _until(mark: float, looks: _Looks, screen: Terminal, worker: subprocess.Popen[bytes]) -> None:
    """Look again and again until a part of the run is done.

    Raises:
        RuntimeError: The worker ended before that, or it takes too long.
    """
    deadline = monotonic() + PATIENCE
    while looks.follower.record.step < mark * BATCHES:
        screen.drain(LOOK)
        looks.look()
        if worker.poll() is not None or monotonic() > deadline:
            raise RuntimeError(f"the worker has not come to {mark:.0%}; {looks.follower.folder.log_path} may say why")


def _add(report: Report, when: str, now: tuple[Held, Held], cost: str, folder: RunFolder) -> None:
    for name, held in zip(("worker", "screen"), now, strict=True):
        report.add(f"{when}: {name}", f"{held.memory / 1e6:.1f} MB, {held.text}")
    report.add(f"{when}: a look", f"{cost}; journal {folder.journal_path.stat().st_size / 1e6:.1f} MB")


def _opened(report: Report, folder: RunFolder) -> None:
    """From the command to the figures of the whole run on the screen."""
    size, follower = folder.journal_path.stat().st_size, Follower(folder)
    began = perf_counter()
    follower.poll()
    report.add(
        "journal read whole",
        f"{perf_counter() - began:.1f} s, {size / BATCHES:.1f} bytes a batch, {follower.lines:,} lines",
    )
    screen = Terminal(_tp1tui("watch", str(folder.path)))
    shown = screen.wait_for("finished")
    screen.close()
    report.add("opened, from the command to its figures", f"{shown:.1f} s")


def _exported(report: Report, folder: RunFolder) -> None:
    began, most = perf_counter(), 0
    process = subprocess.Popen(_tp1tui("export", str(folder.path)), stdout=subprocess.DEVNULL)
    while process.poll() is None:
        with suppress(psutil.Error):  # it may have ended meanwhile
            most = max(most, held_by(process.pid).memory)
        sleep(SAMPLED)
    size = (folder.path / "batches.csv").stat().st_size / 1e6
    report.add("exported", f"{perf_counter() - began:.1f} s, at most {most / 1e6:.0f} MB; batches.csv {size:.0f} MB")


def _tp1tui(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("tp1tui")), *arguments]
