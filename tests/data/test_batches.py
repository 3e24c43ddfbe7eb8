from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms import v2

from tests.data.cut import LINEAR, data_of
from tp1tui.data.arrays import Examples
from tp1tui.data.plan import EpochPlan
from tp1tui.data.standardize import channel_statistics, standardizer_of
from tp1tui.spec.augmentation import Augmentation, Crop, CutMix, Erasing, Mirror, Rotation
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment


def test_an_epoch_shows_every_example_once(examples: Examples) -> None:
    data = data_of(examples)
    plan = data.plan(1)
    seen = torch.cat([plan.examples(number) for number in range(len(plan))])
    assert sorted(seen.tolist()) == list(range(64))
    assert len(plan) == 7


def test_unaugmented_batches_are_the_images_in_the_plan_s_order(examples: Examples) -> None:
    data = data_of(examples)
    plan = data.plan(3)
    inputs, labels = data.training_batch(plan, 2)
    chosen = plan.order[20:30]
    expected = torch.tensor(examples.train_inputs)[chosen].permute(0, 3, 1, 2).float() / 255
    assert torch.allclose(inputs, expected, atol=1e-7)
    assert torch.equal(labels, torch.tensor(examples.train_labels, dtype=torch.int64)[chosen])
    assert inputs.is_contiguous(memory_format=torch.channels_last)


def test_crops_and_mirror_images_are_those_of_torchvision(examples: Examples) -> None:
    """Image by image, with torchvision's functions, at the places that the plan has drawn."""
    data = data_of(examples, "augmentation.enabled=true")
    plan = data.plan(1)
    inputs, _ = data.training_batch(plan, 0)
    assert plan.placing is not None
    mirrored = 0
    for place, index in enumerate(plan.order[:10]):
        image = torch.tensor(examples.train_inputs)[index].permute(2, 0, 1)
        columns = plan.placing.columns[place]
        is_mirrored = bool(columns[0] > columns[-1])
        mirrored += is_mirrored
        cropped = v2.functional.crop(image, int(plan.placing.rows[place][0]), int(columns.min()), 28, 28)
        expected = v2.functional.horizontal_flip(cropped) if is_mirrored else cropped
        assert torch.allclose(inputs[place], expected.float() / 255, atol=1e-7)
    assert 0 < mirrored < 10


def test_each_image_has_its_own_draw() -> None:
    plan = EpochPlan.draw(Augmentation(steps=(Crop(size=28), Mirror())), (5000, 32, 32, 3), 100, 0, 1)
    assert plan.placing is not None
    tops = torch.bincount(plan.placing.rows[:, 0], minlength=5)
    assert len(tops) == 5
    assert tops.min() > 900
    mirrored = (plan.placing.columns[:, 0] > plan.placing.columns[:, -1]).float().mean().item()
    assert mirrored == pytest.approx(0.5, abs=0.03)


def test_a_plan_is_where_it_is_wanted() -> None:
    steps = (Crop(size=28, padding=2), Mirror(), Rotation(degrees=5), Erasing(), CutMix())
    plan = EpochPlan.draw(Augmentation(steps=steps), (50, 32, 32, 3), 10, 0, 1, torch.device("meta"))
    assert {tensor.device.type for tensor in plan._tensors()} == {"meta"}
    assert len(list(plan._tensors())) == 14


@given(size=st.integers(1, 32), p=st.sampled_from([0.0, 0.3, 1.0]), seed=st.integers(0, 2**31 - 1))
def test_a_plan_never_leaves_the_image(size: int, p: float, seed: int) -> None:
    plan = EpochPlan.draw(Augmentation(steps=(Crop(size=size), Mirror(p=p))), (20, 32, 32, 3), 7, seed, 1)
    assert plan.placing is not None
    for places in (plan.placing.rows, plan.placing.columns):
        assert places.shape == (20, size)
        assert places.min() >= 0
        assert places.max() < 32
        steps = (places[:, 1:] - places[:, :-1]).abs()
        assert bool((steps == 1).all())


def test_the_same_epoch_is_drawn_the_same_again(examples: Examples) -> None:
    data = data_of(examples, "augmentation.enabled=true")
    one, again, other = data.plan(2), data.plan(2), data.plan(3)
    assert torch.equal(one.order, again.order)
    assert torch.equal(one.gather(data.train.inputs, 1), again.gather(data.train.inputs, 1))
    assert not torch.equal(one.order, other.order)


def test_measuring_takes_the_centre_crop_when_augmentation_crops(examples: Examples) -> None:
    data = data_of(examples, "augmentation.enabled=true")
    inputs, _ = data.measuring_batch(data.test, 4, 9)
    images = torch.tensor(examples.test_inputs)[4:9].permute(0, 3, 1, 2)
    assert torch.allclose(inputs, v2.functional.center_crop(images, [28, 28]).float() / 255, atol=1e-7)


