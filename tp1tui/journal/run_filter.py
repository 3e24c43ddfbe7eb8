"""Finding runs by what is typed: words, and terms such as `state:failed`, `top1>70` or `-tag:old`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from tp1tui.journal.folder import RunFolder
from tp1tui.journal.state import RunState
from tp1tui.journal.summary import RunSummary
from tp1tui.spec.dataset import FACTS

Test = Callable[[RunSummary], bool]

STATES: tuple[str, ...] = (*get_args(RunState), "unstarted", "unreadable")
TEXTS: Mapping[str, Callable[[RunSummary], Sequence[str]]] = {
    "preset": lambda run: (run.preset,),
    "name": lambda run: (run.labels.name, run.sweep_labels.name),
    "tag": lambda run: (*run.labels.tags, *run.sweep_labels.tags),
    "note": lambda run: (run.labels.note, run.sweep_labels.note),
    "sweep": lambda run: (run.sweep,),
    "id": lambda run: (run.id,),
    "device": lambda run: (run.device or "",),
    "host": lambda run: (run.host or "",),
}
"""What holds a text. Of a member of a sweep, what is written on the sweep counts as well."""
CHOICES: Mapping[str, tuple[Sequence[str], Callable[[RunSummary], str]]] = {
    "state": (STATES, lambda run: run.shown_state),
    "dataset": (tuple(FACTS), lambda run: run.dataset),
    "kind": (("run", "measure", "sweep"), lambda run: "sweep" if run.sweep else run.kind),
}
"""What is one of a few words, which may be shortened."""
NUMBERS: Mapping[str, Callable[[RunSummary], float | None]] = {
    "top1": lambda run: run.best_top1,
    "last": lambda run: run.last_top1,
    "epoch": lambda run: run.epoch,
    "epochs": lambda run: run.epochs,
}
"""Best and last test top-1 in percent, epochs done and asked for."""
DATE = "date"
KEYS = (*CHOICES, *TEXTS, *NUMBERS, DATE)
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_TERM = re.compile(r"(?P<no>-?)(?:(?P<key>[a-z0-9]+)(?P<sign>>=|<=|[:=<>]))?(?P<value>.*)", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r'(?:[^\s"]|"[^"]*(?:"|$))+')
_DAY = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?))?")


@dataclass(frozen=True)
class RunFilter:
    """What runs are looked for."""

    tests: tuple[Test, ...] = ()
    """A run passes when it passes them all."""
    faults: tuple[str, ...] = ()
    """What was typed and cannot be looked for, each a sentence on why."""
    unfinished: tuple[str, ...] = ()
    """The same of what asks nothing yet, as a minus alone: no fault while somebody is still typing."""

    def passes(self, run: RunSummary) -> bool:
        """Whether a run is one that is looked for; terms with a fault are passed over."""
        return all(test(run) for test in self.tests)


def read_filter(text: str, today: date) -> RunFilter:
    """Make a filter of what was typed. Any text makes one; what is wrong with it is among its faults.

    Args:
        text: Terms with spaces between, upper and lower case alike. A word is looked for in preset, name, tags, note
            and id; quotes keep spaces and signs together; a minus before a term turns it round.
        today: In local time, for the words today and yesterday.
    """
    tests: list[Test] = []
    faults: list[str] = []
    unfinished: list[str] = []
    for word in _WORD.findall(text):
        try:
            tests.append(_term(word, today))
        except _Unfinished as empty:
            unfinished.append(str(empty))
        except _Unclear as unclear:
            faults.append(str(unclear))
    return RunFilter(tuple(tests), tuple(dict.fromkeys(faults)), tuple(dict.fromkeys(unfinished)))


class _Unclear(Exception):  # noqa: N818 - what a person typed, not an error of the program's
    """A term that says nothing that can be looked for; its text is a sentence."""


class _Unfinished(_Unclear):
    """A term of signs alone, to which more may come."""


def _term(word: str, today: date) -> Test:
    """What one term asks."""
    found = _TERM.fullmatch(word)
    assert found  # whatever was typed has a value
    key, sign, value = (found["key"] or "").lower(), found["sign"] or "", found["value"].replace('"', "").casefold()
    if not value and not key:
        what = "minus wants a term after it, as in -tag:old" if word == "-" else 'quote wants a text, as in "two words"'
        raise _Unfinished(f"A {what}.")
    test = _keyed(key, sign, value, today) if key else _mentions(value)
    return (lambda run: not test(run)) if found["no"] else test


def _mentions(words: str) -> Test:
    def test(run: RunSummary) -> bool:
        return any(words in text.casefold() for text in _texts(run))

    return test


def _texts(run: RunSummary) -> Iterator[str]:
    for key in ("preset", "name", "tag", "note", "id"):
        yield from TEXTS[key](run)


def _keyed(key: str, sign: str, value: str, today: date) -> Test:
    if key in TEXTS:
        return _text(key, sign, value)
    if key in CHOICES:
        return _choice(key, sign, value)
    if key in NUMBERS:
        return _number(key, sign, value)
    if key == DATE:
        return _date(sign, value, today)
    raise _Unclear(f"{key} is nothing to look for; there are {', '.join(KEYS)}. Quotes keep a text with such signs.")


def _text(key: str, sign: str, value: str) -> Test:
    read = TEXTS[key]
    if sign not in (":", "="):
        raise _Unclear(f"{key} is a text: write {key}:{value or '…'} for those that hold it, {key}=… for it alone.")
    if not value:
        raise _Unclear(f"{key}{sign} wants a text after it.")
    if sign == "=":
        return lambda run: any(value == text.casefold() for text in read(run))
    return lambda run: any(value in text.casefold() for text in read(run))


def _choice(key: str, sign: str, value: str) -> Test:
    words, read = CHOICES[key]
    if sign not in (":", "="):
        raise _Unclear(f"{key} is a word: write {key}:{words[0]}.")
    meant = frozenset(word for word in words if (word == value if sign == "=" else word.startswith(value)))
    if not meant or not value:
        raise _Unclear(f"{key}{sign} wants one of {', '.join(words)}.")
    return lambda run: read(run) in meant


def _number(key: str, sign: str, value: str) -> Test:
    read = NUMBERS[key]
    try:
        wanted = float(value.removesuffix("%"))
    except ValueError:
        raise _Unclear(f"{key}{sign} wants a number, as {key}>{'70' if 'epoch' not in key else '5'}.") from None
    if sign in _SIGNS:
        compare = _SIGNS[sign]
        return lambda run: (number := read(run)) is not None and compare(number, wanted)
    decimals = len(value.removesuffix("%").partition(".")[2])  # 71.8 is what a table shows of 71.83
    return lambda run: (number := read(run)) is not None and round(number, decimals) == wanted


def _date(sign: str, value: str, today: date) -> Test:
    first, after = _days(value, today)
    match sign:
        case ">":
            return lambda run: (day := _day_of(run)) is not None and day >= after
        case ">=":
            return lambda run: (day := _day_of(run)) is not None and day >= first
        case "<":
            return lambda run: (day := _day_of(run)) is not None and day < first
        case "<=":
            return lambda run: (day := _day_of(run)) is not None and day < after
    return lambda run: (day := _day_of(run)) is not None and first <= day < after


def _days(value: str, today: date) -> tuple[date, date]:
    """The first day of a day or a month, and the day after its last."""
    if value == "today":
        return today, today + timedelta(days=1)
    if value == "yesterday":
        return today - timedelta(days=1), today
    found = _DAY.fullmatch(value)
    try:
        if found and found[3]:
            day = date(int(found[1]), int(found[2]), int(found[3]))
            return day, day + timedelta(days=1)
        if found:
            year, month = int(found[1]), int(found[2])
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    except (ValueError, OverflowError):
        pass
    raise _Unclear(f"{DATE} wants a day or a month, as {today:%Y-%m-%d}, {today:%Y-%m}, today or yesterday.")


def _day_of(run: RunSummary) -> date | None:
    """When it was begun; of one that was not, when it was asked for."""
    moment = run.started_at or RunFolder(run.path).created_at
    return moment.date() if moment else None
