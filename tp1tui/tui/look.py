"""A look at this machine, taken in a thread so that a slow disk never holds up a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tp1tui.spec.dataset import FACTS, DatasetKind

if TYPE_CHECKING:
    from tp1tui.data.store import DatasetStatus
    from tp1tui.journal.estimate import Pace
    from tp1tui.journal.listing import RunLister, RunSummary
    from tp1tui.journal.trash import Thrown
    from tp1tui.tui.device.nvml import Gpus
    from tp1tui.tui.device.reading import GpuReading

_GPUS_EVERY, _GPUS_AFTER_TROUBLE = 5, 60
"""Looks from one at the GPUs to the next, and after the driver did not answer."""

PATIENCE = 0.3
"""Seconds for runs that were never read before; in a large folder the newest are shown while the others are read."""


@dataclass(frozen=True)
class Look:
    """What was seen."""

    runs: tuple[RunSummary, ...] = ()
    """Newest first."""
    paces: tuple[Pace, ...] = ()
    """How fast they went."""
    data: Mapping[DatasetKind, DatasetStatus] = field(default_factory=dict)
    """Which datasets are here."""
    answered: frozenset[str] = frozenset()
    """Ids of the presets whose questions have an answer."""
    fetching: str = ""
    """Which dataset is being fetched, and how far it is; empty while none is."""
    unread: int = 0
    """Runs that there was no time for yet, which the next look tells of."""
    problem: str = ""
    """Why the folder of runs cannot be read, as a sentence."""
    gpus: tuple[GpuReading, ...] = ()
    """As they were a few seconds ago; none where there is no driver."""
    served: bool = True
    """Whether a process starts what waits in line, where anything does."""
    thrown: Thrown | None = None
    """What was moved to the trash last; None where that is empty."""


class Lookout:
    """Looks again and again; what has not changed is not read again. Not for two threads at once."""

    def __init__(self, runs_dir: Path, data_dir: Path) -> None:
        """Prepare to look.

        Args:
            runs_dir: The folder of runs.
            data_dir: The folder of datasets.
        """
        self._runs_dir, self._data_dir = runs_dir, data_dir
        self._lister: RunLister | None = None
        self._timed: object = None
        self._paces: tuple[Pace, ...] = ()
        self._gpus: Gpus | None = None
        self._gpus_seen: tuple[GpuReading, ...] = ()
        self._gpus_in = 0
        """Looks until the GPUs are looked at again."""

    def look(self) -> Look:
        """The machine as it is now."""
        from tp1tui.data.store import Store
        from tp1tui.journal.answers import Answers
        from tp1tui.journal.estimate import paces
        from tp1tui.journal.folder import RunFolderError
        from tp1tui.journal.listing import RunLister
        from tp1tui.journal.trash import last_thrown
        from tp1tui.worker.line_lock import is_served

        store = Store(self._data_dir)
        data = {kind: store.status(kind) for kind in FACTS}
        self._lister = self._lister or RunLister(self._runs_dir)
        try:
            runs = tuple(self._lister.refresh(PATIENCE))
        except RunFolderError as error:
            return Look(data=data, problem=str(error), thrown=last_thrown(self._runs_dir))
        timed = [(run.id, run.epoch_seconds) for run in runs]
        if timed != self._timed:
            self._timed, self._paces = timed, tuple(paces(runs))
        answered, gpus = Answers(self._runs_dir).written(), self._look_at_gpus()
        unread, thrown = self._lister.unread, last_thrown(self._runs_dir)
        served = not any(run.in_line for run in runs) or is_served(self._runs_dir)
        return Look(runs, self._paces, data, answered, unread=unread, gpus=gpus, served=served, thrown=thrown)

    def _look_at_gpus(self) -> tuple[GpuReading, ...]:
        from tp1tui.tui.device.nvml import Gpus, GpuTrouble

        if self._gpus_in > 0:
            self._gpus_in -= 1
            return self._gpus_seen
        self._gpus = self._gpus or Gpus()
        try:
            self._gpus_seen, self._gpus_in = self._gpus.read(), _GPUS_EVERY - 1
        except GpuTrouble:
            self._gpus_seen, self._gpus_in = (), _GPUS_AFTER_TROUBLE - 1
        return self._gpus_seen


def nothing_run_yet(runs_dir: Path) -> bool:
    """Whether a folder of runs holds none, or is not there; cheap enough to be asked before the first screen."""
    from tp1tui.journal.folder import looks_like_run
    from tp1tui.journal.sweep_folder import looks_like_sweep

    try:
        return not any(looks_like_run(path) or looks_like_sweep(path) for path in runs_dir.iterdir())
    except OSError:
        return True
