"""CIFAR-10 as a course's notebook loads it: PIL images, one transform after another, a loader with two workers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from benchmarks.peers.task import CROP, MEAN, STD, Task

LOADER_WORKERS = 2


class Pictures(Dataset[tuple[Any, int]]):
    """Images and classes, each image transformed when it is asked for."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform: transforms.Compose) -> None:
        self._images, self._labels, self._transform = np.asarray(images), labels.astype(int).tolist(), transform

    def __len__(self) -> int:
        """How many there are."""
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        """One image, float32 [3, H, W], and its class."""
        return self._transform(Image.fromarray(self._images[index])), self._labels[index]


def datasets(task: Task) -> tuple[Pictures, Pictures]:
    """Training and test images."""
    examples = task.examples()
    to_numbers = [transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
    train = [transforms.RandomCrop(CROP), transforms.RandomHorizontalFlip()] if task.augmented else []
    test = [transforms.CenterCrop(CROP)] if task.augmented else []
    return (
        Pictures(examples.train_inputs, examples.train_labels, transforms.Compose([*train, *to_numbers])),
        Pictures(examples.test_inputs, examples.test_labels, transforms.Compose([*test, *to_numbers])),
    )


def loaders(task: Task) -> tuple[DataLoader[Any], DataLoader[Any]]:
    """Training batches in a new order each epoch, and test batches."""
    train, test = datasets(task)
    options: dict[str, Any] = {
        "batch_size": task.batch_size,
        "num_workers": LOADER_WORKERS,
        "pin_memory": torch.cuda.is_available(),
    }
    return DataLoader(train, shuffle=True, **options), DataLoader(test, **options)
