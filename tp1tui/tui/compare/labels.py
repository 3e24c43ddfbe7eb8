"""The names that a person gave to runs, where they are compared."""

from __future__ import annotations

from collections.abc import Iterable

from tp1tui.journal.labels import LabelError, labels_of
from tp1tui.journal.several import SeenRun


def given_names(runs: Iterable[SeenRun]) -> list[str]:
    """Each run's name; empty where it has none, or one that cannot be read."""
    return [_given_name(run) for run in runs]


def _given_name(run: SeenRun) -> str:
    try:
        return labels_of(run.folder.path).name
    except LabelError:
        return ""
