"""A handful of training images as they are, and as the network gets them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tp1tui.data.arrays import Bytes, Examples
from tp1tui.data.resident import ResidentData
from tp1tui.data.whitened import Tell, whitened
from tp1tui.spec.experiment import Experiment

AS_THEY_ARE = "Shown as they are."
STRETCHED = "Each standardized image is shown stretched: its lowest number black, its highest white."
FULL_SHARE = 0.995
"""From here on a label's share is written as the whole."""


@dataclass(frozen=True)
class Preview:
    """The first images of an epoch, in the order of their use."""

    originals: Bytes
    """uint8 [count, H, W, C]."""
    labels: tuple[str, ...]
    """Their classes by name."""
    seen: Bytes
    """uint8 [count, h, w, C]: the same after augmentation and standardization, as the experiment has them."""
    seen_labels: tuple[str, ...]
    """What the network is to answer: a class, or a blend such as `cat 0.7 + dog 0.3`."""
    rule: str
    """How `seen` came back to levels of 0 to 255, as a sentence."""


def preview(
    experiment: Experiment,
    examples: Examples,
    count: int,
    epoch: int,
    cache: Path | None = None,
    tell: Tell = lambda what: None,
) -> Preview:
    """The first images that a run of the experiment trains on in an epoch, with the very draws that it makes.

    Args:
        experiment: Its augmentation and its standardization are applied as far as they are switched on.
        examples: All that the experiment trains on, not whitened.
        count: How many images, from 1; fewer come when there are fewer.
        epoch: From 1.
        cache: The folder of whitened datasets; without one, ZCA is fitted anew.
        tell: Told what is being waited for.

    Raises:
        ValueError: The experiment has no images.
    """
    facts = experiment.facts
    if len(facts.shape) != 3:
        raise ValueError(f"{facts.title[0].upper()}{facts.title[1:]} has no images to show.")
    device = torch.device("cpu")
    data = ResidentData(experiment, whitened(experiment, examples, device, cache, tell), device)
    plan = data.plan(epoch)
    numbers = range(-(-min(count, len(plan.order)) // experiment.batch_size))
    batches = [data.training_batch(plan, number) for number in numbers]
    seen = torch.cat([inputs for inputs, _ in batches])[:count].permute(0, 2, 3, 1).numpy()
    targets = torch.cat([targets for _, targets in batches])[:count]
    chosen = plan.order[:count].numpy()
    names = facts.class_names
    return Preview(
        originals=np.asarray(examples.train_inputs[chosen], dtype=np.uint8),
        labels=tuple(names[label] for label in examples.train_labels[chosen]),
        seen=_stretched(seen) if experiment.standardization.enabled else _levels(seen),
        seen_labels=tuple(_label_text(target, names) for target in targets),
        rule=STRETCHED if experiment.standardization.enabled else AS_THEY_ARE,
    )


def _stretched(images: npt.NDArray[np.float32]) -> Bytes:
    low, high = images.min((1, 2, 3), keepdims=True), images.max((1, 2, 3), keepdims=True)
    return _levels((images - low) / np.maximum(high - low, np.finfo(np.float32).tiny))


def _levels(pixels: npt.NDArray[np.float32]) -> Bytes:
    levels: Bytes = np.rint(pixels.clip(0, 1) * 255).astype(np.uint8)
    return levels


def _label_text(target: Tensor, names: tuple[str, ...]) -> str:
    """A class, int64 scalar, or shares of classes, float32 [K]."""
    if target.dim() == 0:
        return names[int(target)]
    shares = sorted(enumerate(target.tolist()), key=lambda pair: -pair[1])
    if shares[0][1] >= FULL_SHARE:
        return names[shares[0][0]]
    return " + ".join(f"{names[label]} {round(share, 2):g}" for label, share in shares if share > 0)
