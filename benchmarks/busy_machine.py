"""A training beside other work on the same cores: OpenMP threads that sleep while they wait, against ones that spin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median

from benchmarks.report import Report

ROUNDS = 5
NEIGHBOUR = "while True: pass"
TRAINING = """
import json, sys
from benchmarks.bare_step import rates
from tp1tui import settings
from tp1tui.spec.changes import with_changes
from tp1tui.spec.preset_files import PresetLibrary
library = PresetLibrary(settings.preset_dirs())
experiment = library.load(library.find("cd18-baseline")).experiment
print(json.dumps(rates(with_changes(experiment, ["epochs=100000"]), rounds=1, seconds=3.0)))
"""


def measure() -> Report:
    """The baseline's images/s with both policies in turn, alone and beside a busy process a core."""
    report = Report(f"threads that sleep while they wait, against ones that spin (images/s, median of {ROUNDS})")
    _add(report, "alone")
    neighbours = [subprocess.Popen([sys.executable, "-c", NEIGHBOUR]) for _ in range(os.cpu_count() or 1)]
    try:
        _add(report, "beside one busy process a core")
    finally:
        for neighbour in neighbours:
            neighbour.kill()
            neighbour.wait()
    return report


def _add(report: Report, where: str) -> None:
    sleeping, spinning = [], []
    for _ in range(ROUNDS):
        sleeping.append(_rate({"OMP_WAIT_POLICY": "PASSIVE"}))
        spinning.append(_rate({}))
    slept, spun = median(sleeping), median(spinning)
    report.add(where, f"sleeping {slept:,.0f}, spinning {spun:,.0f}, ratio {slept / spun:.2f}")


def _rate(policy: dict[str, str]) -> float:
    """Images/s of our loop in a process of its own: OpenMP reads the policy once, and spins where there is none."""
    environment = {**os.environ, **policy}
    answer = subprocess.run(
        [sys.executable, "-c", TRAINING], env=environment, capture_output=True, check=True, text=True
    ).stdout
    ours, _ = json.loads(answer)
    return float(ours)
