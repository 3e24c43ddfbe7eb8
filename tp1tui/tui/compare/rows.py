"""The table of compared runs as lines of text that fit a width: what is set in each, and what it has reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tp1tui.journal.comparison import Difference
from tp1tui.tui.columns import Column, TableLines, table_lines
from tp1tui.tui.compare.figures import BEST_TEST, CHOSEN_ON, FIGURES, Figure, chosen_on
from tp1tui.tui.compare.names import column_words, setting_words
from tp1tui.tui.compare.watch import Compared, CompareWatch
from tp1tui.tui.run.head import STATES
from tp1tui.tui.text import shortened

BETTER, WORSE = "▲", "▼"
BASELINE = "baseline"
WIDEST = 16
"""Characters of what is set in a field; the table of differences has it whole."""
LONGEST_NAME = 24
"""Of a run's name."""
_PROGRESS = 22
"""How soon the column of epochs is spared."""
_CHOSEN_ON = 31
"""The same of the set that the best is chosen on."""
_FIRST_FIELD, _FIELD_STEP = 12, 4
"""The same of the first field, and how much sooner each later one is: the first after most figures, the last before."""


@dataclass(frozen=True)
class CompareRow:
    """One run."""

    run: Compared
    place: int
    """In the list, from 0."""
    baseline: Compared | None
    """What it is held against; None for nothing, and for the baseline itself."""
    is_baseline: bool

    @property
    def mark(self) -> str:
        """Whether its best test top-1 is above the baseline's or below it."""
        difference = BEST_TEST.over(self.run.seen, self.baseline.seen) if self.baseline else None
        return BETTER if difference and difference > 0 else WORSE if difference and difference < 0 else ""


def compare_rows(watch: CompareWatch, baseline: str) -> list[CompareRow]:
    """A row a run.

    Args:
        watch: The runs.
        baseline: Key of the run that the others are held against; empty for none.
    """
    base = watch.run(baseline)
    return [
        CompareRow(run, place, None if run is base else base, is_baseline=run is base)
        for place, run in enumerate(watch.runs)
    ]


def row_lines(rows: Sequence[CompareRow], differing: Sequence[Difference], width: int) -> TableLines:
    """Lay the table out.

    Args:
        rows: As `compare_rows` makes them.
        differing: The fields in which the runs differ.
        width: Cells there are.
    """
    base = next((row.run.sign for row in rows if row.is_baseline), "")
    return table_lines((*_names(), *_fields(differing), *_figures(base)), rows, width)


def _names() -> Iterator[Column[CompareRow]]:
    yield Column("", lambda row: row.run.sign, left=True)
    yield Column("run", _name, left=True)
    yield Column("", lambda row: STATES[row.run.seen.shown_state][0][:1], left=True)


def _name(row: CompareRow) -> str:
    name = shortened(row.run.name, LONGEST_NAME)
    return f"{name} {BASELINE}" if row.is_baseline else name


def _fields(differing: Sequence[Difference]) -> Iterator[Column[CompareRow]]:
    for number, field in enumerate(differing):
        spare = _FIRST_FIELD + _FIELD_STEP * number
        yield Column(column_words(field.path), _setting(field), left=True, spare=spare)


def _setting(field: Difference) -> Callable[[CompareRow], str]:
    return lambda row: shortened(setting_words(field.path, field.settings[row.place]), WIDEST)


def _figures(base: str) -> Iterator[Column[CompareRow]]:
    """Beside each figure its difference to the baseline, where there is one."""
    yield Column("epoch", _progress, spare=_PROGRESS)
    for figure in FIGURES:
        yield Column(figure.short, _figure(figure), spare=figure.spare)
        if base and figure.decimals is not None:
            yield Column(f"± {base}", _difference(figure), spare=figure.spare + 1 if figure.spare else 0)
        if base and figure is BEST_TEST:
            yield Column("", lambda row: row.mark, left=True)
        if figure is BEST_TEST:
            yield Column(CHOSEN_ON, lambda row: chosen_on(row.run.seen), left=True, spare=_CHOSEN_ON)


def _figure(figure: Figure) -> Callable[[CompareRow], str]:
    return lambda row: figure.text(figure.of(row.run.seen))


def _difference(figure: Figure) -> Callable[[CompareRow], str]:
    return lambda row: figure.difference(row.run.seen, row.baseline.seen) if row.baseline else ""


def _progress(row: CompareRow) -> str:
    last, epochs = row.run.seen.record.last, row.run.seen.spec.experiment.epochs
    return f"{last.epoch if last else 0}/{epochs}"
