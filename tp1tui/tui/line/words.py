"""A run's place in line as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tp1tui.tui.line.rows import name_of, named

if TYPE_CHECKING:
    from tp1tui.worker.line import DeviceLine, Standing

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def place_in_words(line: Sequence[DeviceLine], run_id: str, *, served: bool) -> str:
    """Where a run stands, and what it waits for; empty when it does not wait.

    Args:
        line: As it is now.
        run_id: Of the run.
        served: Whether anybody starts what waits.
    """
    place = _place(line, run_id)
    if place is None:
        return ""
    device, number = place
    where = f"{ordinal(number + 1)} in line on {device.device}"
    if not served:
        return f"{where}; no process starts it"
    if is_held_up(line, run_id):
        paused = next(one for one in _going(line, device) if one.run.state == "paused")
        what = "it starts" if number == 0 else "what waits starts"
        return f"{where}: {named(paused.run)} is paused, and {what} when that is resumed and done"
    return f"{where}; starts {waits_for(line, run_id) or 'in a moment'}"


def is_held_up(line: Sequence[DeviceLine], run_id: str) -> bool:
    """Whether nothing that waits for a run's device starts before somebody resumes what is paused there."""
    place = _place(line, run_id)
    if place is None:
        return False
    device, _ = place
    paused = sum(one.run.state == "paused" for one in _going(line, device))
    return paused >= len(device.slots)


def waits_for(line: Sequence[DeviceLine], run_id: str) -> str:
    """`when cd18-baseline is done`; empty when nothing stands before a run."""
    place = _place(line, run_id)
    if place is None:
        return ""
    device, number = place
    if number:
        return f"when {name_of(device.waiting[number - 1].run)} is done"
    going = _going(line, device)
    if len(going) < len(device.slots):
        return ""
    return f"when {name_of(going[0].run)} is done" if len(device.slots) == 1 else "when a GPU is free"


def ordinal(number: int) -> str:
    """1 as first, 11 as 11th, 22 as 22nd."""
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _going(line: Sequence[DeviceLine], device: DeviceLine) -> list[Standing]:
    """What goes on, or is paused, on the devices of which one must be free."""
    return [one for other in line if set(other.slots) <= set(device.slots) for one in other.going]


def _place(line: Sequence[DeviceLine], run_id: str) -> tuple[DeviceLine, int] | None:
    """For which device a run waits, and how many wait before it."""
    for device in line:
        for number, one in enumerate(device.waiting):
            if one.run.id == run_id:
                return device, number
    return None
