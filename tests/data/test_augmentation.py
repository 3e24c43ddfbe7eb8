"""Each augmentation against torchvision, image by image, at the very draws that were made."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torchvision.transforms import InterpolationMode, v2

from tests.data.cut import data_of
from tp1tui.data import colours
from tp1tui.data.arrays import Examples
from tp1tui.data.boxes import draw_erasing
from tp1tui.data.draws import Epoch
from tp1tui.data.mixing import draw_mixing
from tp1tui.data.plan import EpochPlan
from tp1tui.data.randaugment import OPERATIONS, RandomOperations, draw_operations
from tp1tui.data.warping import draw_warp, resampled, warp_maps
from tp1tui.spec.augmentation import Affine, Augmentation, CutMix, Erasing, Mixup, RandAugment, Rotation

settings.register_profile("unhurried", deadline=None)  # how long an example takes says nothing on a shared machine
settings.load_profile("unhurried")

ON = "augmentation.enabled=true"
POOLED = "model.layers.pool.kernel=32"
ALL = [
    "{kind='crop', size=28, padding=2}",
    "{kind='mirror'}",
    "{kind='vertical-mirror'}",
    "{kind='rotation'}",
    "{kind='affine', shear=10}",
    "{kind='colour-jitter', brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1}",
    "{kind='randaugment'}",
    "{kind='erasing', p=0.5}",
    "{kind='cutmix'}",
    "{kind='mixup'}",
]


def pixels(count: int, height: int = 32, width: int = 32, channels: int = 3) -> Tensor:
    levels = torch.randint(0, 256, (count, channels, height, width), generator=torch.Generator().manual_seed(3))
    return levels / 255


def with_steps(*steps: str) -> str:
    return f"augmentation.steps=[{', '.join(steps)}]"


def each(*values: float) -> Tensor:
    return torch.tensor(values).view(-1, 1, 1, 1)


def test_padded_crops_are_those_of_torchvision(examples: Examples) -> None:
    data = data_of(examples, with_steps("{kind='crop', size=32, padding=4}", "{kind='vertical-mirror'}"), POOLED, ON)
    plan = data.plan(1)
    inputs, _ = data.training_batch(plan, 0)
    assert plan.placing is not None
    outside = turned = 0
    for place, index in enumerate(plan.order[:10]):
        rows, columns = plan.placing.rows[place], plan.placing.columns[place]
        image = v2.functional.pad(torch.tensor(examples.train_inputs)[index].permute(2, 0, 1), [4])
        cropped = v2.functional.crop(image, int(rows.min()) + 4, int(columns[0]) + 4, 32, 32)
        is_turned = bool(rows[0] > rows[-1])
        expected = v2.functional.vertical_flip(cropped) if is_turned else cropped
        assert torch.allclose(inputs[place], expected.float() / 255, atol=1e-7)
        turned += is_turned
        outside += bool(rows.min() < 0)
    assert 0 < turned < 10
    assert outside


@given(height=st.integers(5, 20), width=st.integers(5, 20), angle=st.floats(-180, 180), seed=st.integers(0, 99))
def test_turns_are_those_of_torchvision(height: int, width: int, angle: float, seed: int) -> None:
    image = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))
    ours = resampled(image, warp_maps((height, width), angle=torch.tensor([angle])))
    theirs = v2.functional.rotate(image, -angle, InterpolationMode.BILINEAR)
    assert torch.allclose(ours, theirs, atol=2e-3)


@given(
    angle=st.floats(-90, 90),
    right=st.integers(-8, 8),
    down=st.integers(-8, 8),
    scale=st.floats(0.5, 2),
    shear=st.tuples(st.floats(-40, 40), st.floats(-40, 40)),
    size=st.sampled_from([(12, 12), (9, 16)]),
)
def test_affine_maps_are_those_of_torchvision(
    angle: float, right: int, down: int, scale: float, shear: tuple[float, float], size: tuple[int, int]
) -> None:
    image = pixels(1, *size)
    maps = warp_maps(
        size,
        angle=torch.tensor([angle]),
        right=torch.tensor([float(right)]),
        down=torch.tensor([float(down)]),
        scale=torch.tensor([scale]),
        shear_x=torch.tensor([shear[0]]),
        shear_y=torch.tensor([shear[1]]),
    )
    theirs = v2.functional.affine(image, angle, [right, down], scale, list(shear), InterpolationMode.BILINEAR)
    assert torch.allclose(resampled(image, maps), theirs, atol=2e-3)


def test_drawn_turns_and_shifts_keep_to_what_was_asked() -> None:
    epoch = Epoch(0, 1, 4000)
    turns = draw_warp(Rotation(degrees=20), (32, 32), epoch).maps
    angles = torch.rad2deg(torch.atan2(turns[:, 0, 1], turns[:, 0, 0]))
    assert angles.abs().max() <= 20.001
    assert angles.std() == pytest.approx(40 / 12**0.5, rel=0.05)
    shifts = draw_warp(Affine(degrees=0, translate=0.25, scale=(1, 1)), (32, 32), epoch).maps[:, :, 2] * 16
    assert shifts.abs().max() == 8
    assert torch.equal(shifts, shifts.round())
    scales = 1 / draw_warp(Affine(degrees=0, scale=(0.5, 2)), (32, 32), epoch).maps[:, 0, 0]
    assert 0.499 <= scales.min() < 0.6
    assert 1.9 < scales.max() <= 2.001


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (colours.brightness, v2.functional.adjust_brightness),
        (colours.contrast, v2.functional.adjust_contrast),
        (colours.saturation, v2.functional.adjust_saturation),
        (colours.sharpness, v2.functional.adjust_sharpness),
    ],
)
def test_blends_are_those_of_torchvision(ours, theirs, channels: int) -> None:  # type: ignore[no-untyped-def]
    images, factors = pixels(4, channels=channels), (0.0, 0.4, 1.0, 1.9)
    changed = ours(images, each(*factors))
    for image, factor, result in zip(images, factors, changed, strict=True):
        assert torch.allclose(result, theirs(image, factor), atol=1e-5)


def test_shifts_of_hue_are_those_of_torchvision() -> None:
    images, shifts = pixels(5), (-0.5, -0.2, 0.0, 0.1, 0.5)
    images[0, :, :4] = 0.5  # grey has no hue
    for image, shift, result in zip(images, shifts, colours.hue(images, each(*shifts)), strict=True):
        assert torch.allclose(result, v2.functional.adjust_hue(image, shift), atol=1e-5)


@pytest.mark.parametrize("kind", ["noise", "dark", "even"])
def test_changes_of_levels_are_those_of_torchvision(kind: str) -> None:
    images = {"noise": pixels(3), "dark": (pixels(3) * 60).round() / 255, "even": torch.full((3, 3, 8, 8), 0.4)}[kind]
    levels = (images * 255).round().to(torch.uint8)
    pairs = [
        (colours.posterize(images, 3), v2.functional.posterize(levels, 3)),
        (colours.solarize(images, 100 / 255), v2.functional.solarize(levels, 100)),
        (colours.equalize(images), v2.functional.equalize(levels)),
    ]
    for ours, theirs in pairs:
        assert torch.equal((ours * 255).round().to(torch.uint8), theirs)
    assert torch.allclose(colours.autocontrast(images), v2.functional.autocontrast(images), atol=1e-6)


def test_rand_augment_does_to_each_image_what_was_drawn_for_it() -> None:
    images = pixels(28)
    operations = torch.arange(28)[:, None] % 14
    signs = torch.where(torch.arange(28) < 14, 1.0, -1.0)[:, None]
    changed = RandomOperations.of(operations, signs, 0.7, 28).apply(images, slice(0, 28))
    for place in range(28):
        alone = OPERATIONS[place % 14](images[place : place + 1], signs[place], 0.7)
        assert torch.allclose(changed[place : place + 1], alone, atol=1e-6)
    untouched = [place for place in range(28) if torch.equal(changed[place], images[place])]
    assert {0, 14} <= set(untouched) <= {0, 12, 14, 26}  # identity, and autocontrast where there is contrast enough


def test_rand_augment_draws_every_operation_as_often() -> None:
    drawn = draw_operations(RandAugment(operations=2), 128, Epoch(0, 1, 14_000))
    assert torch.bincount(drawn.operations.flatten(), minlength=14).min() > 1800
    assert drawn.signs.mean().abs() < 0.02


@given(low=st.floats(0.02, 0.5), ratio=st.floats(0.3, 1), seed=st.integers(0, 9))
def test_erased_rectangles_have_the_size_that_was_asked(low: float, ratio: float, seed: int) -> None:
    step = Erasing(p=0.5, scale=(low, 0.5), ratio=(ratio, 1 / ratio))
    boxes = draw_erasing(step, (32, 32), Epoch(seed, 1, 1000))
    erased = boxes.areas()[boxes.areas() > 0]
    assert len(erased) / 1000 == pytest.approx(0.5, abs=0.08)
    assert erased.max() <= 0.5 * 1024 + 33
    assert erased.min() >= min(low * 1024 * 0.75, low * 1024 - 33)
    mask = boxes.mask(slice(0, 1000), (32, 32))
    assert torch.equal(mask.flatten(1).sum(1), boxes.areas())


def test_erasing_sets_a_rectangle_of_the_standardized_image_to_zero(examples: Examples) -> None:
    on = (POOLED, "standardization.enabled=true")
    plain = data_of(examples, with_steps("{kind='mirror', p=0}"), *on, ON)
    erasing = data_of(examples, with_steps("{kind='erasing', p=1}"), *on, ON)
    whole, _ = plain.training_batch(plain.plan(1), 0)
    erased, _ = erasing.training_batch(erasing.plan(1), 0)
    gone = erased != whole
    assert bool((erased[gone] == 0).all())
    assert bool(gone.flatten(1).any(1).all())


@pytest.mark.parametrize("step", [Mixup(alpha=1), CutMix()])
def test_mixing_takes_labels_in_the_shares_of_the_images(step: Mixup | CutMix) -> None:
    epoch = Epoch(0, 1, 150)
    mixing = draw_mixing(step, (32, 32), 60, epoch)
    for span in (slice(0, 60), slice(60, 120), slice(120, 180)):
        size = len(range(*span.indices(150)))
        labels = torch.arange(size) % 10
        # Every image is its own number throughout, so that what came from where can be read off.
        inputs = torch.arange(1.0, size + 1).view(-1, 1, 1, 1).expand(size, 3, 32, 32)
        partner = mixing.partner[span]
        assert sorted(partner.tolist()) == list(range(size))
        mixed, targets = mixing.apply(inputs, labels, 10, span)
        assert torch.allclose(targets.sum(1), torch.ones(size), atol=1e-6)
        own, other = inputs[:, 0, 0, 0], inputs[partner][:, 0, 0, 0]
        share = torch.where(own == other, 1.0, (mixed.mean((1, 2, 3)) - other) / (own - other))
        apart = labels != labels[partner]
        assert bool(apart.any())
        assert torch.allclose(targets[torch.arange(size), labels][apart], share[apart], atol=1e-3)
        assert torch.allclose(targets[torch.arange(size), labels[partner]][apart], 1 - share[apart], atol=1e-3)
    assert 0.4 < mixing.share.mean() < 0.72


def test_cutmix_pastes_a_rectangle() -> None:
    mixing = draw_mixing(CutMix(), (8, 8), 50, Epoch(0, 1, 50))
    inputs = torch.arange(50.0).view(-1, 1, 1, 1).expand(50, 1, 8, 8)
    mixed, _ = mixing.apply(inputs, torch.zeros(50, dtype=torch.int64), 2, slice(0, 50))
    assert all(len(image.unique()) <= 2 for image in mixed)
    assert any(len(image.unique()) == 2 for image in mixed)


@pytest.mark.parametrize("step", ALL)
def test_flipping_the_switch_or_dropping_a_step_shifts_no_other_draw(examples: Examples, step: str) -> None:
    crop = "{kind='crop', size=28}"
    alone = data_of(examples, with_steps(crop))
    together = data_of(examples, with_steps(*dict.fromkeys([step] if "'crop'" in step else [crop, step])), ON)
    for epoch in (1, 2):
        assert torch.equal(alone.plan(epoch).order, together.plan(epoch).order)
        if "'crop'" not in step:
            left, right = alone.plan(epoch).placing, together.plan(epoch).placing
            assert left is not None
            assert right is not None
            if "mirror" not in step:
                assert torch.equal(left.rows, right.rows)
                assert torch.equal(left.columns, right.columns)


@pytest.mark.parametrize("step", ALL)
def test_every_step_is_drawn_the_same_again_and_differs_between_images_and_epochs(step: str) -> None:
    asked = [with_steps(step), ON] + ([] if "'crop'" in step else [POOLED])
    images = np.repeat(np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3), dtype=np.uint8), 64, 0)
    if "mix" in step or "cut" in step:  # the same image mixed with itself stays as it is
        images = images + np.arange(64, dtype=np.uint8)[:, None, None, None]
    same = Examples(images, np.arange(64, dtype=np.uint8) % 10, images[:16], np.zeros(16, np.uint8), {})
    data = data_of(same, *asked, "batch_size=64")
    one, again, other = (data.training_batch(data.plan(epoch), 0) for epoch in (1, 1, 2))
    assert torch.equal(one[0], again[0])
    assert torch.equal(one[1], again[1])
    assert not torch.equal(one[0], other[0])
    assert len(one[0].flatten(1).unique(dim=0)) > (1 if "mirror" in step else 20)


@pytest.mark.parametrize("step", ALL[1:])
def test_nothing_is_random_at_test(examples: Examples, step: str) -> None:
    data = data_of(examples, with_steps(step), POOLED, ON)
    inputs, labels = data.measuring_batch(data.test, 0, 16)
    assert torch.allclose(inputs, torch.tensor(examples.test_inputs).permute(0, 3, 1, 2) / 255, atol=1e-6)
    assert torch.equal(labels, torch.tensor(examples.test_labels, dtype=torch.int64))


def test_a_crop_larger_than_the_image_measures_on_the_image_in_zeros(examples: Examples) -> None:
    data = data_of(examples, with_steps("{kind='crop', size=36, padding=4}"), "model.layers.pool.kernel=36", ON)
    inputs, _ = data.measuring_batch(data.test, 0, 16)
    images = torch.tensor(examples.test_inputs).permute(0, 3, 1, 2)
    assert torch.allclose(inputs, v2.functional.center_crop(images, [36, 36]) / 255, atol=1e-6)


def test_steps_act_in_the_order_given(examples: Examples) -> None:
    steps = ["{kind='crop', size=28}", "{kind='rotation', degrees=45}"]
    crop_first = data_of(examples, with_steps(*steps), ON)
    turn_first = data_of(examples, with_steps(*reversed(steps)), ON)
    inputs, _ = crop_first.training_batch(crop_first.plan(1), 0)
    others, _ = turn_first.training_batch(turn_first.plan(1), 0)
    assert inputs.shape == others.shape == (10, 3, 28, 28)
    corners = (inputs[:, :, 0, 0] == 0).all(1).sum(), (others[:, :, 0, 0] == 0).all(1).sum()
    assert corners[0] > corners[1]  # a turn of the crop leaves its corners empty, a crop of the turned image rarely


def test_batches_of_every_kind_are_channels_last(examples: Examples) -> None:
    for step in ALL[1:]:
        data = data_of(examples, with_steps(step), POOLED, ON)
        assert data.training_batch(data.plan(1), 6)[0].is_contiguous(memory_format=torch.channels_last), step


def test_an_epoch_without_steps_draws_its_order_alone() -> None:
    plan = EpochPlan.draw(Augmentation(), (20, 2), 7, 0, 1)
    assert (plan.placing, plan.pixel_steps, plan.erasing, plan.mixing) == (None, (), None, None)
