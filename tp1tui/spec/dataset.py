"""Datasets by name: what an experiment may train on, and what the arithmetic must know of each.

Nothing here holds data; `tp1tui.data` fetches and opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from tp1tui.spec.part import Count, Part

DatasetKind = Literal["cifar10", "mnist", "digits", "circles"]


@dataclass(frozen=True)
class DatasetFacts:
    """What never changes about a dataset."""

    title: str
    shape: tuple[int, ...]
    """Of one example: [C, H, W] for images, [F] for points."""
    class_names: tuple[str, ...]
    train: int
    """Examples in the training set."""
    test: int
    """Examples in the test set."""


DIGIT_NAMES = tuple("0123456789")

FACTS: dict[DatasetKind, DatasetFacts] = {
    "cifar10": DatasetFacts(
        title="CIFAR-10",
        shape=(3, 32, 32),
        class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        train=50_000,
        test=10_000,
    ),
    "mnist": DatasetFacts(title="MNIST", shape=(1, 28, 28), class_names=DIGIT_NAMES, train=60_000, test=10_000),
    "digits": DatasetFacts(title="digits", shape=(1, 8, 8), class_names=DIGIT_NAMES, train=1_297, test=500),
    "circles": DatasetFacts(title="circles", shape=(2,), class_names=("disc", "ring"), train=200, test=200),
}


class _Sampled(Part):
    """A dataset of which an experiment may use only a part."""

    train_examples: Count | None = None
    """Train on the first so many examples only; all of them when left out."""
    test_examples: Count | None = None
    """Test on the first so many examples only; all of them when left out."""
    validation_fraction: float = Field(default=0.0, ge=0, lt=1)
    """Hold this part of the training examples out, drawn from the experiment's seed: they are not trained on, no
    statistics are fitted to them, and the best epoch is chosen on them (question ab01)."""


class Cifar10(_Sampled):
    """60,000 colour photographs of 32x32 pixels in 10 classes."""

    kind: Literal["cifar10"] = "cifar10"


class Mnist(_Sampled):
    """70,000 grey handwritten digits of 28x28 pixels."""

    kind: Literal["mnist"] = "mnist"


class Digits(_Sampled):
    """1,797 grey handwritten digits of 8x8 pixels, from inside the scikit-learn package."""

    kind: Literal["digits"] = "digits"


class Circles(_Sampled):
    """Points of the plane, a disc within a ring, generated from the experiment's seed (parts A-B)."""

    kind: Literal["circles"] = "circles"


Dataset = Annotated[Cifar10 | Mnist | Digits | Circles, Field(discriminator="kind")]


def sizes(dataset: Dataset) -> tuple[int, int]:
    """Examples that are really used: (training, without those held out for validation; test)."""
    facts = FACTS[dataset.kind]
    return in_use(dataset) - validation_size(dataset), dataset.test_examples or facts.test


def in_use(dataset: Dataset) -> int:
    """Training examples that an experiment takes, those held out for validation among them."""
    return dataset.train_examples or FACTS[dataset.kind].train


def validation_size(dataset: Dataset) -> int:
    """How many of the training examples are held out: the nearest whole number to the fraction of those in use."""
    return round(dataset.validation_fraction * in_use(dataset))
