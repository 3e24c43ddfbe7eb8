"""Run every benchmark, or those that are named: python -m benchmarks start keys. For the names see `BENCHMARKS`."""

from __future__ import annotations

import platform
import sys
from datetime import date

from benchmarks import (
    bare_step,
    busy_machine,
    by_hand,
    capture,
    first_screen,
    key_latency,
    link,
    long_life,
    many_runs,
    plots,
    roof,
    screen_effect,
    stacked,
    start,
    workspace,
    zca,
)
from benchmarks.peers import compare as peers
from benchmarks.report import Report

BENCHMARKS = {
    "first-screen": first_screen.measure,
    "start": start.measure,
    "bare-step": bare_step.measure,
    "busy": busy_machine.measure,
    "screen": screen_effect.measure,
    "plots": plots.measure,
    "keys": key_latency.measure,
    "link": link.measure,
    "workspace": workspace.measure,
    "long-life": long_life.measure,
    "many-runs": many_runs.measure,
    "zca": zca.measure,
    "by-hand": by_hand.measure,
    "stacked": stacked.measure,
    "peers": peers.measure,
    "capture": capture.measure,
    "roof": roof.measure,
}


def main() -> int:
    """Measure and print."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"There is no benchmark {unknown[0]}. There are: {', '.join(BENCHMARKS)}.\n")
        return 2
    sys.stdout.write(f"{date.today()}, {platform.platform()}, Python {platform.python_version()}\n")
    for name in names:
        report: Report = BENCHMARKS[name]()
        sys.stdout.write(report.text())
        sys.stdout.flush()
    return 0


sys.exit(main())
