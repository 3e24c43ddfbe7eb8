"""Texts that fit, the same on every screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

MOST_NAMED = 2
"""Files beside the first that are named; of more, only the number: a notice shall not cover the screen."""


def shortened(text: str, cells: int) -> str:
    """A text of at most so many characters, its end left out where it is longer."""
    return text if len(text) <= cells else f"{text[: cells - 1]}…"


def where_files_are(files: Sequence[Path]) -> str:
    """`epochs.csv and batches.csv are in FOLDER`; of many, the first and how many more."""
    first, *others = (file.name for file in files)
    if len(others) > MOST_NAMED:
        others = [f"{len(others)} more"]
    names = [first, *others]
    listed = ", ".join(names[:-1]) + f" and {names[-1]}" if others else first
    return f"{listed} {'are' if others else 'is'} in {files[0].parent}"
