"""The table of differences: exactly the fields in which runs differ, and what each run has reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tp1tui.journal.several import SeenRun
from tp1tui.spec.results import Column, Table
from tp1tui.tui.compare.fields import told_differences
from tp1tui.tui.compare.figures import BEST_TEST, CHOSEN_ON, FIGURES, Figure, chosen_on
from tp1tui.tui.compare.names import field_words, setting_words

NAME = "differences"
SAME = "The experiments are the same in every field."
OF_ALL = len(FIGURES) + 1
"""Lines that are told of any runs: their figures, and what the best was chosen on."""
FEW = 4
"""Runs that always stand side by side."""


def differences_table(runs: Sequence[SeenRun], names: Sequence[str], baseline: SeenRun | None = None) -> Table:
    """Fields and figures: a column a run where these are few, or fewer than the fields; else a row a run.

    Args:
        runs: To be held against each other.
        names: Of each.
        baseline: The one whose figures stand alone, and those of the others with the difference to them.
    """
    lines = list(_lines(runs, baseline))
    if len(runs) <= max(FEW, len(lines) - OF_ALL):
        columns = ("", *names)
        rows = lines
    else:
        columns = ("run", *(name for name, *_ in lines))
        rows = [(name, *(line[place] for line in lines)) for place, name in enumerate(names, start=1)]
    note = "" if len(lines) > OF_ALL else SAME
    return Table(name=NAME, note=note, columns=tuple(Column(name=name) for name in columns), rows=tuple(rows))


def _lines(runs: Sequence[SeenRun], baseline: SeenRun | None) -> Iterator[tuple[str, ...]]:
    """A field's or a figure's name, then what stands there for each run."""
    for field in told_differences(runs):
        yield field_words(field.path), *(setting_words(field.path, setting) for setting in field.settings)
    for figure in FIGURES:
        yield figure.name, *(_written(figure, run, baseline) for run in runs)
        if figure is BEST_TEST:
            yield CHOSEN_ON, *map(chosen_on, runs)


def _written(figure: Figure, run: SeenRun, baseline: SeenRun | None) -> str:
    text = figure.text(figure.of(run))
    difference = figure.difference(run, baseline) if baseline and run is not baseline else ""
    return f"{text} ({difference})" if difference else text
