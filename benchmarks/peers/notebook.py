"""The loop of the course's notebook: move the batch, step, fetch loss and accuracy of every batch to print them."""

from __future__ import annotations

import torch
from torch import nn

from benchmarks.peers.pictures import loaders
from benchmarks.peers.task import Task, device
from benchmarks.peers.watch import Watch


def train(task: Task, watch: Watch) -> None:
    """Train and evaluate epoch by epoch."""
    train_loader, test_loader = loaders(task)
    where, model, criterion = device(), task.network(), nn.CrossEntropyLoss()
    model.to(where)
    optimizer = torch.optim.SGD(model.parameters(), task.lr, momentum=task.momentum)
    for _ in range(task.epochs):
        watch.epoch_begins()
        model.train()
        losses, top1 = [], []
        for inputs, targets in train_loader:
            inputs, targets = inputs.to(where), targets.to(where)
            logits = model(inputs)
            loss = criterion(logits, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            top1.append((logits.argmax(1) == targets).float().mean().item())
            watch.batch_done()
        watch.training_ends()
        model.eval()
        right = 0.0
        with torch.no_grad():
            for inputs, targets in test_loader:
                inputs, targets = inputs.to(where), targets.to(where)
                right += (model(inputs).argmax(1) == targets).float().sum().item()
        watch.epoch_ends(100 * right / task.test_images)
