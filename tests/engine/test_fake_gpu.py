"""What a recorded step asks of a GPU, seen without one: tensors that are nowhere, and say that they are on a GPU.

So torch takes the ways that it takes there. On the tape of the CPU's tests, what lies on the CPU and what on the device
are one; a recording of CUDA's fails where a step fetches anything from there, or reads anything here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode, unset_fake_temporarily
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from tests.engine.tape import READ_BY_PYTHON
from tests.engine.test_capture import AUGMENTATIONS, MIXED
from tp1tui.data.arrays import Examples
from tp1tui.engine import capture, stacked_noise
from tp1tui.engine import stack as stack_module
from tp1tui.engine import training as module
from tp1tui.engine.capture import Captured
from tp1tui.engine.execution import Eager
from tp1tui.engine.recorder import Work
from tp1tui.engine.stack import Member
from tp1tui.engine.stacked_capture import StackedCaptured
from tp1tui.engine.stacked_parameters import StackedParameters
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

GPU = torch.device("cuda", 0)
REHEARSED_AND_RECORDED = 4
FUSED = ("_fused_sgd_", "_fused_adam_", "_fused_adamw_", "_fused_adagrad_")
SIZES_BY_CONTENT = {"aten::nonzero", "aten::masked_select", "aten::bincount", "aten::_unique2"}
"""Whose results are as large as it comes to, which Python has to know."""


class Watch(TorchDispatchMode):
    """Notes what cannot be recorded while it is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        tensors = [leaf for leaf in tree_leaves((args, kwargs, result)) if isinstance(leaf, Tensor)]
        on_gpu = [tensor.is_cuda for tensor in tensors]
        reads = func.name() == READ_BY_PYTHON and any(on_gpu)
        copies = func.name() in ("aten::_to_copy", "aten::copy_") and len(set(on_gpu)) > 1
        if reads or copies or func.name() in SIZES_BY_CONTENT:
            self.refused.append(func.name())
        return result


class WatchingRecorder:
    """Records nothing, but says what could not be recorded."""

    def __init__(self) -> None:
        self.refused: list[list[str]] = []

    def rehearse(self, work: Work) -> None:
        work()

    def record(self, work: Work) -> Work:
        with Watch() as watch:
            work()
        self.refused.append(watch.refused)
        return work

    def reset(self) -> None:
        raise AssertionError("a recording failed")


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tensors without content. Networks are built with some, as they are on the CPU."""
    build = module.build

    def built(experiment: Experiment) -> nn.Module:
        with unset_fake_temporarily():
            return build(experiment).to(memory_format=torch.channels_last)

    monkeypatch.setattr(module, "build", built)
    monkeypatch.setattr(module, "has_convolution", lambda _: False)  # laid out already; such tensors cannot be swapped
    kernels = torch.library.Library("aten", "IMPL")
    for name in FUSED:
        for overload in (name, f"{name}.tensor_lr"):
            if not torch._C._dispatch_has_kernel_for_dispatch_key(f"aten::{overload}", "Meta"):
                kernels.impl(overload, lambda *_, **__: None, "Meta")  # works in place, on nothing here
    with FakeTensorMode(allow_non_fake_inputs=True):
        yield
    kernels._destroy()


def refused(experiment: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What cannot be recorded of a step on a GPU; a list for each recording."""
    recorder = WatchingRecorder()
    monkeypatch.setattr(module, "execution_of", lambda training: Captured(training, recorder))
    training = Training(experiment, examples, GPU)
    monkeypatch.setattr(
        Tensor, "backward", lambda _: _put_gradients(training.model)
    )  # it asks the driver for its streams
    training.model.train()
    plan = training.data.plan(1)
    training.execution.begin(plan, [0.1] * len(plan), 0)
    for _ in range(REHEARSED_AND_RECORDED):
        training.execution.step(0)
    return recorder.refused


def _put_gradients(network: nn.Module) -> None:
    for parameter in network.parameters():
        parameter.grad = torch.empty_like(parameter)


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_no_optimizer_reads_its_rate(
    kind: str, everything_on: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = [f"optimizer.kind={kind}", "optimizer.lr=0.01"]
    assert refused(with_changes(everything_on, settings), examples, monkeypatch) == [[]]


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    "setting",
    [
        *(f"augmentation.steps={steps}" for steps in (*AUGMENTATIONS, *MIXED)),
        *(f"loss={{kind='{loss}'}}" for loss in ("squared-error", "hinge")),
    ],
)
def test_no_augmentation_and_no_loss_asks_the_cpu(
    setting: str, everything_on: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(with_changes(everything_on, [setting]), examples, monkeypatch) == [[]]


@pytest.mark.usefixtures("nowhere")
def test_no_measurement_asks_the_cpu(
    everything_on: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = WatchingRecorder()
    monkeypatch.setattr(module, "execution_of", lambda training: Captured(training, recorder))
    monkeypatch.setattr(capture, "evaluation", lambda *_: None)  # reads what was counted
    training = Training(everything_on, examples, GPU)
    for _ in range(REHEARSED_AND_RECORDED):
        training.execution.measure(training.data.test)
    assert recorder.refused == [[]]


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_no_stack_asks_the_cpu(
    kind: str, everything_on: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = WatchingRecorder()
    own = torch.Generator
    monkeypatch.setattr(torch, "Generator", lambda *_: own())  # a GPU's asks the driver
    monkeypatch.setattr(stacked_noise, "_drawing_from", lambda *_: nullcontext())
    monkeypatch.setattr(module, "execution_of", Eager)
    monkeypatch.setattr(stack_module, "stacked_execution_of", lambda stack: StackedCaptured(stack, recorder))
    monkeypatch.setattr(StackedParameters, "differentiate", lambda self, _: self.grads.copy_(self.values))
    base = with_changes(everything_on, [f"optimizer.kind={kind}", "optimizer.lr=0.01"])
    members = [Member(with_changes(base, [f"seed={seed}"]), examples, GPU) for seed in range(3)]
    stack = stack_module.Stack(members)
    plans = [member.data.plan(1) for member in members]
    stack.execution.begin(plans, torch.zeros(len(plans[0]), 3, 1), 0)
    for _ in range(REHEARSED_AND_RECORDED):
        stack.execution.step(0)
    assert recorder.refused == [[]]


@pytest.mark.usefixtures("nowhere")
def test_a_number_that_a_step_fetches_from_the_cpu_would_be_seen(
    everything_on: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather = module.ResidentData.training_batch

    def fetching(self: Any, *batch: Any) -> Any:
        inputs, targets = gather(self, *batch)
        return inputs * torch.tensor([2.0]).to(GPU), targets

    monkeypatch.setattr(module.ResidentData, "training_batch", fetching)
    assert refused(everything_on, examples, monkeypatch) == [["aten::_to_copy"]]
