"""Run every benchmark, or those that are named: python -m benchmarks start keys. For the names see `BENCHMARKS`.

`python -m benchmarks gpu` is all that only a GPU can tell, briefly, within so many minutes; see `benchmarks.gpu`.
"""

from __future__ import annotations

import platform
import sys
from datetime import date
from importlib import import_module

from benchmarks import gpu
from benchmarks.report import Report

BENCHMARKS = {
    "first-screen": "first_screen",
    "start": "start",
    "bare-step": "bare_step",
    "busy": "busy_machine",
    "screen": "screen_effect",
    "plots": "plots",
    "keys": "key_latency",
    "link": "link",
    "workspace": "workspace",
    "long-life": "long_life",
    "many-runs": "many_runs",
    "zca": "zca",
    "by-hand": "by_hand",
    "stacked": "stacked",
    "peers": "peers.compare",
    "capture": "capture",
    "roof": "roof",
    "runs": "whole_runs",
}
"""By the name that a person says; the module that measures, imported when it is asked for: some need much."""


def main() -> int:
    """Measure and print."""
    names = sys.argv[1:] or list(BENCHMARKS)
    if names[0] == "gpu":
        return gpu.main(names[1:])
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"There is no benchmark {unknown[0]}. There are: {', '.join(BENCHMARKS)}, and gpu.\n")
        return 2
    sys.stdout.write(f"{date.today()}, {platform.platform()}, Python {platform.python_version()}\n")
    for name in names:
        report: Report = import_module(f"benchmarks.{BENCHMARKS[name]}").measure()
        sys.stdout.write(report.text())
        sys.stdout.flush()
    return 0


sys.exit(main())
