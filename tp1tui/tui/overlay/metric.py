"""The figures that curves can show: what they are called, how they are written, and which way is better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from tp1tui.journal.epoch_curves import CurveFigure
from tp1tui.spec.numbers import loss, lr, percent, rate, signed
from tp1tui.tui.plots.quantity import Quantity

Metric = Literal["loss", "top1", "top5", "lr", "images_per_s"]
Split = Literal["test", "train", "validation", "batch"]
"""On which examples: a set, measured once an epoch, or each batch that is trained on."""


@dataclass(frozen=True)
class MetricWords:
    """How a metric is spoken of."""

    name: str
    text: Callable[[float | None], str]
    """One value."""
    decimals: int
    """Of a difference between two values."""
    by_split: bool
    """Whether it is measured on the training set, on the test set and, where it is held out, on the validation set."""
    highest: bool | None
    """Whether the highest value is the best one; None where none is."""
    unit: str = ""
    by_batch: bool = False
    """Whether it is known of each batch."""

    def difference(self, number: float | None) -> str:
        """What one value is above another, with its sign."""
        return signed(number, self.decimals)


METRICS: Mapping[Metric, MetricWords] = {
    "loss": MetricWords("loss", loss, 4, by_split=True, highest=False, by_batch=True),
    "top1": MetricWords("top-1", percent, 1, by_split=True, highest=True, unit="%", by_batch=True),
    "top5": MetricWords("top-5", percent, 1, by_split=True, highest=True, unit="%"),
    "lr": MetricWords("learning rate", lr, 5, by_split=False, highest=None),
    "images_per_s": MetricWords("images/s", rate, 0, by_split=False, highest=True),
}


def figure_of(metric: Metric, split: Split) -> CurveFigure:
    """A metric on a set, as an `Epoch` event calls it; not for batches."""
    return cast("CurveFigure", f"{split}_{metric}" if METRICS[metric].by_split else metric)


def quantity(metric: Metric, split: Split) -> Quantity:
    """What lies up a plot of a metric on a set."""
    words = METRICS[metric]
    return Quantity(metric_words(metric, split), words.unit, words.text)


def metric_words(metric: Metric, split: Split) -> str:
    """`test loss`, `loss of each batch`, `learning rate`."""
    words = METRICS[metric]
    if split == "batch":
        return f"{words.name} of each batch"
    return f"{split} {words.name}" if words.by_split else words.name
