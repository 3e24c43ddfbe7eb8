from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tp1tui.data.arrays import Examples
from tp1tui.data.resident import ResidentData
from tp1tui.data.standardize import channel_statistics
from tp1tui.data.validation import held_out
from tp1tui.data.whitened import whitened
from tp1tui.data.whitening import fit
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")


def numbered(train: int) -> Examples:
    """Images whose every pixel is their number."""
    images = np.broadcast_to(np.arange(train, dtype=np.uint8)[:, None, None, None], (train, 4, 4, 1)).copy()
    return Examples(images, np.arange(train, dtype=np.uint8), images[:5], np.arange(5, dtype=np.uint8), {})


@given(st.data(), st.integers(2, 60), st.integers(0, 1000))
def test_every_example_is_in_one_of_both_sets_with_its_label(data: st.DataObject, train: int, seed: int) -> None:
    count = data.draw(st.integers(1, train - 1))
    parted = held_out(numbered(train), count, seed)
    assert parted.validation_inputs is not None
    assert parted.validation_labels is not None
    assert len(parted.validation_labels) == count
    assert sorted([*parted.train_labels, *parted.validation_labels]) == list(range(train))
    assert (parted.train_inputs[:, 0, 0, 0] == parted.train_labels).all()
    assert (parted.validation_inputs[:, 0, 0, 0] == parted.validation_labels).all()
    assert list(parted.train_labels) == sorted(parted.train_labels)
    assert (parted.test_labels == np.arange(5)).all()


def test_the_seed_says_which_and_says_so_again() -> None:
    first, again, other = (held_out(numbered(50), 10, seed).validation_labels for seed in (0, 0, 1))
    assert first is not None
    assert (first == again).all()
    assert (first != other).any()


def test_nothing_is_held_out_unless_asked() -> None:
    examples = numbered(10)
    assert held_out(examples, 0, 0) is examples
    assert examples.validation_inputs is None


def experiment(*settings: str) -> Experiment:
    page = {
        "dataset": {"kind": "digits", "train_examples": 60},
        "model": {"layers": [{"kind": "flatten"}, {"kind": "linear", "features": 10}]},
        "optimizer": {"kind": "sgd", "lr": 0.1},
        "epochs": 1,
        "batch_size": 10,
    }
    return with_changes(Experiment.model_validate(page), ["dataset.validation_fraction=0.5", *settings])


@pytest.fixture
def parted() -> Examples:
    draws = np.random.default_rng(0)
    train, test = (draws.integers(0, 256, (count, 8, 8, 1), dtype=np.uint8) for count in (60, 20))
    labels = np.zeros(60, np.uint8)
    return held_out(Examples(train, labels, test, labels[:20], {}), 30, 0)


def test_statistics_are_those_of_what_is_trained_on(parted: Examples) -> None:
    asked = experiment("standardization={kind='channel', enabled=true}")
    data = ResidentData(asked, parted, CPU)
    assert data.validation is not None
    inputs, _ = data.measuring_batch(data.validation, 0, 30)
    (mean,), (deviation,) = channel_statistics(torch.tensor(parted.train_inputs))
    expected = (torch.tensor(parted.validation_inputs) / 255 - mean) / deviation
    assert torch.allclose(inputs, expected.permute(0, 3, 1, 2), atol=1e-5)


def test_whitening_is_fitted_to_what_is_trained_on_and_applied_to_all_three(parted: Examples) -> None:
    made = whitened(experiment("standardization={kind='zca', enabled=true}"), parted, CPU)
    whitening = fit(np.asarray(parted.train_inputs, np.uint8), 0.001, CPU)
    assert made.validation_inputs is not None
    assert (made.train_inputs == whitening.apply(np.asarray(parted.train_inputs, np.uint8))).all()
    assert (made.test_inputs == whitening.apply(np.asarray(parted.test_inputs, np.uint8))).all()
    assert (made.validation_inputs == whitening.apply(np.asarray(parted.validation_inputs, np.uint8))).all()
