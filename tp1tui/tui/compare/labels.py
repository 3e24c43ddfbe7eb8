"""The names that a person gave to runs, where they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tp1tui.journal.folder import RunFolder
from tp1tui.journal.labels import LabelReader


class GivenNames:
    """Reads the names of runs, again and again; what has not changed is not read again."""

    def __init__(self, folders: Iterable[RunFolder]) -> None:
        """Prepare to read those of some runs."""
        self._labels = {folder.path: LabelReader(folder.path) for folder in folders}

    def read(self) -> Mapping[Path, str]:
        """Each run's name, by its folder; empty where it has none, or one that cannot be read."""
        for labels in self._labels.values():
            labels.changed()
        return {path: labels.labels.name for path, labels in self._labels.items()}
