"""What a batch needs is on the device before it is asked for: a copy from the host would make each step wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from tests.builders import run_spec
from tp1tui.data.arrays import Examples
from tp1tui.data.resident import ResidentData

DEVICE = torch.device("meta")
"""Not the CPU, and in every machine."""


class Crossings(TorchDispatchMode):
    """Notes what copies from one device to another, and what makes tensors of numbers that the host holds."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(  # type: ignore[no-untyped-def]
        self, operation, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        found = operation(*args, **(kwargs or {}))
        devices = {part.device for part in tree_leaves((args, kwargs, found)) if isinstance(part, Tensor)}
        if len(devices) > 1 or "lift_fresh" in str(operation):
            self.seen.append(str(operation))
        return found


@pytest.mark.parametrize("standardization", ["constants", "image"])
@pytest.mark.parametrize(
    "steps",
    [
        "{kind='crop', size=28, padding=2}, {kind='mirror'}, {kind='vertical-mirror'}",
        "{kind='rotation'}",
        "{kind='affine', shear=5}",
        "{kind='colour-jitter', brightness=0.3, contrast=0.3, saturation=0.3, hue=0.1}",
        "{kind='randaugment'}",
        "{kind='erasing'}, {kind='mixup'}",
        "{kind='cutmix'}",
    ],
)
def test_no_batch_waits_for_the_host(examples: Examples, steps: str, standardization: str) -> None:
    settings = (
        *(f"dataset.train_examples={len(examples.train_labels)}", "batch_size=7", "augmentation.enabled=true"),
        *(f"augmentation.steps=[{steps}]", f"standardization={{kind='{standardization}', enabled=true}}"),
    )
    data = ResidentData(run_spec("cd18-baseline", settings).experiment, examples, DEVICE)
    plan = data.plan(1)
    with Crossings() as crossings:
        inputs, _ = data.training_batch(plan, 1)
    assert inputs.device == DEVICE
    assert crossings.seen == []


@pytest.mark.parametrize(
    "crossing", [lambda: torch.ones(3).to(DEVICE), lambda: torch.tensor([5.0, 3.0], device=DEVICE)]
)
def test_crossings_are_seen(crossing: Callable[[], Tensor]) -> None:
    with Crossings() as crossings:
        crossing()
    assert len(crossings.seen) == 1
