"""The three plots of a run: what a record holds, kept ready to be drawn at any width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import nan

from tp1tui.journal.best import best_on
from tp1tui.journal.events import Changed, Epoch
from tp1tui.journal.latest_batches import first_not_finite
from tp1tui.journal.record import RunRecord
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.numbers import loss, percent, span
from tp1tui.tui.plots.axis import next_round
from tp1tui.tui.plots.chart import Band, Chart, Curve, Mark, Role, Spot
from tp1tui.tui.plots.envelope import Envelope
from tp1tui.tui.plots.quantity import ANYTHING, LOSS, TOP1, Quantity
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.lines import Line
from tp1tui.tui.switches import SWITCH_KEYS

LEAST_WINDOW = 20
WINDOWS = 40
"""Smoothing windows along the whole axis."""
_CLEAN_SIGN = "+"
NOTHING_YET = "The first point comes when the untrained network is measured."
NEVER = "The run ended before anything was measured."
_VALIDATION_SIGN = "v"
_FIGURES = (
    *("train_loss", "test_loss", "clean_train_loss", "validation_loss"),
    *("train_top1", "test_top1", "clean_train_top1", "validation_top1"),
)


@dataclass(frozen=True)
class Plot:
    """A chart with the line that stands over it."""

    legend: tuple[Line, ...]
    """What its curves are and where they stand, the most important first."""
    brief: tuple[Line, ...]
    """The same in fewer words."""
    chart: Chart
    quantity: Quantity = ANYTHING
    """What lies up the plot."""


@dataclass
class Curves:
    """The series of one run. `update` takes in what its record has gained."""

    spec: RunSpec
    epochs: dict[str, Envelope] = field(default_factory=dict)
    batches: Envelope = field(default_factory=lambda: Envelope(first_x=1))
    not_finite: int | None = None
    """The first step whose loss is NaN or infinite."""
    _record: RunRecord | None = None
    _resumes: int = 0
    _last: Epoch | None = None
    _best: Epoch | None = None
    _lowest: Epoch | None = None
    _changes: tuple[Changed, ...] = ()
    _epoch_count: int = 0

    def update(self, record: RunRecord) -> None:
        """Take in what is new; begin again when the record has taken something back."""
        if record is not self._record or record.resumes != self._resumes or self._taken_back(record):
            self._begin(record)
        if self.not_finite is None:
            self.not_finite = first_not_finite(record.losses, record.batch_top1, self.batches.length)
        self.batches.sum_up()
        for epoch in record.epochs[self._epoch_count :]:
            for name in _FIGURES:
                series = self.epochs[name]
                missing = epoch.epoch - series.length  # hidden by a damaged line
                figure = getattr(epoch, name)
                series.extend([*[nan] * missing, nan if figure is None else figure])
        self._epoch_count = len(record.epochs)
        self._last, self._best, self._lowest = record.last, record.best, record.lowest_loss
        self._changes = tuple(record.changes)

    def loss(self, sight: Sight, reference: Curves | None, *, log_y: bool, is_over: bool) -> Plot:
        """Mean loss of every epoch.

        Args:
            sight: What of the plot is looked at.
            reference: Another run to compare with.
            log_y: Whether the loss is on a log scale.
            is_over: Whether the axis may end where the run does.
        """
        last, lowest = self._last, self._lowest
        legend = _legend(loss, last.train_loss, last.test_loss, last.validation_loss) if last else []
        spot = lowest if lowest and lowest.epoch else None
        best = _Best(f"lowest on {spot.chosen_on}", loss(spot.choosing_loss), spot) if spot else None
        chart = Chart(
            x=self._epoch_axis(reference, is_over=is_over),
            curves=self._epoch_curves("loss", sight, reference),
            marks=self._marks(1.0),
            spots=(Spot(spot.epoch, spot.choosing_loss, Role(spot.chosen_on)),) if spot else (),
            log_y=log_y,
            x_name="epoch",
            empty=NEVER if is_over else NOTHING_YET,
        )
        return _plot(legend, best, _clean_legend(loss, last.clean_train_loss if last else None), chart, self._loss)

    def accuracy(self, sight: Sight, reference: Curves | None, *, is_over: bool) -> Plot:
        """Top-1 of every epoch; for the arguments see `loss`."""
        last = self._last
        legend = _legend(percent, last.train_top1, last.test_top1, last.validation_top1) if last else []
        spot = self._best if self._best and self._best.epoch else None
        best = _Best(best_on(spot.chosen_on), percent(spot.choosing_top1), spot) if spot else None
        bounds = self.spec.report.test_top1
        chart = Chart(
            x=self._epoch_axis(reference, is_over=is_over),
            curves=self._epoch_curves("top1", sight, reference),
            marks=self._marks(1.0),
            spots=(Spot(spot.epoch, spot.choosing_top1, Role(spot.chosen_on)),) if spot else (),
            band=Band(*bounds, f"report's test {span(*bounds)}") if bounds and last else None,
            x_name="epoch",
            empty=NEVER if is_over else NOTHING_YET,
        )
        return _plot(legend, best, _clean_legend(percent, last.clean_train_top1 if last else None), chart, TOP1)

    def batch_loss(self, sight: Sight, steps_per_epoch: int, total: int, *, log_y: bool, is_over: bool) -> Plot:
        """Loss of every batch, raw and smoothed.

        Args:
            sight: What of the plot is looked at.
            steps_per_epoch: Updates in one epoch.
            total: Updates in all.
            log_y: Whether the loss is on a log scale.
            is_over: Whether the axis may end where the run does.
        """
        length = self.batches.length
        end = max(2, length) if is_over else min(total, next_round(length * 1.02))
        window = max(LEAST_WINDOW, end // WINDOWS)
        low, high = sight.x or (1, end)
        known = min(high, length) - max(low, 1) + 1
        most = max(1, int(sight.dots * known / (high - low + 1)))
        smoothed = f"mean of {window:,} batches"
        curves = (
            Curve("", Role.RAW, tuple(self.batches.extremes(most, sight.x)), label="each batch"),
            Curve("", Role.SMOOTH, tuple(self.batches.means(most, window, sight.x)), covers=True, label=smoothed),
        )
        marks = self._marks(float(steps_per_epoch))
        if self.not_finite is not None:
            marks = (Mark(self.not_finite, "not finite from here", Role.FAULT), *marks)
        legend: list[Line] = []
        if length:
            legend = [(("│ each batch", Role.RAW),), (("━ mean of ", Role.SMOOTH), (f"{window:,} batches", None))]
        empty = NEVER if is_over else "The first points come with the first batches."
        chart = Chart((1, end), curves, marks, log_y=log_y, x_name="step", empty=empty)
        return Plot(tuple(legend), tuple(legend), chart, self._loss)

    def _epoch_curves(self, kind: str, sight: Sight, reference: Curves | None) -> tuple[Curve, ...]:
        curves: list[Curve] = []
        if reference:
            for name in ("train", "test"):
                stretches = reference.epochs_of(f"{name}_{kind}", sight)
                curves.append(Curve(f"{name}, before", Role.REFERENCE, stretches, dotted=name == "test"))
        curves.append(Curve("train", Role.TRAIN, self.epochs_of(f"train_{kind}", sight)))
        clean = self.epochs_of(f"clean_train_{kind}", sight)
        if clean:
            curves.append(Curve("train, after", Role.CLEAN, clean, sign=_CLEAN_SIGN))
        validation = self.epochs_of(f"validation_{kind}", sight)
        if validation:
            curves.append(Curve("validation", Role.VALIDATION, validation, sign=_VALIDATION_SIGN))
        curves.append(Curve("test", Role.TEST, self.epochs_of(f"test_{kind}", sight), dotted=True))
        return tuple(curves)

    def epochs_of(self, name: str, sight: Sight) -> tuple[list[tuple[float, float]], ...]:
        """A figure of every epoch, as lines."""
        envelope = self.epochs.get(name)
        return tuple(envelope.extremes(sight.dots, sight.x)) if envelope else ()

    @property
    def _loss(self) -> Quantity:
        """Cross-entropy is told in nats; other losses have no unit."""
        return replace(LOSS, unit="nats") if self.spec.experiment.loss.kind == "cross-entropy" else LOSS

    def _epoch_axis(self, reference: Curves | None, *, is_over: bool) -> tuple[float, float]:
        done = self._last.epoch if self._last else 0
        end = max(1, done) if is_over else min(self.spec.experiment.epochs, next_round(done + 0.5))
        before = reference._last.epoch if reference and reference._last else 0
        return 0, max(end, min(before, self.spec.experiment.epochs))

    def _marks(self, unit: float) -> tuple[Mark, ...]:
        """Where something was switched; `unit` is an epoch's length on the axis."""
        together = [list(changes) for _, changes in groupby(self._changes, key=lambda change: change.step)]
        return tuple(
            Mark(
                changes[0].epoch * unit,
                " ".join(map(_mark_label, changes)),
                words=", ".join(f"{change.switch} {'on' if change.new else 'off'}" for change in changes),
            )
            for changes in together
        )

    def _begin(self, record: RunRecord) -> None:
        self._record, self._resumes = record, record.resumes
        self._epoch_count = 0
        self.epochs = {name: Envelope() for name in _FIGURES}
        self.batches = Envelope(first_x=1, values=record.losses)
        self.not_finite = None

    def _taken_back(self, record: RunRecord) -> bool:
        """Whether batches or epochs are gone that were here: a damaged line can hide why."""
        if len(record.losses) < self.batches.length or len(record.epochs) < self._epoch_count:
            return True
        return self._epoch_count > 0 and record.epochs[self._epoch_count - 1] is not self._last


