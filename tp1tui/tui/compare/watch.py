"""Following the runs of a comparison for the screen: each with its colour, its letter, its names and its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tp1tui.journal.comparison import Difference
from tp1tui.journal.epoch_curves import CurveFigure, Over, curve
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.several import RunsFetched, RunsFollower, SeenRun
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_record import state_of
from tp1tui.spec.results import Line
from tp1tui.tui.compare.fields import told_differences
from tp1tui.tui.compare.labels import GivenNames
from tp1tui.tui.compare.names import brief_names, run_names
from tp1tui.tui.overlay.batches import BatchEnvelopes, BatchLine, placing
from tp1tui.tui.overlay.chart import Span
from tp1tui.tui.overlay.metric import Metric
from tp1tui.tui.plots.chart import line_sign


@dataclass(frozen=True)
class Compared:
    """One run of a comparison, as it was at a look."""

    seen: SeenRun
    number: int
    """Its place among colours and letters (`Places`)."""
    name: str
    brief: str

    @property
    def key(self) -> str:
        """What its row in the table is called."""
        return str(self.seen.folder.path)

    @property
    def sign(self) -> str:
        """The letter of its curve."""
        return line_sign(self.number)


@dataclass(frozen=True)
class Found:
    """What a look at the folders of several runs finds."""

    runs: RunsFetched
    given: Mapping[Path, str]
    """The name that a person gave to each run; empty where it has none, or one that cannot be read."""


class CompareWatch:
    """One watcher of several runs. Opening reads all journals, so do it where nobody waits.

    `read` touches nothing that is looked at, so it may be called in another thread than all else.
    """

    def __init__(self, folders: Sequence[RunFolder], places: Mapping[Path, int]) -> None:
        """Open runs.

        Args:
            folders: Of the runs, in the order in which they are listed.
            places: Of each among colours and letters.
        """
        self._follower = RunsFollower(folders)
        self._names = GivenNames(folders)
        self._given: Mapping[Path, str] = {}
        self._places = places
        self._removed: list[Path] = []
        self._lines: dict[tuple[str, CurveFigure, Over], tuple[object, Line]] = {}
        self._envelopes: dict[tuple[str, Metric], BatchEnvelopes] = {}
        self.runs: list[Compared] = []
        """Those that can be read and were not removed."""
        self.differences: tuple[Difference, ...] = ()
        """The fields in which they differ, each with one setting a run; see `told_differences`."""
        self._follower.poll()
        self._given = self._names.read()
        self._gather()

    @property
    def troubles(self) -> list[str]:
        """What cannot be read, in sentences."""
        return self._follower.troubles

    @property
    def state(self) -> RunState:
        """Of all runs as a whole."""
        return state_of([run.seen for run in self.runs])

    @property
    def span(self) -> Span:
        """How far the x axis may reach."""
        experiments = [run.seen.spec.experiment for run in self.runs]
        return Span(
            steps=max((experiment.steps_per_epoch * experiment.epochs for experiment in experiments), default=1),
            epochs=max((experiment.epochs for experiment in experiments), default=1),
            is_over=self.state not in ("running", "paused", "queued"),
        )

    @property
    def has_validation(self) -> bool:
        """Whether any run has measured a validation set."""
        return any(run.seen.record.chosen_on == "validation" for run in self.runs)

    @property
    def has_removed(self) -> bool:
        """Whether a run was removed that can be put back."""
        return bool(self._removed)

    def run(self, key: str) -> Compared | None:
        """The run of a row."""
        return next((run for run in self.runs if run.key == key), None)

    def read(self) -> Found:
        """What there is now, to be taken in."""
        return Found(self._follower.fetch(), self._names.read())

    def take(self, found: Found) -> bool:
        """Take in what was read, everything in its order; returns whether anything has changed."""
        news = self._follower.take(found.runs) or found.given != self._given
        if news:
            self._given = found.given
            self._gather()
        return news

    def remove(self, key: str) -> None:
        """Leave a run out; the others keep their colours and letters."""
        run = self.run(key)
        if run:
            self._removed.append(run.seen.folder.path)
            self._gather()

    def put_back(self) -> str:
        """Take in again what was removed last; returns its row's key, empty where nothing was."""
        if not self._removed:
            return ""
        path = self._removed.pop()
        self._gather()
        return str(path)

    def line(self, run: Compared, figure: CurveFigure, over: Over) -> Line:
        """A figure of a run; made anew when it has grown."""
        record = run.seen.record
        stamp = (record, record.last, len(record.epochs))
        known = self._lines.get((run.key, figure, over))
        if known is None or known[0] != stamp:
            known = self._lines[(run.key, figure, over)] = (stamp, curve(run.name, [record], figure, over))
        return known[1]

    def batch_line(self, run: Compared, metric: Metric, over: Over) -> BatchLine:
        """A metric of each batch of a run: its loss, else its top-1."""
        record = run.seen.record
        values = record.losses if metric == "loss" else record.batch_top1
        envelopes = self._envelopes.setdefault((run.key, metric), BatchEnvelopes())
        steps = run.seen.spec.experiment.steps_per_epoch
        return BatchLine(record, values, envelopes, placing(record, over, steps))

    def _gather(self) -> None:
        seen = [run for run in self._follower.runs if run.folder.path not in self._removed]
        self.differences = told_differences(seen)
        given = [self._given[run.folder.path] for run in seen]
        names, briefs = run_names(seen, given), brief_names(seen, given, self.differences)
        named = zip(seen, names, briefs, strict=True)
        self.runs = [Compared(run, self._places[run.folder.path], name, brief) for run, name, brief in named]
