"""The loader of cifar10-airbench, the fastest known on one GPU, in front of the subject's network.

The loop is ours and fetches nothing within an epoch. The loader augments a whole epoch at once; with crops it gets the
central 28 x 28 pixels and moves them by up to two, which costs as much as crops of the whole image do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from airbench import CifarLoader
from torch import nn

from benchmarks.peers.task import CROP, Task, device
from benchmarks.peers.watch import Watch

MARGIN = (32 - CROP) // 2


def train(task: Task, watch: Watch) -> None:
    """Train and evaluate epoch by epoch."""
    where, model, criterion = device(), task.network(), nn.CrossEntropyLoss()
    model.to(where, memory_format=torch.channels_last)
    train_loader, test_loader = _loaders(task, where)
    optimizer = torch.optim.SGD(model.parameters(), task.lr, momentum=task.momentum)
    for _ in range(task.epochs):
        watch.epoch_begins()
        model.train()
        for inputs, targets in train_loader:
            loss = criterion(model(inputs.float()), targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            watch.batch_done()
        watch.training_ends()
        model.eval()
        with torch.no_grad():
            right = sum((model(inputs.float()).argmax(1) == targets).sum() for inputs, targets in test_loader)
        watch.epoch_ends(100 * float(right) / task.test_images)


def _loaders(task: Task, where: torch.device) -> tuple[CifarLoader, CifarLoader]:
    """Of training and test images, which it reads from files of its own format."""
    examples = task.examples()
    aug = {"flip": True, "translate": MARGIN} if task.augmented else None
    with tempfile.TemporaryDirectory() as folder:
        _save(Path(folder, "train.pt"), examples.train_inputs, examples.train_labels, task)
        _save(Path(folder, "test.pt"), examples.test_inputs, examples.test_labels, task)
        return (
            CifarLoader(folder, train=True, batch_size=task.batch_size, aug=aug, drop_last=False, gpu=where),
            CifarLoader(folder, train=False, batch_size=1000, gpu=where),
        )


def _save(path: Path, images: np.ndarray, labels: np.ndarray, task: Task) -> None:
    inner = slice(MARGIN, 32 - MARGIN) if task.augmented else slice(None)
    content = {
        "images": torch.tensor(np.ascontiguousarray(images[:, inner, inner])),
        "labels": torch.tensor(labels).long(),
    }
    torch.save({**content, "classes": []}, path)
