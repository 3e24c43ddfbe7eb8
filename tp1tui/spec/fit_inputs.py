"""Whether standardization and augmentation fit the images, the loss, and each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp1tui.spec.arithmetic import Shape, shape_text
from tp1tui.spec.augmentation import ColourJitter, Crop, CutMix, Mixup, RandAugment
from tp1tui.spec.faults import Misfit
from tp1tui.spec.inputs import (
    ConstantStandardization,
    ImageStandardization,
    PixelStandardization,
    ZcaStandardization,
)

if TYPE_CHECKING:
    from tp1tui.spec.experiment import Experiment


def check_standardization(experiment: Experiment) -> None:
    """Hold the standardization against the dataset.

    Raises:
        Misfit: It needs images and there are none, or it has constants for another number of channels.
    """
    standardization, facts = experiment.standardization, experiment.facts
    if not standardization.enabled:
        return
    match standardization:
        case ConstantStandardization():
            given, wanted = len(standardization.mean), facts.shape[0]
            if given != wanted:
                problem = (
                    f'has {given} numbers, but {facts.title} needs {wanted}; kind = "channel" measures them instead'
                )
                raise Misfit(("standardization", "mean"), problem)
        case ImageStandardization() | PixelStandardization() | ZcaStandardization() if len(facts.shape) != 3:
            problem = f'is "{standardization.kind}", but {facts.title} has no images; take "channel"'
            raise Misfit(("standardization", "kind"), problem)


def check_augmentation(experiment: Experiment) -> None:
    """Hold the augmentation against the images, the loss and the standardization.

    Raises:
        Misfit: There are no images, no steps, a step that these images do not allow, or labels and pixels that the
            loss and the standardization do not leave to it.
    """
    augmentation, title, shape = experiment.augmentation, experiment.facts.title, experiment.facts.shape
    if len(shape) != 3:
        if augmentation.enabled:
            raise Misfit(("augmentation", "enabled"), f"is true, but {title} has no images to augment")
        if augmentation.steps:
            raise Misfit(("augmentation", "steps"), f"must be empty, since {title} has no images to augment")
        return
    if augmentation.enabled and not augmentation.steps:
        raise Misfit(("augmentation", "steps"), "is empty, but augmentation is on; name a step, such as a mirror")
    for place, step in enumerate(augmentation.steps):
        match step:
            case Crop():
                _check_crop(step, place, title, shape)
            case ColourJitter():
                _check_colours(step, place, title, shape)
        if augmentation.enabled:
            _check_company(experiment, step, place)


def _check_crop(crop: Crop, place: int, title: str, shape: Shape) -> None:
    side = min(shape[1:])
    if crop.padding > side:
        problem = (
            f"is {crop.padding}, but may be {side} at most: an image of {title} has {shape_text(shape[1:])} pixels"
        )
        raise Misfit(("augmentation", "steps", place, "padding"), problem)
    if crop.size > side + 2 * crop.padding:
        problem = f"is {crop.size}, but an image of {title} has {shape_text(shape[1:])} pixels"
        if crop.padding:
            padded = shape_text(tuple(length + 2 * crop.padding for length in shape[1:]))
            problem += f", {padded} with its padding"
        raise Misfit(("augmentation", "steps", place, "size"), problem)


def _check_colours(jitter: ColourJitter, place: int, title: str, shape: Shape) -> None:
    if shape[0] != 1:
        return
    for key in ("saturation", "hue"):
        value = getattr(jitter, key)
        if value:
            problem = f"is {value:g}, but the images of {title} are grey and have none; leave it out"
            raise Misfit(("augmentation", "steps", place, key), problem)


def _check_company(experiment: Experiment, step: object, place: int) -> None:
    """What a step needs of loss and standardization while augmentation is on."""
    standardization, loss = experiment.standardization, experiment.loss
    if isinstance(step, Mixup | CutMix) and loss.kind == "hinge":
        problem = f'is {step.kind}, which makes soft labels, and loss.kind = "hinge" cannot take them; '
        raise Misfit(("augmentation", "steps", place), f"{problem}take cross-entropy or squared-error")
    is_whitened = isinstance(standardization, ZcaStandardization) and standardization.enabled
    if isinstance(step, ColourJitter | RandAugment) and is_whitened:
        problem = f'is {step.kind}, which works on colours, but standardization.kind = "zca" leaves none; '
        raise Misfit(("augmentation", "steps", place), f"{problem}drop one of the two")
