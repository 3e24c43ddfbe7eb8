"""From an experiment's dataset to its examples; what the worker calls."""

from __future__ import annotations

from tp1tui.data.arrays import Arrays, Examples
from tp1tui.data.circles import circles
from tp1tui.data.digits import digits
from tp1tui.data.download import Report
from tp1tui.data.fetch import fetch
from tp1tui.data.store import Store
from tp1tui.data.validation import held_out
from tp1tui.spec.dataset import Cifar10, Circles, Dataset, Digits, Mnist, validation_size

__all__ = ["Examples", "load"]


def load(dataset: Dataset, seed: int, store: Store, report: Report) -> Examples:
    """The examples that an experiment trains and tests on; a dataset that is missing is fetched, all are verified.

    Args:
        dataset: Which, and how many of its examples.
        seed: Of the experiment; generated datasets and what is held out for validation depend on it.
        store: Where datasets are kept.
        report: Told how far a download has come.

    Raises:
        DatasetError: It cannot be had, or the copy on disk is damaged.
    """
    match dataset:
        case Circles():
            examples = circles(seed)
        case Digits():
            examples = _digits(store)
        case Cifar10() | Mnist():
            if not store.is_complete(dataset.kind):
                fetch(dataset.kind, store, report)
            examples = _examples(*store.open_verified(dataset.kind))
    taken = examples.first(dataset.train_examples, dataset.test_examples)
    return held_out(taken, validation_size(dataset), seed)


def _digits(store: Store) -> Examples:
    """Kept in the store like the others, to spare later runs scikit-learn's import; made anew where damaged."""
    if not store.is_intact("digits"):
        made = digits()
        try:
            store.put("digits", made)
        except OSError:  # a store that cannot be written costs a second, no more
            return _examples(made, {array.name: array.sha256 for array in store.catalog["digits"].arrays})
    return _examples(*store.open_verified("digits"))


def _examples(arrays: Arrays, digests: dict[str, str]) -> Examples:
    return Examples(arrays.train_images, arrays.train_labels, arrays.test_images, arrays.test_labels, digests)
