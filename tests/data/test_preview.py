from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.data.cut import CPU, LINEAR, data_of
from tp1tui.data.arrays import Examples
from tp1tui.data.circles import circles
from tp1tui.data.preview import AS_THEY_ARE, STRETCHED, Preview, preview
from tp1tui.data.whitened import whitened
from tp1tui.spec.changes import with_changes
from tp1tui.spec.dataset import FACTS
from tp1tui.spec.experiment import Experiment

ON = "augmentation.enabled=true"
NAMES = FACTS["cifar10"].class_names


def of(examples: Examples, *settings: str, count: int = 4, epoch: int = 1) -> Preview:
    return preview(with_changes(Experiment.model_validate(LINEAR), settings), examples, count, epoch)


def test_it_shows_the_very_images_that_a_run_trains_on(examples: Examples) -> None:
    shown = of(examples, ON, count=25, epoch=3)
    data = data_of(examples, ON)
    plan = data.plan(3)
    batches = [data.training_batch(plan, number) for number in range(3)]
    inputs = torch.cat([inputs for inputs, _ in batches])[:25]
    assert shown.rule == AS_THEY_ARE
    assert shown.seen.dtype == shown.originals.dtype == np.uint8
    assert shown.seen.shape == (25, 28, 28, 3)
    np.testing.assert_allclose(shown.seen, inputs.permute(0, 2, 3, 1) * 255, atol=0.51)
    np.testing.assert_array_equal(shown.originals, examples.train_inputs[plan.order[:25].numpy()])
    labels = tuple(NAMES[label] for label in torch.cat([labels for _, labels in batches])[:25])
    assert shown.labels == shown.seen_labels == labels


def test_without_augmentation_and_standardization_both_are_the_same(examples: Examples) -> None:
    shown = of(examples)
    np.testing.assert_array_equal(shown.seen, shown.originals)


def test_standardized_images_are_stretched_from_their_lowest_to_their_highest_number(examples: Examples) -> None:
    shown = of(examples, "standardization={kind='image', enabled=true}")
    assert shown.rule == STRETCHED
    assert shown.seen.min((1, 2, 3)).tolist() == [0] * 4
    assert shown.seen.max((1, 2, 3)).tolist() == [255] * 4


def test_a_blank_image_is_shown_too(examples: Examples) -> None:
    blank = Examples(
        np.full_like(examples.train_inputs, 9), *(examples.train_labels, examples.test_inputs), examples.test_labels, {}
    )
    assert of(blank, "standardization={kind='image', enabled=true}").seen.max() == 0


def test_soft_labels_are_told_in_shares(examples: Examples) -> None:
    shown = of(examples, "augmentation.steps=[{kind='mixup', alpha=5}]", "model.layers.pool.kernel=32", ON, count=10)
    mixed = [text for text in shown.seen_labels if " + " in text]
    assert len(mixed) > 4
    for text, label in zip(shown.seen_labels, shown.labels, strict=True):
        parts = [part.split(" ") for part in text.split(" + ")]
        assert label in [name for name, *_ in parts]
        if len(parts) == 2:
            shares = [float(share) for _, share in parts]
            assert shares[0] >= shares[1]
            assert sum(shares) == pytest.approx(1, abs=0.011)


def test_whitened_images_come_from_the_cache_that_runs_use(examples: Examples, tmp_path: Path) -> None:
    small = Examples(
        examples.train_inputs[:, ::4, ::4],
        examples.train_labels,
        examples.test_inputs[:, ::4, ::4],
        examples.test_labels,
        {},
    )
    settings = ["standardization={kind='zca', enabled=true}", "model.layers.pool.kernel=8", "augmentation.steps=[]"]
    experiment = with_changes(Experiment.model_validate(LINEAR), settings)
    whitened(experiment, small, CPU, tmp_path)
    told: list[str] = []
    shown = preview(experiment, small, 2, 1, tmp_path, told.append)
    assert told == []
    assert shown.seen.shape == shown.originals.shape == (2, 8, 8, 3)
    assert shown.rule == STRETCHED


def test_fewer_images_than_were_asked_for_are_all(examples: Examples) -> None:
    assert len(of(examples, count=500).seen) == 64


def test_points_are_refused(examples: Examples) -> None:
    experiment = Experiment.model_validate(
        {
            "dataset": {"kind": "circles"},
            "model": {"layers": [{"kind": "linear", "features": 2}]},
            "optimizer": {"kind": "sgd", "lr": 1},
            "epochs": 1,
            "batch_size": 10,
        }
    )
    with pytest.raises(ValueError, match=r"^Circles has no images to show\.$"):
        preview(experiment, circles(0), 4, 1)
