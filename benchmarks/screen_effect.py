"""What watching costs: images/s with the screen open over images/s without, in turn within one run."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import mean

from benchmarks.report import Report
from benchmarks.terminal import Terminal
from benchmarks.trainings import long_baseline
from tp1tui.journal.events import Batches
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lines import decode

PHASES = 4
"""Of each kind."""
SECONDS = 20.0
"""Of each phase; its first two seconds, in which the screen opens or closes, do not count."""
OPENING = 2.0


def measure() -> Report:
    """The baseline on real CIFAR-10, on a terminal of 120x40."""
    with long_baseline() as folder:
        return _report(folder, *_phases(folder))


Span = tuple[float, float]
"""Beginning and end, in seconds since 1970."""


def _phases(folder: RunFolder) -> tuple[list[Span], list[Span], float]:
    """Open and close the screen in turn; returns when it was open, when closed, and the bytes a second it drew."""
    open_spans, closed_spans, bytes_drawn = [], [], 0
    script = str(Path(sys.executable).with_name("tp1tui"))
    for _ in range(PHASES):
        began = time.time()
        time.sleep(SECONDS)
        closed_spans.append((began + OPENING, time.time()))
        terminal = Terminal([script, "watch", str(folder.path)])
        began = time.time()
        terminal.drain(OPENING)
        before = terminal.received
        terminal.drain(SECONDS - OPENING)
        bytes_drawn += terminal.received - before
        open_spans.append((began + OPENING, time.time()))
        terminal.close()
    return open_spans, closed_spans, bytes_drawn / (PHASES * (SECONDS - OPENING))


def _report(folder: RunFolder, open_spans: list[Span], closed_spans: list[Span], drawn: float) -> Report:
    events = [decode(line) for line in folder.journal_path.read_bytes().splitlines(keepends=True)]
    batches = [event for event in events if isinstance(event, Batches)]
    watched, alone = _rate(batches, open_spans), _rate(batches, closed_spans)
    report = Report("training with the screen open over without (images/s, in turn within one run)")
    report.add("screen open", f"{watched:,.0f}")
    report.add("screen closed", f"{alone:,.0f}")
    report.add("ratio", f"{watched / alone:.3f}")
    report.add("sent to the terminal", f"{drawn / 1000:.1f} kB/s at 120x40")
    return report


def _rate(batches: list[Batches], spans: list[Span]) -> float:
    rates = [
        mean(rates)
        for begin, end in spans
        if (rates := [batch.images_per_s for batch in batches if begin <= batch.time <= end])
    ]
    return mean(rates)
