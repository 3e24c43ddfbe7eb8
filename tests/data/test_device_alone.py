"""What a batch needs is on the device before it is asked for: a copy from the host would make each step wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from tests.builders import run_spec
from tp1tui.data.arrays import Examples
from tp1tui.data.resident import ResidentData

DEVICE = torch.device("meta")
"""Not the CPU, and in every machine."""


MADE_OF_NUMBERS = (torch.tensor, torch.as_tensor, torch.asarray, Tensor.new_tensor)
"""What makes a tensor of numbers that the host holds."""

INDEXED = (Tensor.__getitem__, Tensor.__setitem__)
"""What makes a tensor of the numbers of a list it is given."""


class Copies(TorchDispatchMode):
    """Notes the operations that copy from one device to another, and those that lift numbers of the host."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__()
        self.seen = seen

    def __torch_dispatch__(  # type: ignore[no-untyped-def]
        self, operation, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        found = operation(*args, **(kwargs or {}))
        devices = {part.device for part in tree_leaves((args, kwargs, found)) if isinstance(part, Tensor)}
        if len(devices) > 1 or "lift_fresh" in str(operation):
            self.seen.append(str(operation))
        return found


class HostNumbers(TorchFunctionMode):
    """Notes the calls that make tensors of the host's numbers: not every torch dispatches an operation for these."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__()
        self.seen = seen

    def __torch_function__(  # type: ignore[no-untyped-def]
        self, function, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        listed = function in INDEXED and any(isinstance(leaf, int | float) for leaf in list_leaves(args[1]))
        if function in MADE_OF_NUMBERS or listed:
            self.seen.append(str(function))
        return function(*args, **(kwargs or {}))


def list_leaves(index: object) -> list[object]:
    """Everything within the lists of an index; an index of slices and whole numbers holds none."""
    parts = index if isinstance(index, tuple) else (index,)
    return [leaf for part in parts if isinstance(part, list) for leaf in tree_leaves(part)]


@contextmanager
def crossings() -> Iterator[list[str]]:
    """The names of whatever crosses between the host and the device within, in order."""
    seen: list[str] = []
    with Copies(seen), HostNumbers(seen):
        yield seen


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
    with crossings() as seen:
        inputs, _ = data.training_batch(plan, 1)
    assert inputs.device == DEVICE
    assert seen == []


@pytest.mark.parametrize(
    "crossing",
    [
        lambda: torch.ones(3).to(DEVICE),
        lambda: torch.tensor([5.0, 3.0], device=DEVICE),
        lambda: torch.as_tensor([5.0, 3.0], device=DEVICE),
        lambda: torch.ones(3, device=DEVICE).new_tensor([5.0, 3.0]),
        lambda: torch.ones(3, device=DEVICE)[[2, 0]],
    ],
    ids=["copy", "tensor", "as-tensor", "new-tensor", "list-index"],
)
def test_crossings_are_seen(crossing: Callable[[], Tensor]) -> None:
    with crossings() as seen:
        crossing()
    assert seen


def test_what_stays_on_the_device_is_no_crossing() -> None:
    with crossings() as seen:
        found = torch.full((4,), 3.0, device=DEVICE)[1:, None] * 2 + torch.arange(3, device=DEVICE)
    assert found.device == DEVICE
    assert seen == []
