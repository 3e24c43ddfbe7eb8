"""From starting the process to the first screen, beside a bare Textual app on the same machine."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.report import Report
from benchmarks.terminal import Terminal

TIMES = 5
PEER = """
from textual.app import App
from textual.widgets import Footer, Static
class Bare(App):
    def compose(self):
        yield Static('the first screen')
        yield Footer()
Bare().run()
"""


def measure() -> Report:
    """Medians of five, warm disk."""
    report = Report("first screen (seconds from starting the process, median of 5)")
    with tempfile.TemporaryDirectory() as folder:
        ours = _median([_script("tp1tui"), "--runs-dir", folder], "digits")
    peer = _median([sys.executable, "-c", PEER], "the first screen")
    report.add("tp1tui", f"{ours:.3f} s")
    report.add("a bare Textual app", f"{peer:.3f} s, ratio {ours / peer:.2f}")
    return report


def _script(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _median(command: list[str], text: str) -> float:
    times = []
    for _ in range(TIMES + 1):
        terminal = Terminal(command)
        times.append(terminal.wait_for(text))
        terminal.close()
    return median(times[1:])
