"""What is looked at where curves lie one over the other, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tp1tui.journal.epoch_curves import Over
from tp1tui.tui.overlay.metric import METRICS, Metric, Split

Choice = TypeVar("Choice")

OVERS: tuple[Over, ...] = ("epoch", "step", "second", "wall")
AXIS_NAMES: dict[Over, str] = {
    "epoch": "epoch",
    "step": "step",
    "second": "seconds",
    "wall": "wall, s",
}
"""At the end of the axis."""
AXIS_WORDS: dict[Over, str] = {
    "epoch": "epochs",
    "step": "steps",
    "second": "seconds of training, pauses left out",
    "wall": "wall time since each run began, in seconds",
}


@dataclass(frozen=True)
class Aspect:
    """Of a comparison or a sweep."""

    metric: Metric = "loss"
    """Of the one plot that has its metric chosen."""
    split: Split = "test"
    over: Over = "epoch"
    logs: frozenset[Metric] = frozenset()
    """Metrics that are drawn on a log scale."""
    weight: float = 0.0
    """Of the smoothing; 0 for none."""
    lit: str = "0"
    """The row of the table under the cursor."""
    baseline: str = ""
    """The row that the others are held against; empty for none."""

    def with_log_turned(self, metric: Metric) -> Aspect:
        """A metric on a log scale, or on a linear one again."""
        return replace(self, logs=self.logs ^ {metric})

    def with_next_metric(self, choices: Sequence[Metric]) -> Aspect:
        """Another metric of some; of one that is not known of each batch, the figures of the training set."""
        metric = following(choices, self.metric)
        by_batch = self.split != "batch" or METRICS[metric].by_batch
        return replace(self, metric=metric, split=self.split if by_batch else "train")

    def with_next_split(self, *, validation: bool, batches: bool) -> Aspect:
        """Another set.

        Args:
            validation: Whether there is a validation set to be looked at.
            batches: Whether each batch is there to be looked at, after the sets, where the metric is known of it.
        """
        splits: tuple[Split, ...] = ("test", "train", "validation") if validation else ("test", "train")
        if batches and METRICS[self.metric].by_batch:
            splits = (*splits, "batch")
        return replace(self, split=following(splits, self.split))

    def with_next_over(self) -> Aspect:
        """Another x axis."""
        return replace(self, over=following(OVERS, self.over))

    def with_weight(self, weight: float) -> Aspect:
        """Another smoothing."""
        return replace(self, weight=weight)

    def with_baseline(self, baseline: str) -> Aspect:
        """Another baseline; empty for none."""
        return replace(self, baseline=baseline)


def following(choices: Sequence[Choice], now: Choice) -> Choice:
    """The choice after this one, round and round; the first where this is none of them."""
    return choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0]
