"""From Enter to the first batch: on the bench with and without a standby worker, and `tp1tui run` without a screen.

The peer is what nobody can avoid who begins with nothing: importing torch.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import psutil

from benchmarks.report import Report
from benchmarks.terminal import Terminal
from benchmarks.trainings import stop
from tp1tui.journal.folder import RunFolder

TIMES = 5
PRESETS = {"circles": "ab2.4-circles-torch-optim", "digits": "digits", "CIFAR-10": "cd18-baseline"}
SCRIPT = str(Path(sys.executable).with_name("tp1tui"))
PATIENCE = 60.0
LOOK_EVERY = 0.01
QUIET = 1.0
"""Seconds in which a standby worker that has all it needs takes no time."""
SETTLE = 1.0
"""Seconds in which the bench comes to rest."""
Seen = TypeVar("Seen")
A_STEP = re.compile(r"step [1-9][\d,]* of")


@dataclass(frozen=True)
class Began:
    """Seconds from Enter to the first batch that moved the weights."""

    journaled: float
    shown: float | None
    """On the screen; None without one."""


def measure() -> Report:
    """Medians of five, warm disk, the datasets in the cache; the device is `auto`."""
    report = Report(f"from Enter to the first training step: in the journal, on the screen (s, median of {TIMES})")
    peer = median(_timed([sys.executable, "-c", "import torch"]) for _ in range(TIMES))
    report.add("peer: python -c 'import torch'", f"{peer:.2f} s")
    for name, preset in PRESETS.items():
        for kind, began in (("standby", _with_standby), ("cold", _cold), ("tp1tui run", _without_screen)):
            report.add(f"{name}, {kind}", _figures([began(preset) for _ in range(TIMES)]))
    return report


def _figures(times: list[Began]) -> str:
    columns = ([one.journaled for one in times], [one.shown for one in times if one.shown])
    return ", ".join(f"{median(seconds):.2f}" if seconds else "no screen" for seconds in columns)


def _timed(command: list[str]) -> float:
    began = time.time()
    subprocess.run(command, check=True)
    return time.time() - began


def _with_standby(preset: str) -> Began:
    return _entered(preset, {}, _wait_for_standby)


def _cold(preset: str) -> Began:
    return _entered(preset, {"TP1TUI_STANDBY": "off"}, lambda terminal: terminal.drain(SETTLE))


def _entered(preset: str, environment: dict[str, str], settle: Callable[[Terminal], None]) -> Began:
    """Find a preset on the bench, press Enter, and see what happens when."""
    with tempfile.TemporaryDirectory() as runs:
        terminal = Terminal([SCRIPT, "--runs-dir", runs], environment=environment)
        try:
            terminal.wait_for("digits")
            terminal.drain(SETTLE)
            terminal.write(b"/")
            terminal.drain(0.3)
            terminal.write(preset.encode())
            terminal.drain(0.3)
            terminal.write(b"\r")
            settle(terminal)
            entered = time.time()
            terminal.write(b"\r")
            terminal.wait_until(A_STEP.search)
            shown = time.time() - entered
            journaled = _first_step(_the_run(Path(runs)))
        finally:
            terminal.close()
            _end_all(Path(runs))
        return Began(journaled - entered, shown)


def _without_screen(preset: str) -> Began:
    with tempfile.TemporaryDirectory() as runs:
        entered = time.time()
        with subprocess.Popen([SCRIPT, "run", preset, "--runs-dir", runs], stdout=subprocess.DEVNULL) as process:
            try:
                journaled = _first_step(_the_run(Path(runs)))
            finally:
                _end_all(Path(runs))
                process.wait()
        return Began(journaled - entered, None)


def _end_all(runs: Path) -> None:
    """Leave no training behind, whatever became of the measurement."""
    for path in runs.glob("[!.]*"):
        stop(RunFolder(path))


def _wait_for_standby(terminal: Terminal) -> None:
    """Until it has all that it needs, seen from outside: it takes no time any more."""
    until = time.time() + PATIENCE
    while time.time() < until:
        terminal.drain(0.1)
        for process in psutil.Process(terminal.pid).children():
            if "tp1tui.worker.standby_process" in process.cmdline():
                spent = process.cpu_times()
                terminal.drain(QUIET)
                if spent.user > 0 and process.cpu_times() == spent:
                    return
    raise TimeoutError(f"no standby worker was ready within {PATIENCE:.0f} s")


def _the_run(runs: Path) -> RunFolder:
    return RunFolder(_until(lambda: next((path.parent for path in runs.glob("[!.]*/journal.jsonl")), None)))


def _first_step(folder: RunFolder) -> float:
    """When, in seconds since 1970."""
    return _until(lambda: _when(folder))


def _when(folder: RunFolder) -> float | None:
    written = folder.journal_path.read_text(encoding="utf-8").rpartition("\n")[0]
    lines = (json.loads(line) for line in written.splitlines())
    return next((line["time"] for line in lines if line["kind"] == "batches"), None)


def _until(look: Callable[[], Seen | None]) -> Seen:
    until = time.time() + PATIENCE
    while time.time() < until:
        if (seen := look()) is not None:
            return seen
        time.sleep(LOOK_EVERY)
    raise TimeoutError(f"waited {PATIENCE:.0f} s in vain")