def _mark_label(change: Changed) -> str:
    return f"{SWITCH_KEYS[change.switch]} {'on' if change.new else 'off'}"


@dataclass(frozen=True)
class _Best:
    """The epoch with the spot on it."""

    word: str
    value: str
    epoch: Epoch


def _legend(word: Callable[[float | None], str], train: float, test: float, validation: float | None) -> list[Line]:
    held_out: list[Line] = []
    if validation is not None:
        held_out = [((f"{_VALIDATION_SIGN} validation ", Role.VALIDATION), (word(validation), None))]
    return [(("━ train ", Role.TRAIN), (word(train), None)), *held_out, (("• test ", Role.TEST), (word(test), None))]


def _clean_legend(word: Callable[[float | None], str], figure: float | None) -> tuple[Line, Line] | None:
    """The third curve's place in a legend, in full and in brief; None where the run has none."""
    if figure is None:
        return None
    value = (word(figure), None)
    return ((f"{_CLEAN_SIGN} train, after the epoch ", Role.CLEAN), value), (
        (f"{_CLEAN_SIGN} after ", Role.CLEAN),
        value,
    )


def _plot(
    legend: list[Line], best: _Best | None, clean: tuple[Line, Line] | None, chart: Chart, quantity: Quantity
) -> Plot:
    long, brief = list(legend), list(legend)
    if best:
        role, number = Role(best.epoch.chosen_on), best.epoch.epoch
        long.append(((f"◆ {best.word} ", role), (f"{best.value} in epoch {number}", None)))
        brief.append(((f"◆ on {best.epoch.chosen_on} ", role), (f"{best.value} in {number}", None)))
    if clean:
        long.append(clean[0])
        brief.append(clean[1])
    return Plot(tuple(long), tuple(brief), chart, quantity)
