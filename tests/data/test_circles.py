from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tp1tui.data.arrays import Bytes, Examples
from tp1tui.data.circles import DISC, RING, circles

seeds = st.integers(0, 2**31 - 1)


def both(examples: Examples) -> tuple[tuple[np.ndarray, Bytes], tuple[np.ndarray, Bytes]]:
    return (examples.train_inputs, examples.train_labels), (examples.test_inputs, examples.test_labels)


@given(seeds)
@settings(max_examples=30)
def test_each_set_has_a_hundred_points_of_each_class_at_their_radii(seed: int) -> None:
    for points, labels in both(circles(seed)):
        radii = np.hypot(*points.astype(np.float64).T)
        assert points.shape == (200, 2)
        assert points.dtype == np.float32
        assert np.bincount(labels).tolist() == [100, 100]
        assert radii[labels == DISC].max() <= 0.74 + 1e-6
        assert radii[labels == RING].min() >= 0.50 - 1e-6
        assert radii[labels == RING].max() <= 1.73 + 1e-6


def test_over_many_seeds_the_radii_are_as_the_subject_says() -> None:
    points = np.concatenate([circles(seed).train_inputs for seed in range(200)])
    labels = np.concatenate([circles(seed).train_labels for seed in range(200)])
    radii = np.hypot(*points.T)
    disc, ring = radii[labels == DISC], radii[labels == RING]
    np.testing.assert_allclose([disc.mean(), ring.mean()], [0.39, 1.03], atol=0.01)
    np.testing.assert_allclose([disc.std(), ring.std()], [0.16, 0.22], atol=0.015)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=0.02)


@given(seeds)
@settings(max_examples=10)
def test_the_same_seed_gives_the_same_points_and_another_one_others(seed: int) -> None:
    once, again, other = circles(seed), circles(seed), circles(seed + 1)
    np.testing.assert_array_equal(once.train_inputs, again.train_inputs)
    assert once.digests == again.digests
    assert once.digests != other.digests


def test_the_points_of_a_seed_never_change_between_versions() -> None:
    digests = circles(0).digests
    assert digests["train_inputs"] == "8523184109cada824cb6288087c163647723084b09299ff3bc022108ef3446a0"
    assert digests["test_labels"] == "5e6f170fa56241cf4aa7b2a2d78b78fd352afecb2537ff32b617c81f47a984d8"


def test_training_and_test_points_differ() -> None:
    examples = circles(0)
    assert not np.array_equal(examples.train_inputs, examples.test_inputs)


def test_the_classes_are_shuffled() -> None:
    labels = circles(0).train_labels
    assert 60 < np.count_nonzero(np.diff(labels.astype(int))) < 140
