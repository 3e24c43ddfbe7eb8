"""What a person expects of a run, written before it begins and frozen beside it."""

from __future__ import annotations

import re
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from tp1tui.files.plain import opened
from tp1tui.journal.atomic import replacing
from tp1tui.journal.verdict import Outcome, compared
from tp1tui.spec.steering import without_steering

FILE = "prediction.md"
LONGEST = 500
"""Characters: a sentence or three."""
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_RANGE = rf"{_NUMBER}(?:\s*%?\s*(?:-|–|to)\s*{_NUMBER})?"
_IN_PERCENT = re.compile(rf"(?<![\d.,]){_RANGE}\s*%")
_ALONE = re.compile(rf"\s*{_RANGE}\s*")


def freeze(folder: Path, text: str) -> None:
    """Write a prediction into the folder of a run or a sweep; an empty one is none.

    It stands beside what was asked and not in it, since no result depends on it.

    Raises:
        OSError: It cannot be written.
    """
    text = " ".join(text.split())[:LONGEST]
    if text:
        with replacing(folder / FILE) as file:
            file.write(f"{text}\n")


def prediction_of(folder: Path) -> str:
    """What was expected of a run or a sweep; empty where nothing was, or it cannot be read."""
    with suppress(OSError, UnicodeDecodeError), TextIOWrapper(opened(folder / FILE), encoding="utf-8") as file:
        return without_steering(" ".join(file.read(4 * LONGEST).split())[:LONGEST])
    return ""


def expected_top1(text: str) -> tuple[float, float] | None:
    """The range of test top-1 that a prediction names, in percent; None when it names none.

    A number stands for everything that rounds to it: 72 for 71.5 to 72.5.

    Args:
        text: `72`, `71 to 74 %`, `about 72 %, and it overfits after ten epochs`.
    """
    found = _ALONE.fullmatch(text) or _IN_PERCENT.search(text)
    if found is None:
        return None
    low, high = (float(number.replace(",", ".")) for number in (found[1], found[2] or found[1]))
    if not found[2]:
        half = 0.5 / 10 ** len(re.split(r"[.,]", found[1])[1] if re.search(r"[.,]", found[1]) else "")
        low, high = low - half, high + half
    return (low, high) if low <= high and low <= 100 else None


def held_against(text: str, top1: float) -> tuple[str, Outcome] | None:
    """How a prediction stands to what was reached; None when it names no figure.

    Args:
        text: The prediction.
        top1: On the test set, in percent.
    """
    bounds = expected_top1(text)
    if bounds is None:
        return None
    answer, outcome = compared(top1, bounds)
    return ("as predicted", outcome) if outcome == "reproduced" else (answer, outcome)
