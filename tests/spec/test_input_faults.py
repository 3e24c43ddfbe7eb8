"""Augmentation and standardization that fit neither the images nor each other."""

from __future__ import annotations

import pytest

from tp1tui.spec.augmentation import Crop
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError

ON = "augmentation.enabled=true"
MNIST = ["dataset.kind=mnist", "standardization.kind=channel"]


def steps(*written: str) -> str:
    return f"augmentation.steps=[{', '.join(written)}]"


def told(experiment: Experiment, *settings: str) -> str:
    with pytest.raises(SpecError) as caught:
        with_changes(experiment, settings)
    return str(caught.value).removeprefix("--set: ")


FAULTS = [
    (
        "{kind='crop', size=33}",
        "augmentation.steps.0.size is 33, but an image of CIFAR-10 has 32x32 pixels.",
    ),
    (
        "{kind='crop', size=41, padding=4}",
        "augmentation.steps.0.size is 41, but an image of CIFAR-10 has 32x32 pixels, 40x40 with its padding.",
    ),
    (
        "{kind='crop', size=8, padding=8}",
        "augmentation.steps.0.padding is 8, but must be below the crop's size (8), or a crop could miss the image.",
    ),
    (
        "{kind='crop', size=60, padding=33}",
        "augmentation.steps.0.padding is 33, but may be 32 at most: an image of CIFAR-10 has 32x32 pixels.",
    ),
    ("{kind='crop', size=28, padding=-1}", "augmentation.steps.0.padding is -1, but must be at least 0."),
    (
        "{kind='mixup'}, {kind='mirror'}, {kind='cutmix'}",
        "augmentation.steps.2 is cutmix, but mixup and cutmix both mix labels; only one of them may stand here.",
    ),
    ("{kind='randaugment', magnitude=31}", "augmentation.steps.0.magnitude is 31, but must be at most 30."),
    ("{kind='randaugment', magnitude=-1}", "augmentation.steps.0.magnitude is -1, but must be at least 0."),
    ("{kind='randaugment', operations=0}", "augmentation.steps.0.operations is 0, but must be at least 1."),
    ("{kind='randaugment', operations=2.5}", "augmentation.steps.0.operations is 2.5, but must be a whole number."),
    (
        "{kind='colour-jitter'}",
        "augmentation.steps.0.brightness is 0, and so are contrast, saturation and hue; give one of them more.",
    ),
    ("{kind='colour-jitter', hue=0.6}", "augmentation.steps.0.hue is 0.6, but must be at most 0.5."),
    (
        "{kind='affine', scale=[1.2, 0.8]}",
        "augmentation.steps.0.scale runs from 1.2 to 0.8; write the lower bound first.",
    ),
    ("{kind='affine', scale=[0, 1]}", "augmentation.steps.0.scale.0 is 0, but must be above 0."),
    ("{kind='erasing', ratio=[3, 1]}", "augmentation.steps.0.ratio runs from 3 to 1; write the lower bound first."),
    ("{kind='erasing', scale=[0.1, 1.5]}", "augmentation.steps.0.scale.1 is 1.5, but must be at most 1."),
    ("{kind='rotation', degrees=200}", "augmentation.steps.0.degrees is 200, but must be at most 180."),
    ("{kind='mixup', alpha=0}", "augmentation.steps.0.alpha is 0, but must be at least 0.01."),
]  # fmt: skip


@pytest.mark.parametrize(("written", "sentence"), FAULTS, ids=[written for written, _ in FAULTS])
def test_a_step_that_cannot_be_is_told(baseline: Experiment, written: str, sentence: str) -> None:
    assert told(baseline, steps(written)) == sentence


@pytest.mark.parametrize("kind", ["mixup", "cutmix"])
def test_soft_labels_are_refused_for_a_loss_that_cannot_take_them(baseline: Experiment, kind: str) -> None:
    mixing = steps("{kind='mirror'}", f"{{kind='{kind}'}}")
    assert told(baseline, mixing, ON, "loss.kind=hinge") == (
        f'augmentation.steps.1 is {kind}, which makes soft labels, and loss.kind = "hinge" cannot take them; '
        "take cross-entropy or squared-error."
    )
    switched_off = with_changes(baseline, [mixing, "loss.kind=hinge"])
    with pytest.raises(ValueError, match=r"^Augmentation cannot be switched on here: augmentation\.steps\.1 is "):
        switched_off.flipped("augmentation")
    for loss in ("cross-entropy", "squared-error"):
        assert with_changes(baseline, [mixing, ON, f"loss.kind={loss}"]).augmentation.mixing


@pytest.mark.parametrize(
    ("name", "step"),
    [("colour-jitter", "{kind='colour-jitter', brightness=0.2}"), ("randaugment", "{kind='randaugment'}")],
)
def test_colours_are_refused_where_whitening_leaves_none(baseline: Experiment, name: str, step: str) -> None:
    zca = "standardization={kind='zca', enabled=true}"
    assert told(baseline, steps(step), ON, zca) == (
        f'augmentation.steps.0 is {name}, which works on colours, but standardization.kind = "zca" leaves none; '
        "drop one of the two."
    )
    assert with_changes(baseline, [steps(step), ON, "standardization.kind=zca"])
    assert with_changes(baseline, [steps("{kind='crop', size=28}", "{kind='rotation'}"), ON, zca])


@pytest.mark.parametrize("key", ["saturation", "hue"])
def test_grey_images_have_no_colours_to_change(baseline: Experiment, key: str) -> None:
    grey = with_changes(baseline, [*MNIST, steps("{kind='colour-jitter', brightness=0.3, contrast=0.3}")])
    assert told(grey, f"augmentation.steps.colour-jitter.{key}=0.2") == (
        f"augmentation.steps.colour-jitter.{key} is 0.2, but the images of MNIST are grey and have none; leave it out."
    )


@pytest.mark.parametrize("kind", ["image", "pixel", "zca"])
def test_points_are_no_images(circles: Experiment, kind: str) -> None:
    standardization = f"standardization={{kind='{kind}', enabled=true}}"
    sentence = f'standardization.kind is "{kind}", but circles has no images; take "channel".'
    assert told(circles, standardization) == sentence
    assert told(circles, steps("{kind='mirror'}")) == (
        "augmentation.steps must be empty, since circles has no images to augment."
    )
    assert told(circles, ON) == "augmentation.enabled is true, but circles has no images to augment."


@pytest.mark.parametrize("epsilon", ["0", "1e-9", "2000"])
def test_an_epsilon_out_of_range_is_told(baseline: Experiment, epsilon: str) -> None:
    sentence = told(baseline, f"standardization={{kind='zca', epsilon={epsilon}}}")
    assert sentence.startswith("standardization.epsilon is ")


def test_inputs_are_as_large_as_the_crop_where_there_is_one(baseline: Experiment) -> None:
    padded = with_changes(baseline, [steps("{kind='mirror'}", "{kind='crop', size=32, padding=4}"), ON])
    assert padded.input_shape == (3, 32, 32)
    assert padded.augmentation.crop == Crop(size=32, padding=4)
    assert with_changes(baseline, [ON]).input_shape == (3, 28, 28)
    assert with_changes(baseline, [steps("{kind='randaugment'}"), ON]).input_shape == (3, 32, 32)
