"""`tp1tui label`: a name, tags, a note, a pin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tp1tui.cli import show
from tp1tui.journal.folder import short_name
from tp1tui.journal.labels import BLANK_LABELS, Labels, labels_of, relabel
from tp1tui.journal.listing import find_run


@dataclass(frozen=True)
class Asked:
    """What is to be written; None and () leave what is there."""

    name: str | None = None
    tags: tuple[str, ...] = ()
    no_tags: tuple[str, ...] = ()
    note: str | None = None
    pinned: bool | None = None


def label(name: str, runs_dir: Path, asked: Asked) -> None:
    """Change what is written on a run or a sweep, and say what is there now.

    Raises:
        LabelError: It is not allowed, or cannot be read or written.
    """
    folder = find_run(name, runs_dir)
    labels = (
        labels_of(folder.path) if asked == Asked() else relabel(folder.path, lambda labels: _changed(labels, asked))
    )
    show.line(short_name(folder.id))
    if labels == BLANK_LABELS:
        show.line("  nothing is written on it")
    for what, text in (("name", labels.name), ("tags", " ".join(labels.tags)), ("note", labels.note)):
        if text:
            show.line(f"  {what}  {text}")
    if labels.pinned:
        show.line("  pinned")


def _changed(labels: Labels, asked: Asked) -> Labels:
    if asked.name is not None:
        labels = labels.named(asked.name)
    if asked.note is not None:
        labels = labels.noted(asked.note)
    if asked.tags or asked.no_tags:
        less = {word.removeprefix("#") for word in asked.no_tags}
        labels = labels.tagged(tag for tag in (*labels.tags, *asked.tags) if tag.removeprefix("#") not in less)
    match asked.pinned:
        case True:
            labels = labels.with_pin()
        case False:
            labels = labels.without_pin()
    return labels
