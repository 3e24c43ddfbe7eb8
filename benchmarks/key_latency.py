"""From a key to the changed screen, from outside: idle and beside a training, with a bare Textual app as the peer."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.report import Report
from benchmarks.terminal import Terminal
from benchmarks.trainings import long_baseline

PRESSES = 100
QUIET = 0.06
"""Seconds without a byte after which a screen is thought to be drawn."""
APART = 0.1
"""Seconds between two keys."""
PATIENCE = 2.0
SETTLE = 2.0
"""Seconds after the first screen, in which what comes late is drawn."""
DOWN, UP = b"\x1b[B", b"\x1b[A"
PEER = """
from textual.app import App
from textual.widgets import OptionList
class Bare(App):
    def compose(self):
        yield OptionList(*(f"option {number}" for number in range(60)))
Bare().run()
"""


def measure() -> Report:
    """Medians and worst of a hundred presses on 120x40, the same keys in both programs where both have them."""
    report = Report(f"key to changed screen, first byte / whole screen (median and worst of {PRESSES})")
    script = str(Path(sys.executable).with_name("tp1tui"))
    bare = [sys.executable, "-c", PEER]
    with tempfile.TemporaryDirectory() as runs:
        bench = [script, "--runs-dir", runs]
        _add(report, "idle: a bare Textual app, down and up", bare, "option 1", [DOWN, UP])
        alone = {"TP1TUI_STANDBY": "off"}
        _add(report, "idle: the bench without a standby worker, down and up", bench, "digits", [DOWN, UP], alone)
        _add(report, "idle: the bench while one prepares, down and up", bench, "digits", [DOWN, UP])
        _add(report, "idle: the bench, help and back", bench, "digits", [b"?", b"\x1b"])
        with long_baseline() as folder:
            watch = [script, "watch", str(folder.path)]
            _add(report, "training: a bare Textual app, down and up", bare, "option 1", [DOWN, UP])
            _add(report, "training: the bench, down and up", bench, "digits", [DOWN, UP])
            _add(report, "training: the run screen, layers and back", watch, "loss of every batch", [b"t", b"t"])
            _add(report, "training: the run screen, help and back", watch, "loss of every batch", [b"?", b"\x1b"])
    return report


def _add(
    report: Report,
    what: str,
    command: list[str],
    shown: str,
    keys: Sequence[bytes],
    environment: Mapping[str, str] | None = None,
) -> None:
    terminal = Terminal(command, environment=environment)
    try:
        terminal.wait_for(shown)
        terminal.drain(SETTLE)
        times = [press(terminal, keys[number % len(keys)]) for number in range(PRESSES)]
    finally:
        terminal.close()
    firsts, wholes = zip(*times, strict=True)
    figures = " / ".join(f"{1e3 * median(of):.1f} and {1e3 * max(of):.1f} ms" for of in (firsts, wholes))
    report.add(what, figures)


def press(terminal: Terminal, key: bytes) -> tuple[float, float]:
    """Seconds to the first byte and to the last one before it was quiet.

    Raises:
        TimeoutError: Nothing was drawn.
    """
    terminal.drain(APART)
    began = perf_counter()
    terminal.write(key)
    if not terminal.read(PATIENCE):
        raise TimeoutError(f"nothing was drawn within {PATIENCE:.0f} s of {key!r}")
    first = last = perf_counter()
    while last - began < PATIENCE and terminal.read(QUIET):
        last = perf_counter()
    return first - began, last - began
