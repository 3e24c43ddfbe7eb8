"""Which runs that wait in line are started as one worker: members of a sweep that may train together. Free of torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.lock import is_held
from tp1tui.journal.tickets import Ticket
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.stackable import most_together, stack_key

Waiting = tuple[RunFolder, Ticket]
"""A run and its place in line."""


@dataclass(frozen=True)
class _Asked:
    """What a run asks for, as far as it decides whom it may train with."""

    sweep: str
    """Id of its sweep; empty for a run of its own."""
    key: str | None
    """Shared by those that may train together; None for what trains alone."""
    most: int
    """Members that are worth training together."""


_ALONE = _Asked("", None, 1)


class Groups:
    """Remembers what each run that waits asks for, so that its experiment is read once."""

    def __init__(self) -> None:
        self._known: dict[Path, _Asked] = {}

    def with_first(self, first: Waiting, behind: Sequence[Waiting]) -> list[Waiting]:
        """A run with those that are to train together with it.

        Only members of its sweep that wait right behind it for the same device count, so that nobody else's turn comes
        later than it would.

        Args:
            first: The run whose turn it is.
            behind: Those that wait behind it, in order.
        """
        asked = self._asked(first[0])
        if not asked.sweep or not _can_join(first[0], asked):
            return [first]

        def of_sweep(run: Waiting) -> bool:
            return run[1].device == first[1].device and self._asked(run[0]).sweep == asked.sweep

        alike = (run for run in takewhile(of_sweep, behind) if self._asked(run[0]).key == asked.key)
        joining = (run for run in alike if _can_join(run[0], asked))
        return [first, *islice(joining, asked.most - 1)]

    def leave_alone(self, folder: RunFolder) -> None:
        """Start a run by itself from now on."""
        self._known[folder.path] = _ALONE

    def _asked(self, folder: RunFolder) -> _Asked:
        if folder.path not in self._known:
            self._known[folder.path] = _read(folder)
        return self._known[folder.path]


def _can_join(folder: RunFolder, asked: _Asked) -> bool:
    """Whether a run may be one of a group: it was never begun, and nobody has it."""
    return asked.most > 1 and not folder.journal_path.exists() and not is_held(folder)


def _read(folder: RunFolder) -> _Asked:
    try:
        spec = folder.spec()
    except RunFolderError:  # its worker will say what is wrong with it
        return _ALONE
    if not isinstance(spec, RunSpec) or not spec.sweep:
        return _ALONE
    return _Asked(spec.sweep, stack_key(spec.experiment), most_together(spec.experiment))
