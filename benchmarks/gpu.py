"""All that only a GPU can tell, one part after the other, within so many minutes.

    python -m benchmarks gpu --minutes 9 --into FOLDER

For a GPU that is lent for a short while. Each part is a process of its own with a time of its own: one that fails or
hangs takes nothing from the others. The folder is given a report, a log, and the epochs of the runs as CSV.
Without a GPU, the tests and what is recorded are left out, and all else is done on the CPU.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

from benchmarks.report import Report

REPORT, LOG = "report.txt", "log.txt"
"""Tables; and what was found row by row, with all that was complained of."""
DONE = "done"
LEAST = 10.0
"""Seconds that are left at least when a part begins: importing torch alone takes some."""
GONE = 5.0
"""Seconds that are waited for what was killed to be gone: a killed process gives a GPU's memory back first."""
BRIEFLY: dict[str, tuple[str, dict[str, Any]]] = {
    "runs": ("whole_runs", {}),
    "capture": ("capture", {}),
    "stacked": ("stacked", {"rounds": 3, "seconds": 1.0}),
    "roof": ("roof", {}),
    "peers": ("peers.compare", {"rounds": 1, "peers": ("tp1tui", "the course's notebook")}),
    "other-peers": ("peers.compare", {"rounds": 1, "peers": ("Lightning", "airbench's loader", "Keras 3 on torch")}),
}
"""Parts that are benchmarks: the module that measures, and how it is told to be brief."""


@dataclass(frozen=True)
class Part:
    """Something to be done by a process of its own."""

    name: str
    command: tuple[str, ...]
    seconds: float = inf
    """At most."""


def parts(into: Path) -> tuple[Part, ...]:
    """What is done, in this order: what other figures rest on comes first, what takes as long as it may, last."""
    tests = ("-m", "pytest", "-n0", "-p", "no:cacheprovider", "tests/engine/test_cuda.py")
    at_most = {"tests": 150.0, "runs": 90.0, "capture": 210.0, "stacked": 90.0, "roof": 90.0}
    commands = {"tests": tests} | {name: ("-m", "benchmarks.gpu", name, str(into)) for name in BRIEFLY}
    return tuple(Part(name, (sys.executable, *command), at_most.get(name, inf)) for name, command in commands.items())


def main(arguments: Sequence[str]) -> int:
    """Do all of it. Returns the process's exit code: 1 where a part failed or had no time."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks gpu", description="All that only a GPU can tell.")
    parser.add_argument("--minutes", type=float, default=9.0, help="that it may take")
    parser.add_argument("--into", type=Path, default=Path("gpu"), help="the folder of what is found")
    asked = parser.parse_args(arguments)
    asked.into.mkdir(parents=True, exist_ok=True)
    into = asked.into.absolute()
    return do(parts(into), 60 * asked.minutes, into)


def do(those: Sequence[Part], seconds: float, into: Path) -> int:
    """Do parts one after the other, within so many seconds in all; for what is returned see `main`."""
    until, ends = perf_counter() + seconds, []
    with (into / REPORT).open("w", encoding="utf-8") as report, (into / LOG).open("w", encoding="utf-8") as log:
        for part in those:
            began = perf_counter()
            ends.append(_done(part, min(part.seconds, until - began), report, log))
            report.write(f"\n{part.name}: {ends[-1]} after {perf_counter() - began:.0f} s\n")
            report.flush()
    sys.stdout.write((into / REPORT).read_text(encoding="utf-8", errors="replace"))
    return int(any(end != DONE for end in ends))


def _done(part: Part, seconds: float, report: TextIO, log: TextIO) -> str:
    """Do one part, and tell how that ended."""
    if seconds < LEAST:
        return "left out, there was no time"
    process = subprocess.Popen(part.command, stdout=report, stderr=log, start_new_session=True)
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return f"cut off; {LOG} has what it had found"
    finally:
        if process.poll() is None:
            _end_with_all_it_started(process)
    return DONE if code == 0 else f"failed, {LOG} may say why,"


def _end_with_all_it_started(process: subprocess.Popen[bytes]) -> None:
    """Its workers too, and not before they are gone: they would take the GPU's time from the parts to come."""
    import psutil

    started = psutil.Process(process.pid).children(recursive=True)
    for member in (*started, psutil.Process(process.pid)):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            member.kill()
    process.wait()
    psutil.wait_procs(started, timeout=GONE)


def _measure(name: str, into: Path) -> Report:
    """One part, in this process."""
    module, briefly = BRIEFLY[name]
    options = briefly | ({"into": into} if name == "runs" else {})
    report: Report = import_module(f"benchmarks.{module}").measure(**options)
    return report


if __name__ == "__main__":
    sys.stdout.write(_measure(sys.argv[1], Path(sys.argv[2])).text())
