"""What a run has reached, as a line of a Markdown table: to be put into an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.journal.best import Best, best_of
from tp1tui.journal.folder import short_name
from tp1tui.journal.record import RunRecord
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.numbers import percent

_COLUMNS = ("run", "changed", "epochs", "last train / test", "best train / test")
_RIGHT = 2
"""The first column that is aligned to the right."""


@dataclass(frozen=True)
class Figures:
    """A run's last epoch and its best."""

    run: str
    """Its id without the time."""
    changed: str
    """What makes it another than its preset's, or which member of a sweep it is."""
    epochs: int
    last_top1: tuple[float, float]
    """On the training and on the test set, in percent."""
    best: Best
    resumes: int = 0
    """How often it was resumed."""
    prediction: str = ""


def figures(run_id: str, spec: RunSpec, record: RunRecord, prediction: str = "") -> Figures | None:
    """The figures of a run so far; None before its first epoch is done.

    Args:
        run_id: The run's.
        spec: What it was asked to do.
        record: What it has done.
        prediction: What was expected of it.
    """
    last, best = record.last, best_of(record.best)
    if last is None or best is None or not last.epoch:
        return None
    return Figures(
        run=short_name(run_id),
        changed=spec.member or ", ".join(spec.changes),
        epochs=last.epoch,
        last_top1=(last.train_top1, last.test_top1),
        best=best,
        resumes=record.resumes,
        prediction=prediction,
    )


def table(rows: Sequence[Figures]) -> str:
    """A Markdown table of runs, a line each, with a line break at its end; empty without runs."""
    if not rows:
        return ""
    rule = ["---:" if at >= _RIGHT else "---" for at in range(len(_COLUMNS))]
    return "".join((_line(_COLUMNS), _line(rule), *map(line, rows)))


def line(row: Figures) -> str:
    """One more line for a table that has its heading already."""
    best = f"{_both((row.best.train_top1, row.best.test_top1))} {row.best.where}"
    return _line((row.run, row.changed, str(row.epochs), _both(row.last_top1), best))


def is_of_table(text: str) -> bool:
    """Whether a line of Markdown is one of such a table, so that another may follow it."""
    return text.lstrip().startswith("|") and len(re.findall(r"(?<!\\)\|", text)) == len(_COLUMNS) + 1


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _both(top1: tuple[float, float]) -> str:
    train, test = map(percent, top1)
    return f"{train.removesuffix(' %')} / {test}"