def test_constants_standardize_as_torchvision_does(examples: Examples) -> None:
    data = data_of(examples, "standardization.enabled=true")
    inputs, _ = data.measuring_batch(data.test, 0, 16)
    images = torch.tensor(examples.test_inputs).permute(0, 3, 1, 2).float() / 255
    expected = v2.functional.normalize(images, [0.491, 0.482, 0.447], [0.202, 0.199, 0.201])
    assert torch.allclose(inputs, expected, atol=1e-5)


def test_channel_standardization_uses_the_training_set_only(examples: Examples) -> None:
    data = data_of(examples, "standardization={kind='channel', enabled=true}")
    inputs, _ = data.measuring_batch(data.train, 0, 64)
    assert torch.allclose(inputs.mean((0, 2, 3)), torch.zeros(3), atol=1e-5)
    assert torch.allclose(inputs.std((0, 2, 3), correction=0), torch.ones(3), atol=1e-5)
    test, _ = data.measuring_batch(data.test, 0, 16)
    assert not torch.allclose(test.mean((0, 2, 3)), torch.zeros(3), atol=1e-5)


def test_channel_statistics_agree_with_numpy_over_several_blocks() -> None:
    images = np.random.default_rng(2).integers(0, 256, (2500, 4, 4, 3), dtype=np.uint8)
    mean, deviation = channel_statistics(torch.tensor(images))
    assert mean == pytest.approx((images / 255).mean((0, 1, 2)), abs=1e-12)
    assert deviation == pytest.approx((images / 255).std((0, 1, 2)), abs=1e-9)


def test_a_constant_channel_is_not_divided_by_zero() -> None:
    _, deviation = channel_statistics(torch.full((10, 2, 2, 1), 7, dtype=torch.uint8))
    assert deviation == [1.0]


def test_each_image_by_itself_has_mean_0_and_deviation_1(examples: Examples) -> None:
    data = data_of(examples, "standardization={kind='image', enabled=true}", "augmentation.enabled=true")
    for inputs in (data.training_batch(data.plan(1), 0)[0], data.measuring_batch(data.test, 0, 16)[0]):
        assert inputs.shape[-1] == 28
        assert torch.allclose(inputs.mean((2, 3)), torch.zeros(len(inputs), 3), atol=1e-5)
        assert torch.allclose(inputs.std((2, 3), correction=0), torch.ones(len(inputs), 3), atol=1e-5)


def test_a_blank_image_stays_blank_where_each_is_standardized_by_itself(examples: Examples) -> None:
    blank = replace(examples, test_inputs=np.full((16, 32, 32, 3), 200, np.uint8))
    data = data_of(blank, "standardization={kind='image', enabled=true}")
    assert data.measuring_batch(data.test, 0, 16)[0].abs().max() < 1e-3


def test_the_mean_image_is_that_of_the_training_set_and_its_middle_under_crops(examples: Examples) -> None:
    mean = torch.tensor(examples.train_inputs.mean(0) / 255, dtype=torch.float32).permute(2, 0, 1)
    images = torch.tensor(examples.test_inputs).permute(0, 3, 1, 2) / 255
    whole = data_of(examples, "standardization={kind='pixel', enabled=true}")
    assert torch.allclose(whole.measuring_batch(whole.test, 0, 16)[0], images - mean, atol=1e-6)
    cropped = data_of(examples, "standardization={kind='pixel', enabled=true}", "augmentation.enabled=true")
    expected = v2.functional.center_crop(images - mean, [28, 28])
    assert torch.allclose(cropped.measuring_batch(cropped.test, 0, 16)[0], expected, atol=1e-6)


@pytest.mark.parametrize("kind", ["constants", "channel", "image", "pixel"])
def test_no_statistic_sees_the_test_set(examples: Examples, kind: str) -> None:
    other = replace(examples, test_inputs=255 - examples.test_inputs)
    one, two = (data_of(of, f"standardization={{kind='{kind}', enabled=true}}") for of in (examples, other))
    assert torch.equal(one.training_batch(one.plan(1), 0)[0], two.training_batch(two.plan(1), 0)[0])
    same = replace(other, test_inputs=examples.test_inputs)
    assert torch.equal(one.measuring_batch(one.test, 0, 16)[0], two.measuring_batch(data_of(same).test, 0, 16)[0])


@pytest.mark.parametrize("kind", ["constants", "channel", "image", "pixel"])
def test_levels_and_pixels_from_0_to_1_are_standardized_alike(examples: Examples, kind: str) -> None:
    experiment = with_changes(Experiment.model_validate(LINEAR), [f"standardization={{kind='{kind}', enabled=true}}"])
    levels = torch.tensor(examples.train_inputs)
    standardizer = standardizer_of(experiment, levels)
    assert torch.allclose(standardizer.apply(levels), standardizer.apply(levels / 255), atol=1e-5)
