"""What goes over the link: bytes that the screens send to a terminal of 120x40, seen from outside."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from benchmarks.report import Report
from benchmarks.terminal import Terminal
from benchmarks.trainings import long_baseline, stop

SETTLED = 3.0
"""Seconds in which a screen is drawn and what it opens with has come."""
STEADY = 30.0
"""Seconds of a training that are counted."""
QUIET = 10.0
"""Seconds in which nothing is to be sent."""
ANSWERED = 0.5
"""Seconds without a byte after which a key counts as answered."""
KEYS = {"bench": (b"\x1b[B", b"\x1b[A", b"d", b"d"), "run": (b"l", b"l", b"2", b"2")}
"""Pressed on each screen: the next question and back, a switch; log scale, a plot in front; each and back again."""


def measure() -> Report:
    """The baseline on real CIFAR-10, its screen and the bench while it trains and after it was stopped."""
    report = Report("sent to a terminal of 120x40")
    with long_baseline() as folder:
        bench = ("--runs-dir", str(folder.path.parent))
        run = ("watch", str(folder.path))
        report.add("run screen, training", f"{_rate(run, STEADY) / 1000:.1f} kB/s")
        report.add("bench, while it trains", f"{_rate(bench, STEADY) / 1000:.1f} kB/s")
        stop(folder)
        report.add("run screen, training over", f"{_rate(run, QUIET):.0f} bytes/s")
        report.add("bench, nothing trains", f"{_rate(bench, QUIET):.0f} bytes/s")
        for name, command in (("bench", bench), ("run", run)):
            terminal = _opened(command)
            report.add(f"{name} screen, opened", f"{terminal.received / 1000:.1f} kB")
            sizes = _key_sizes(terminal, KEYS[name])
            report.add("a key on it, median and most", f"{median(sizes) / 1000:.1f} and {max(sizes) / 1000:.1f} kB")
    return report


def _opened(arguments: tuple[str, ...]) -> Terminal:
    terminal = Terminal([str(Path(sys.executable).with_name("tp1tui")), *arguments])
    terminal.wait_for("help")
    terminal.drain(SETTLED)
    return terminal


def _rate(arguments: tuple[str, ...], seconds: float) -> float:
    """Bytes a second, once the screen is drawn."""
    terminal = _opened(arguments)
    before = terminal.received
    terminal.drain(seconds)
    sent = terminal.received - before
    terminal.close()
    return sent / seconds


def _key_sizes(terminal: Terminal, keys: tuple[bytes, ...]) -> list[int]:
    """Bytes that each key brings."""
    sizes = []
    for key in keys:
        before = terminal.received
        terminal.write(key)
        while terminal.read(ANSWERED):
            pass
        sizes.append(terminal.received - before)
    terminal.close()
    return sizes
