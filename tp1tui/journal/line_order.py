"""Moving a run up and down the line, also while somebody takes a run out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tp1tui.journal.folder import RunFolder
from tp1tui.journal.tickets import Ticket, change_place

Way = Literal["first", "up", "down", "last"]
WAYS: tuple[Way, ...] = ("first", "up", "down", "last")


def move(waiting: Sequence[tuple[RunFolder, Ticket]], folder: RunFolder, way: Way) -> bool:
    """Let a run stand elsewhere among those that wait for the same device.

    No ticket is made and none is taken, so at whatever moment a worker takes one, nothing but the order can differ
    from what was meant; two who move at once leave an order that one of them, or neither, had in mind.

    Args:
        waiting: Those that wait for its device, in order, as they are at this moment.
        folder: Of the run.
        way: One place up or down, or to an end.

    Returns:
        Whether anything has changed: not where it stands at that end already, or waits no more.

    Raises:
        RunFolderError: A ticket cannot be written.
    """
    number = next((at for at, (other, _) in enumerate(waiting) if other == folder), None)
    if number is None:
        return False
    changes = new_places([ticket.place for _, ticket in waiting], number, way)
    moved = [change_place(waiting[at][0], place) for at, place in changes.items()]
    return any(moved)


def new_places(places: Sequence[int], number: int, way: Way) -> dict[int, int]:
    """The places that must change, by the number of whoever stands there now.

    Args:
        places: Of all who wait, rising; equal ones, which two who move at once may leave, are taken apart.
        number: Of the one that moves, from 0.
        way: Where to.
    """
    order = list(range(len(places)))
    order.remove(number)
    last = len(order)
    order.insert({"first": 0, "up": max(0, number - 1), "down": min(last, number + 1), "last": last}[way], number)
    if order == list(range(len(places))):
        return {}
    taken: list[int] = []
    for place in places:
        taken.append(max(place, taken[-1] + 1) if taken else place)
    return {who: place for who, place in zip(order, taken, strict=True) if places[who] != place}
