"""A validation set: training examples that training never sees (question ab01)."""

from __future__ import annotations

from dataclasses import replace

import torch

from tp1tui.data.arrays import Examples
from tp1tui.data.seeds import generator


def held_out(examples: Examples, count: int, seed: int) -> Examples:
    """Move examples from the training set to the validation set.

    Which ones is drawn from the seed, so that a resumed run holds out the very same; both sets keep their order.

    Args:
        examples: Nothing is held out of them yet.
        count: How many to hold out; 0 leaves the examples as they are.
        seed: Of the experiment.
    """
    if not count:
        return examples
    drawn = torch.randperm(len(examples.train_labels), generator=generator(seed, 0, "validation")).numpy()
    held, kept = sorted(drawn[:count]), sorted(drawn[count:])
    return replace(
        examples,
        train_inputs=examples.train_inputs[kept],
        train_labels=examples.train_labels[kept],
        validation_inputs=examples.train_inputs[held],
        validation_labels=examples.train_labels[held],
    )
