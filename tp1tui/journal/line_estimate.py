"""When the runs that wait in line will start, as far as earlier runs tell. A guess; nothing depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tp1tui.journal.estimate import Pace, seconds_in_all, seconds_per_epoch
from tp1tui.journal.summary import RunSummary
from tp1tui.spec.experiment import Experiment


@dataclass(frozen=True)
class Turn:
    """One run that waits."""

    devices: tuple[str, ...]
    """Any of these will do."""
    seconds: float | None
    """How long it will take; None when nothing tells."""


def starts(waiting: Iterable[Turn], free_in: Mapping[str, float | None]) -> list[float | None]:
    """In how many seconds each will start, at the latest; None when nothing tells.

    Args:
        waiting: In the order in which they are served.
        free_in: Seconds until each device is free; 0 for one that is, None when nothing tells.
    """
    free = dict(free_in)
    found: list[float | None] = []
    for turn in waiting:
        known = {device: seconds for device in turn.devices if (seconds := free.get(device)) is not None}
        device = min(known, key=lambda device: known[device], default=None)
        found.append(known[device] if device is not None else None)
        if device is not None:
            free[device] = known[device] + turn.seconds if turn.seconds is not None else None
    return found


def seconds_needed(experiment: Experiment | None, device: str, known: Sequence[Pace]) -> float | None:
    """What a run that waits will take, in seconds; None when nothing tells, or it trains nothing."""
    return seconds_in_all([experiment], device, known) if experiment else None


def seconds_left(run: RunSummary, experiment: Experiment | None, known: Sequence[Pace]) -> float | None:
    """Until a run is done that goes on, in seconds; None while it is paused, or when nothing tells."""
    if run.state != "running" or experiment is None:
        return None
    of_one = run.epoch_seconds or seconds_per_epoch(experiment, run.device or "auto", known)
    if of_one is None:
        return None
    epochs_left = run.epochs - run.epoch
    return min(max(run.epochs * of_one - run.elapsed, (epochs_left - 1) * of_one, 0.0), epochs_left * of_one)
