"""What a comparison of runs finds: the fields in which they differ, and a row of figures each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.journal.events import Changed
from tp1tui.journal.folder import short_name
from tp1tui.journal.several import SeenRun
from tp1tui.spec.changes import differing_fields
from tp1tui.spec.experiment import SWITCHES
from tp1tui.spec.results import Cell, Column, Table
from tp1tui.spec.toml_text import value_text

FIGURES: tuple[Column, ...] = (
    *(Column(name="epoch"), Column(name="epochs")),
    *(Column(name="best test top-1", unit="%"), Column(name="in epoch"), Column(name="chosen on")),
    *(Column(name="test top-1", unit="%"), Column(name="test loss")),
    *(Column(name="train top-1", unit="%"), Column(name="train loss")),
    *(Column(name="time", unit="s"), Column(name="resumes"), Column(name="state")),
)
"""Of one run: how far it is, its best and its last figures, seconds of work up to its last epoch, how often it was
resumed."""


@dataclass(frozen=True)
class Setting:
    """What one run has in a field: as it began, and as a switch was flipped while it ran."""

    value: object
    """None where the run's experiment has no such field."""
    flips: tuple[Changed, ...] = ()

    @property
    def cell(self) -> Cell:
        """As it stands in a file: `0.03`, or `false; true from epoch 4.5`."""
        if self.flips:
            return "; ".join([value_text(self.value), *map(_flip_text, self.flips)])
        plain = self.value is None or isinstance(self.value, bool | int | float | str)
        return self.value if plain else value_text(self.value)  # type: ignore[return-value]


@dataclass(frozen=True)
class Difference:
    """One field in which runs differ."""

    path: str
    """Key path, as `--set` takes it."""
    settings: tuple[Setting, ...]
    """One a run, in their order."""


def differences(runs: Sequence[SeenRun]) -> tuple[Difference, ...]:
    """Every field in which runs differ: as their experiments began, or by what was switched while they ran.

    Switched fields that all experiments have alike come after the others.
    """
    found = {field.path: field.values for field in differing_fields([run.spec.experiment for run in runs])}
    for switch in SWITCHES:
        histories = [[(flip.epoch, flip.new) for flip in _flips(run, switch)] for run in runs]
        if any(history != histories[0] for history in histories):
            found.setdefault(_path(switch), tuple(run.spec.experiment.is_on(switch) for run in runs))
    flips = {_path(switch): [_flips(run, switch) for run in runs] for switch in SWITCHES}
    none: list[tuple[Changed, ...]] = [()] * len(runs)
    return tuple(Difference(path, tuple(map(Setting, values, flips.get(path, none)))) for path, values in found.items())


def figures(run: SeenRun) -> tuple[Cell, ...]:
    """A run's cells under `FIGURES`."""
    last, best = run.record.last, run.record.best
    return (
        *(last.epoch if last else None, run.spec.experiment.epochs),
        *((best.test_top1, best.epoch, best.chosen_on) if best else (None,) * 3),
        *((last.test_top1, last.test_loss, last.train_top1, last.train_loss, last.elapsed) if last else (None,) * 5),
        run.record.resumes,
        run.shown_state,
    )


def comparison_table(runs: Sequence[SeenRun]) -> Table:
    """A row a run: its name, the fields in which they differ by their key paths, its figures."""
    differing = differences(runs)
    return Table(
        name="comparison",
        columns=(Column(name="run"), *(Column(name=field.path) for field in differing), *FIGURES),
        rows=tuple(
            (short_name(run.folder.id), *(field.settings[place].cell for field in differing), *figures(run))
            for place, run in enumerate(runs)
        ),
    )


def _flips(run: SeenRun, switch: str) -> tuple[Changed, ...]:
    return tuple(change for change in run.record.changes if change.switch == switch)


def _path(switch: str) -> str:
    return f"{switch}.enabled"


def _flip_text(flip: Changed) -> str:
    return f"{value_text(flip.new)} from epoch {flip.epoch:.4g}"
