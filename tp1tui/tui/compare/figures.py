"""The figures that compared runs are held against each other by, each with its way of being written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tp1tui.journal.events import Epoch
from tp1tui.journal.several import SeenRun
from tp1tui.spec.numbers import duration, loss, percent, rate, signed


@dataclass(frozen=True)
class Figure:
    """One figure of a run."""

    name: str
    short: str
    """At the head of a narrow column."""
    of: Callable[[SeenRun], float | None]
    """None where the run has not measured it."""
    text: Callable[[float | None], str]
    decimals: int | None = None
    """Of a difference to the baseline; None where none is told."""
    spare: int = 0
    """How soon its column is spared (`Column`); that of its difference goes just before it."""

    def over(self, run: SeenRun, baseline: SeenRun) -> float | None:
        """What a run's figure is above the baseline's; None where one of them has none."""
        mine, other = self.of(run), self.of(baseline)
        return None if mine is None or other is None else mine - other

    def difference(self, run: SeenRun, baseline: SeenRun) -> str:
        """The same with its sign; empty where no difference is told."""
        return "" if self.decimals is None else signed(self.over(run, baseline), self.decimals)


def _best(figure: Callable[[Epoch], float]) -> Callable[[SeenRun], float | None]:
    return lambda run: figure(run.record.best) if run.record.best else None


def _last(figure: Callable[[Epoch], float]) -> Callable[[SeenRun], float | None]:
    return lambda run: figure(run.record.last) if run.record.last else None


def _whole(number: float | None) -> str:
    return "–" if number is None else f"{number:.0f}"


CHOSEN_ON = "chosen on"
BEST_TEST = Figure("best test top-1", "best test", _best(lambda epoch: epoch.test_top1), percent, 1)
FIGURES: tuple[Figure, ...] = (
    BEST_TEST,
    Figure("in epoch", "at", _best(lambda epoch: epoch.epoch), _whole, spare=27),
    Figure("last test top-1", "last test", _last(lambda epoch: epoch.test_top1), percent, 1, spare=14),
    Figure("last test loss", "test loss", _last(lambda epoch: epoch.test_loss), loss, 4, spare=23),
    Figure("last train top-1", "last train", _last(lambda epoch: epoch.train_top1), percent, 1, spare=25),
    Figure("time", "time", _last(lambda epoch: epoch.elapsed), duration, spare=29),
    Figure("images/s", "images/s", _last(lambda epoch: epoch.images_per_s), rate, spare=30),
)
"""From the most important on."""


def chosen_on(run: SeenRun) -> str:
    """Which set says that a run's best epoch is the best; empty before anything was measured."""
    return run.record.best.chosen_on if run.record.best else ""
