"""What is asked of several runs at once: of all members of a sweep, or of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.state import RunState

Deed = Literal["pause", "go on", "resume", "stop"]

_UNFINISHED = ("stopped", "failed", "interrupted", "queued")


@dataclass(frozen=True)
class Steered:
    """A run that may be told something."""

    folder: RunFolder
    state: RunState
    in_line: bool
    """Whether it waits for its turn."""
    began: bool
    """Whether a worker ever had it."""


def possible(runs: Sequence[Steered], *, served: bool) -> frozenset[Deed]:
    """What can be asked of them now.

    Args:
        runs: One run, or all of a sweep.
        served: Whether a process starts what waits in line.
    """
    deeds: set[Deed] = set()
    for run in runs:
        match run.state:
            case "running":
                deeds |= {"pause", "stop"}
            case "paused":
                deeds |= {"go on", "stop"}
            case "queued" if run.in_line:
                deeds.add("stop")
            case "queued" | "stopped" | "failed" | "interrupted":
                deeds.add("resume")
    if _forgotten(runs, served=served):
        deeds.add("resume")
    return frozenset(deeds)


def pause(runs: Sequence[Steered]) -> str:
    """Let those that run stand still; those in line go on waiting. Returns a sentence on what was asked.

    Raises:
        CommandError: A run cannot be told.
    """
    from tp1tui.journal.commands import Pause, send

    going = [run for run in runs if run.state == "running"]
    for run in going:
        send(run.folder, Pause())
    return f"Asked {_many(going)}to pause after the batch at hand."


def go_on(runs: Sequence[Steered]) -> str:
    """Let those that are paused go on. Returns a sentence on what was asked.

    Raises:
        CommandError: A run cannot be told.
    """
    from tp1tui.journal.commands import Resume, send

    paused = [run for run in runs if run.state == "paused"]
    for run in paused:
        send(run.folder, Resume())
    return f"Asked {_many(paused)}to go on."


def stop(runs: Sequence[Steered]) -> str:
    """Take those that wait out of line, then end those that run. Returns a sentence on what was asked.

    Raises:
        CommandError: A run cannot be told.
    """
    from tp1tui.journal.commands import Stop, send
    from tp1tui.journal.tickets import take_out_of_line

    waiting = [run for run in reversed(runs) if run.in_line]  # the next one last, so that none takes its turn meanwhile
    taken = [run for run in waiting if take_out_of_line(run.folder)]
    begun = [run for run in waiting if run not in taken]
    going = [*(run for run in runs if run.state in ("running", "paused")), *begun]
    for run in going:
        send(run.folder, Stop())
    sentences = []
    if taken:
        sentences.append(f"Taken out of line: {len(taken)} run{'s' if len(taken) > 1 else ''}.")
    if going:
        sentences.append(f"Asked {_many(going)}to stop after the batch at hand.")
    return " ".join(sentences) or "Nothing was left to stop."


def resume(runs: Sequence[Steered], device: str) -> str:
    """Put what is not finished, and has no worker, in line. Returns a sentence on what was done.

    Runs that wait already are put in line anew where nobody serves it: the machine was started anew, for example.

    Args:
        runs: All of the sweep.
        device: For those of which none is known; the others go back to where they were.

    Raises:
        LaunchError: Nothing can be started.
    """
    from tp1tui.worker import launcher
    from tp1tui.worker.line_lock import is_served

    forgotten = bool(runs) and _forgotten(runs, served=is_served(runs[0].folder.path.parent))
    left = [run for run in runs if run.state in _UNFINISHED and (forgotten or not run.in_line)]
    launcher.queue([run.folder for run in left], otherwise=device)
    return f"{len(left)} run{'s' if len(left) != 1 else ''} put in line."


def start_now(run: Steered, device: str) -> str:
    """Start one run at once, whatever else goes on, from its last checkpoint where it has one. Returns a sentence.

    Raises:
        LaunchError: It cannot be started.
    """
    from tp1tui.worker import launcher

    launcher.resume(run.folder, None if run.began else device)
    return "A worker takes it up from its last checkpoint." if run.began else "A worker is starting on it now."


def _forgotten(runs: Sequence[Steered], *, served: bool) -> bool:
    """Whether some wait, none goes on, and no process is there that would ever start them."""
    waits = any(run.in_line for run in runs)
    return waits and not served and not any(run.state in ("running", "paused") for run in runs)


def _many(runs: Sequence[Steered]) -> str:
    return f"{len(runs)} runs " if len(runs) > 1 else ""
