"""Texts that fit, the same on every screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

MOST_NAMED = 2
"""Files beside the first that are named; of more, only the number: a notice shall not cover the screen."""

NOTICE = 55
"""Characters in a line of a notice, where the terminal has 80 or more: app.tcss says how wide one is."""


def shortened(text: str, cells: int) -> str:
    """A text of at most so many characters, its end left out where it is longer."""
    return text if len(text) <= cells else f"{text[: cells - 1]}…"


def where_files_are(files: Sequence[Path]) -> str:
    """`epochs.csv and batches.csv are in FOLDER`, for a notice; of many, the first and how many more."""
    first, *others = (file.name for file in files)
    if len(others) > MOST_NAMED:
        others = [f"{len(others)} more"]
    names = [first, *others]
    listed = ", ".join(names[:-1]) + f" and {names[-1]}" if others else first
    said, folder = f"{listed} {'are' if others else 'is'} in", str(files[0].parent)
    if len(said) + 1 + len(folder) <= NOTICE:
        return f"{said} {folder}"
    return "\n".join((said, *_broken(folder, NOTICE)))


def _broken(path: str, cells: int) -> list[str]:
    """A path in lines of at most so many characters, broken before folders as long as none is longer by itself."""
    *folders, last = path.split("/")
    lines = [""]
    for part in (*(f"{folder}/" for folder in folders), last):
        if lines[-1] and len(lines[-1]) + len(part) > cells:
            lines.append("")
        lines[-1] += part
    return lines
