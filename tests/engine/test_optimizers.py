"""Every optimizer against torch's plain one, and through a resume."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
import torch
from torch import nn

from tp1tui.data.arrays import Examples
from tp1tui.engine import optimizer as module
from tp1tui.engine.loop import EpochMeasured, StepDone, train
from tp1tui.engine.muon import MuonAndAdamW, OptimizerError
from tp1tui.engine.optimizer import build_optimizer, load_state, portable_state, set_learning_rate
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.optimizer import Adagrad, Adam, AdamW, Muon, Optimizer, RmsProp, Sgd

CPU = torch.device("cpu")
PLAIN: list[tuple[Optimizer, type[torch.optim.Optimizer]]] = [
    (Sgd(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01), torch.optim.SGD),
    (Adam(lr=0.01, betas=(0.8, 0.9)), torch.optim.Adam),
    (AdamW(lr=0.01), torch.optim.AdamW),
    (RmsProp(lr=0.01, alpha=0.9, momentum=0.5, weight_decay=0.01), torch.optim.RMSprop),
    (Adagrad(lr=0.01, eps=1e-3), torch.optim.Adagrad),
]
KINDS = ("sgd", "adam", "adamw", "rmsprop", "adagrad", "muon")


def moved(optimizer: torch.optim.Optimizer | MuonAndAdamW, parameters: list[nn.Parameter]) -> list[torch.Tensor]:
    """Where a few steps down a bowl take the parameters."""
    for _ in range(5):
        optimizer.zero_grad()
        torch.stack([(parameter**3).sum() for parameter in parameters]).sum().backward()
        optimizer.step()
    return [parameter.detach() for parameter in parameters]


def parameters() -> list[nn.Parameter]:
    """A bias, a matrix and a filter bank, always the same."""
    draws = torch.Generator().manual_seed(1)
    return [nn.Parameter(torch.randn(*shape, generator=draws)) for shape in ((7,), (4, 6), (2, 3, 5, 5))]


@pytest.mark.parametrize(("spec", "kind"), PLAIN, ids=lambda value: getattr(value, "kind", ""))
def test_optimizers_move_as_the_unfused_ones_of_torch(spec: Optimizer, kind: type[torch.optim.Optimizer]) -> None:
    ours, theirs = parameters(), parameters()
    options: dict[str, Any] = spec.model_dump(exclude={"kind"})
    ends = moved(build_optimizer(spec, ours), ours), moved(kind(theirs, foreach=False, **options), theirs)
    assert all(torch.allclose(left, right, atol=1e-6) for left, right in zip(*ends, strict=True))


def test_muon_moves_matrices_and_adamw_the_rest() -> None:
    spec = Muon(lr=0.02, adamw_lr=0.003, momentum=0.9, weight_decay=0.1)
    ours, theirs = parameters(), parameters()
    bias, matrix, filters = theirs
    moved(torch.optim.Muon([matrix], lr=0.02, momentum=0.9, weight_decay=0.1), [matrix])
    moved(torch.optim.AdamW([bias, filters], lr=0.003, weight_decay=0.1), [bias, filters])
    ends = moved(build_optimizer(spec, ours), ours)
    assert all(torch.allclose(left, right, atol=1e-6) for left, right in zip(ends, theirs, strict=True))


def test_a_schedule_scales_both_learning_rates_of_muon_alike() -> None:
    optimizer = build_optimizer(Muon(lr=0.02, adamw_lr=0.003), parameters())
    set_learning_rate(optimizer, 0.01)
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([0.01, 0.0015])


def test_muon_does_without_what_is_not_there() -> None:
    bias, matrix, _ = parameters()
    assert len(build_optimizer(Muon(lr=0.02), [matrix]).param_groups) == 1
    assert len(build_optimizer(Muon(lr=0.02), [bias]).param_groups) == 1


def test_a_torch_without_muon_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.optim, "Muon")
    with pytest.raises(OptimizerError, match=r"has no Muon, which came with 2\.9\. Start it again with another"):
        build_optimizer(Muon(lr=0.02), parameters())


def test_where_a_fused_kernel_is_lacking_the_many_tensor_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    class NotFused(torch.optim.Adagrad):
        def step(self, closure: Any = None) -> Any:
            if self.defaults["fused"]:
                raise NotImplementedError("Could not run 'aten::_fused_adagrad_' with arguments from this backend")
            return super().step(closure)

    monkeypatch.setitem(module._KINDS, "adagrad", NotFused)
    (group,) = build_optimizer(Adagrad(lr=0.01), parameters()).param_groups
    assert (group["fused"], group["foreach"]) == (None, True)


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "adagrad"])
def test_on_a_cpu_all_that_torch_can_fuse_is_fused(kind: str, small: Experiment) -> None:
    experiment = with_changes(small, [f"optimizer.kind={kind}"])
    (group,) = build_optimizer(experiment.optimizer, parameters()).param_groups
    assert group["fused"]


@pytest.mark.parametrize("spec", [spec for spec, _ in PLAIN], ids=lambda spec: spec.kind)
def test_a_state_goes_on_in_another_memory_layout(spec: Optimizer) -> None:
    """As from a CPU, where a trial chose, to a GPU, which always wants the channels last."""
    ends = []
    for layouts in ([torch.contiguous_format] * 2, [torch.contiguous_format, torch.channels_last]):
        weights = torch.linspace(0.1, 1, 2 * 3 * 5 * 5).view(2, 3, 5, 5)
        state: dict[str, Any] = {}
        for layout in layouts:
            parameter = nn.Parameter(weights.contiguous(memory_format=layout))
            optimizer = build_optimizer(spec, [parameter])
            if state:
                load_state(optimizer, state)
            (weights,) = moved(optimizer, [parameter])
            state = portable_state(optimizer)
        assert all(value.stride() == weights.stride() for value in state["state"][0].values() if value.dim())
        ends.append(weights)
    assert torch.allclose(*ends, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_resumed_run_gives_the_very_numbers_of_an_undisturbed_one(
    kind: str, small: Experiment, examples: Examples
) -> None:
    settings = [f"optimizer.kind={kind}", "optimizer.lr=0.01", "schedule={kind='one-cycle'}"]
    experiment = with_changes(small, settings)
    undisturbed = Training(experiment, examples, CPU)
    expected = [event for event in train(undisturbed) if isinstance(event, EpochMeasured)]

    before = Training(experiment, examples, CPU)
    seen = list(itertools.takewhile(lambda event: event != StepDone(6), train(before)))
    file = io.BytesIO()
    torch.save(before.state(), file)
    file.seek(0)
    after = Training(experiment, examples, CPU)
    after.restore(torch.load(file, weights_only=True))
    seen += list(train(after))

    assert [event for event in seen if isinstance(event, EpochMeasured)] == expected
    weights = after.model.state_dict(), undisturbed.model.state_dict()
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[1])
