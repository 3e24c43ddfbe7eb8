"""The best epoch, of a run or among several runs, and the words for it: none is shown without the set that chose it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf, isnan

from tp1tui.journal.events import Chosen, Epoch
from tp1tui.spec.numbers import percent


@dataclass(frozen=True)
class Best:
    """What the best epoch has reached, top-1 in percent."""

    epoch: int
    train_top1: float
    test_top1: float
    validation_top1: float | None
    """None where nothing is held out."""
    chosen_on: Chosen
    """Which set says that it is the best."""

    @property
    def choosing_top1(self) -> float:
        """Top-1 on that set."""
        held_out = self.validation_top1 if self.chosen_on == "validation" else None
        return self.test_top1 if held_out is None else held_out

    @property
    def words(self) -> str:
        """What it has reached on the test set: `best test 73.1 % in epoch 8 (chosen on test)`."""
        return f"best test {percent(self.test_top1)} {self.where}"

    @property
    def where(self) -> str:
        """`in epoch 8 (chosen on test)`."""
        return f"in epoch {self.epoch} (chosen on {self.chosen_on})"

    @property
    def brief(self) -> str:
        """What it has reached on the set that chose it: `best on test 73.1 %`."""
        return f"{best_on(self.chosen_on)} {percent(self.choosing_top1)}"


def best_on(chosen_on: Chosen) -> str:
    """What the best is called where the figure of the set that chose it follows."""
    return f"best on {chosen_on}"


def best_of(epoch: Epoch | None) -> Best | None:
    """The best of a run, of the epoch that its record says is the best."""
    if epoch is None:
        return None
    return Best(epoch.epoch, epoch.train_top1, epoch.test_top1, epoch.validation_top1, epoch.chosen_on)


def best_among(bests: Iterable[Best | None]) -> Best | None:
    """The best of several runs, the first of equals: on validation where each holds one out, else on test.

    Args:
        bests: Of each; None for those that have measured nothing, which have no say.
    """
    known = [best for best in bests if best is not None]
    on: Chosen = "validation" if all(best.chosen_on == "validation" for best in known) else "test"
    judged = [replace(best, chosen_on=on) for best in known]
    return max(judged, key=lambda best: -inf if isnan(best.choosing_top1) else best.choosing_top1, default=None)
