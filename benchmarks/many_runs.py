"""Five hundred runs one after the other: one dispatcher starts them, one terminal has their table open all the time.

Most workers are forked from a process that has imported torch already (`tests/forked.py`), the others are started
as always.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Thread
from unittest.mock import patch

from benchmarks.processes import held_by
from benchmarks.report import Report
from benchmarks.terminal import Terminal
from tests import forked
from tp1tui import settings
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.listing import list_runs
from tp1tui.journal.tickets import put_in_line
from tp1tui.spec.changes import with_changes
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.worker import dispatcher, spawning

RUNS, AT_ONCE = 500, 100
"""In all, and put in line between two counts."""
REAL_EACH = 50
"""Of so many runs one is started as always."""
ESCAPE = b"\x1b"
LOOK = 0.05
SETTLED = 2.0
"""Seconds in which the terminal comes to rest before it is counted."""
FROM_THE_TERMINAL = 120.0
"""Seconds that a run started there may take."""


def measure() -> Report:
    """What the dispatcher's process and the terminal's hold, each after a hundred more runs."""
    report = Report(f"{RUNS} runs one after the other, every {REAL_EACH}th by the real launcher")
    with tempfile.TemporaryDirectory() as parent:
        runs_dir = Path(parent)
        script = str(Path(sys.executable).with_name("tp1tui"))
        terminal = Terminal([script, "--runs-dir", str(runs_dir)])
        serving = dispatcher.Dispatcher(runs_dir)
        spec = _spec()
        try:
            terminal.wait_for("digits")
            for done in range(0, RUNS + 1, AT_ONCE):
                if done:
                    _serve(serving, runs_dir, spec, terminal)
                _start_from(terminal, runs_dir)
                report.add(f"after {done} runs: dispatcher", held_by(os.getpid()).text)
                seen = held_by(terminal.pid)
                report.add(f"after {done} runs: terminal", f"{seen.text}, {seen.memory / 1e6:.1f} MB")
            report.add("runs that finished", _finished(runs_dir))
        finally:
            terminal.close()
    return report


class _Forked:
    """A forked worker, seen as one that was started as always is."""

    def __init__(self, folder: RunFolder) -> None:
        self._process = forked.start(folder)
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Its exit code once it has ended."""
        return self._process.exitcode


def _spec() -> RunSpec:
    library = PresetLibrary(settings.preset_dirs())
    file = library.find("ab2.1")
    preset = library.load(file)
    return RunSpec.of(file.id, preset, with_changes(preset.experiment, ["epochs=1"]))


def _serve(serving: dispatcher.Dispatcher, runs_dir: Path, spec: RunSpec, terminal: Terminal) -> None:
    """Put runs in line and have them started one after the other, the table of runs open meanwhile."""
    terminal.write(b"r")
    for number in range(AT_ONCE):
        put_in_line(RunFolder.create(runs_dir, spec, datetime.now().astimezone()), "cpu", number)
    with patch.object(dispatcher, "spawn_from_line", _spawner()), patch.object(dispatcher, "LOOK_EVERY", LOOK):
        serve = Thread(target=serving.serve)
        serve.start()
        while serve.is_alive():
            terminal.drain(LOOK)
    terminal.write(ESCAPE)


def _spawner() -> Callable[[RunFolder, str], object]:
    started = 0

    def spawn(folder: RunFolder, device: str) -> object:
        nonlocal started
        started += 1
        return _Forked(folder) if started % REAL_EACH else spawning.spawn_from_line(folder, device)

    return spawn


def _start_from(terminal: Terminal, runs_dir: Path) -> None:
    """Start a run with the terminal's own keys, and go back when it is done."""
    before = {run.id for run in list_runs(runs_dir)}
    terminal.drain(SETTLED)
    terminal.write(b"\r")
    waited = 0.0
    while waited < FROM_THE_TERMINAL and not any(
        run.state == "finished" and run.id not in before for run in list_runs(runs_dir)
    ):
        terminal.drain(1.0)
        waited += 1.0
    terminal.write(ESCAPE)
    terminal.drain(SETTLED)


def _finished(runs_dir: Path) -> str:
    states = [run.state for run in list_runs(runs_dir)]
    return f"{states.count('finished')} of {len(states)}"
