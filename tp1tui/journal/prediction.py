"""What a person expects of a run, written before it begins and frozen beside it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from tp1tui.files.plain import opened
from tp1tui.journal.atomic import replacing
from tp1tui.journal.verdict import Outcome, compared
from tp1tui.spec.steering import without_steering

FILE = "prediction.md"
LONGEST = 500
"""Characters: a sentence or three."""
_NUMBER = r"\d{1,3}(?:[.,]\d+)?"
_PERCENT = r"\s*(?:%|per\s?cent\b)"
_FIGURE = re.compile(
    rf"""
    (?: (?P<turned>\bnot?\b|\bnever\b|n['’]t\b)\s+ (?:(?:be|get|go|come)\s+)? )?
    (?:
        (?: (?P<over>\b(?:(?:more|greater|higher|better)\sthan|above|over|beyond|exceed(?:s|ing)?)\b|>(?!=))
          | (?P<least>\bat\s(?:the\s)?(?:least|worst)\b|\bmin(?:imum|\.)?(?:\sof)?(?=\s)|>=|≥)
          | (?P<under>\b(?:(?:less|lower|worse)\sthan|below|under)\b|<(?!=))
          | (?P<most>\b(?:at\s(?:the\s)?(?:most|best)|up\sto)\b|\bmax(?:imum|\.)?(?:\sof)?(?=\s)|<=|≤)
        )\s*
    )?
    (?: (?:about|around|roughly|approximately|circa|ca\.|some|the|(?:the\s)?report['’]s|~|≈)\s* )?
    (?: (?P<between>\bbetween\s+) | \bfrom\s+ )?
    (?<![\d.,]) (?P<first>{_NUMBER})
    (?P<first_percent>{_PERCENT})?
    (?:
        \s* (?: (?P<spread>±|\+/?[-–]) | (?(between)(?:and|to|[-–])|(?:to|[-–])) )
        \s* (?P<second>{_NUMBER})
    )?
    (?P<last_percent>{_PERCENT})?
    (?: \s* (?: (?P<or_more>or\s(?:more|better|higher|above)\b|at\sleast\b|\+)
             | (?P<or_less>or\s(?:less|worse|lower|below)\b|at\s(?:the\s)?(?:most|best)\b) ) )?
    (?: (?<=\+) {_PERCENT} )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A figure, a range or a bound, in percent or without a unit."""
_OF_A_DIFFERENCE = re.compile(r"\s*(?:points?|better|worse|higher|lower|more|less)\b(?! or less)", re.IGNORECASE)
"""Goes on after a figure that is no accuracy, but how far one is from another."""
_NEXT_CLAUSE = re.compile(r"[,;:]|\.\s|\b(?:and|but|while)\b", re.IGNORECASE)
_OF_TRAINING = re.compile(r"\btrain\b|\btraining (?:set|accuracy|top-?1|images)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Expected:
    """The range of test top-1 that a prediction names, in percent."""

    low: float
    high: float
    named: tuple[float, float]
    """The figures of the text that the range is of, from which is told how far what was reached is off."""
    is_open: bool = False
    """Whether the figure itself lies outside, as 90 does of what is more than 90."""

    def holds(self, top1: float) -> bool:
        """Whether a test top-1, in percent, lies in it."""
        return self.low <= top1 <= self.high and not (self.is_open and top1 in self.named)


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


def expected_top1(text: str) -> Expected | None:
    """The range of test top-1 that a prediction names; None when it names none.

    A number stands for everything that rounds to it: 72 for 71.5 to 72.5.

    Args:
        text: `72`, `between 71 and 74 %`, `more than 70 %`, `about 72 %, and it overfits after ten epochs`.
    """
    alone = _FIGURE.fullmatch(text.strip())
    found = alone or next((found for found in _FIGURE.finditer(text) if _is_test_top1(found)), None)
    return _range_of(found) if found else None


def held_against(text: str, top1: float) -> tuple[str, Outcome] | None:
    """How a prediction stands to what was reached; None when it names no figure.

    Args:
        text: The prediction.
        top1: On the test set, in percent.
    """
    expected = expected_top1(text)
    if expected is None:
        return None
    if expected.holds(top1):
        return "as predicted", "reproduced"
    if top1 in expected.named:
        return f"exactly {top1:g} %", "missed"
    return compared(top1, (expected.low, expected.high), expected.named)


def _is_test_top1(found: re.Match[str]) -> bool:
    """Whether a figure in a sentence is in percent, and neither a difference nor of the training set."""
    if "%" not in found[0] and "cent" not in found[0].lower():
        return False
    before, after = found.string[: found.start()], found.string[found.end() :]
    clause = _NEXT_CLAUSE.split(before)[-1] + _NEXT_CLAUSE.split(after)[0]
    return not _OF_A_DIFFERENCE.match(after) and not _OF_TRAINING.search(clause)


def _range_of(found: re.Match[str]) -> Expected | None:
    first, second = (float(found[name].replace(",", ".")) if found[name] else None for name in ("first", "second"))
    assert first is not None
    if first > 100:
        return None
    if second is not None:
        low, high = (first - second, first + second) if found["spread"] else (first, second)
        return Expected(low, high, (low, high)) if low <= high else None
    is_below = bool(found["under"] or found["most"] or found["or_less"])
    if not is_below and not (found["over"] or found["least"] or found["or_more"]):
        _, _, decimals = found["first"].replace(",", ".").partition(".")
        half = 0.5 / 10 ** len(decimals)
        return Expected(first - half, first + half, (first, first))
    is_open = bool(found["under"] or found["over"])
    if found["turned"]:
        is_below, is_open = not is_below, not is_open
    low, high = (0.0, first) if is_below else (first, 100.0)
    return Expected(low, high, (first, first), is_open)
