"""What every peer trains: the subject's network on CIFAR-10, whole images or crops with mirror images.

On noise of the same size where the images are not at hand, and cannot be fetched: it costs the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import nn

from benchmarks.noise import real_or_noise
from tp1tui import settings
from tp1tui.data.arrays import Examples
from tp1tui.data.store import Store
from tp1tui.engine.model import build
from tp1tui.spec.changes import with_changes
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary

MEAN, STD = (0.491, 0.482, 0.447), (0.202, 0.199, 0.201)
"""The subject's constants."""
CROP = 28
PRESETS = {"whole": "cd19-standardized-lr003", "augmented": "cd22-crop-mirror"}


@dataclass(frozen=True)
class Task:
    """One training, the same for all peers.

    Attributes:
        images: A name of PRESETS.
        train_images: The first so many of the 50,000.
        test_images: The first so many of the 10,000.
        epochs: Each followed by an evaluation on the test images.
    """

    images: str
    train_images: int
    test_images: int
    epochs: int

    @cached_property
    def run(self) -> RunSpec:
        """The task as a preset of ours."""
        library = PresetLibrary(settings.preset_dirs())
        file = library.find(PRESETS[self.images])
        preset = library.load(file)
        changes = [
            f"epochs={self.epochs}",
            f"dataset.train_examples={self.train_images}",
            f"dataset.test_examples={self.test_images}",
        ]
        return RunSpec.of(file.id, preset, with_changes(preset.experiment, changes))

    @property
    def augmented(self) -> bool:
        """Whether training images are cropped and mirrored, and test images cut at the centre."""
        return self.run.experiment.augmentation.enabled

    @property
    def batch_size(self) -> int:
        """Of training; evaluation is the peer's own choice."""
        return self.run.experiment.batch_size

    @property
    def lr(self) -> float:
        """Of plain SGD."""
        return self.run.experiment.optimizer.lr

    @property
    def momentum(self) -> float:
        """Of plain SGD."""
        return self.run.experiment.optimizer.momentum

    def examples(self) -> Examples:
        """The images, uint8 [N, 32, 32, 3], and their classes; real ones, if this machine has them."""
        return real_or_noise(self.run.experiment.dataset, 0, Store(settings.data_dir()), lambda *_: None)

    def network(self) -> nn.Module:
        """The subject's network, with its first weights, on the CPU."""
        return build(self.run.experiment)


def device() -> torch.device:
    """The first GPU when there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
