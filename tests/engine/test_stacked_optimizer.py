"""Each stacked optimizer against torch.optim, member by member."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from tp1tui.engine.optimizer import build_optimizer, set_learning_rate
from tp1tui.engine.stacked_optimizer import build_stacked_optimizer
from tp1tui.engine.stacked_parameters import StackedParameters
from tp1tui.spec.optimizer import Adagrad, Adam, AdamW, Optimizer, RmsProp, Sgd

RATES = (0.05, 0.01, 0.2)
ALL: list[list[Optimizer]] = [
    [Sgd(lr=lr) for lr in RATES],
    [Sgd(lr=lr, momentum=momentum, weight_decay=0.1) for lr, momentum in zip(RATES, (0.9, 0, 0.5), strict=True)],
    [Sgd(lr=lr, momentum=0.8, nesterov=True) for lr in RATES],
    [Adam(lr=lr, betas=(beta, 0.99)) for lr, beta in zip(RATES, (0.9, 0.5, 0), strict=True)],
    [Adam(lr=lr, weight_decay=decay) for lr, decay in zip(RATES, (0, 0.1, 0.2), strict=True)],
    [AdamW(lr=lr, eps=eps) for lr, eps in zip(RATES, (1e-8, 1e-4, 1e-2), strict=True)],
    [RmsProp(lr=lr, alpha=alpha) for lr, alpha in zip(RATES, (0.99, 0.9, 0.5), strict=True)],
    [RmsProp(lr=lr, momentum=momentum, weight_decay=0.01) for lr, momentum in zip(RATES, (0.9, 0, 0.5), strict=True)],
    [Adagrad(lr=lr, weight_decay=0.1) for lr in RATES],
]


def network(seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(3, 5, 3), nn.Flatten(), nn.Linear(5, 2)).to(memory_format=torch.channels_last)


def moved_alone(spec: Optimizer, one: nn.Module, gradients: list[list[torch.Tensor]]) -> dict[str, Any]:
    optimizer = build_optimizer(spec, one.parameters())
    for number, of_step in enumerate(gradients):
        for parameter, gradient in zip(one.parameters(), of_step, strict=True):
            parameter.grad = torch.empty_like(parameter).copy_(gradient)  # fused kernels read both in one order
        set_learning_rate(optimizer, spec.lr * 0.9**number)
        optimizer.step()
    return optimizer.state_dict()


@pytest.mark.parametrize("specs", ALL, ids=lambda specs: str(specs[0]))
@pytest.mark.parametrize("begun", [0, 2])
def test_every_member_moves_as_with_an_optimizer_of_its_own(specs: list[Optimizer], begun: int) -> None:
    steps, shapes = 7, [parameter.shape for parameter in network(0).parameters()]
    gradients = [[[torch.randn(shape) for shape in shapes] for _ in range(steps)] for _ in specs]
    expected = [network(seed) for seed in range(3)]
    wanted = [moved_alone(*each) for each in zip(specs, expected, gradients, strict=True)]

    networks = [network(seed) for seed in range(3)]
    own = [build_optimizer(*pair) for pair in zip(specs, [one.parameters() for one in networks], strict=True)]
    if begun:
        for spec, one, optimizer, given in zip(specs, networks, own, gradients, strict=True):
            optimizer.load_state_dict(moved_alone(spec, one, given[:begun]))
    block = StackedParameters(networks)
    optimizer = build_stacked_optimizer(specs, block.values)
    placed = [list(zip(block.places.values(), one.parameters(), strict=True)) for one in networks]
    for number in range(3):
        optimizer.take_over(number, own[number], placed[number])  # type: ignore[arg-type]
    optimizer.begin(begun)
    rates = torch.tensor([[spec.lr] for spec in specs])
    for step in range(begun, steps):
        for number in range(3):
            for place, gradient in zip(block.places.values(), gradients[number][step], strict=True):
                place.of_one(block.grads, number).copy_(gradient)
        optimizer.step(block.values, block.grads, rates * 0.9**step)

    for number in range(3):
        for mine, its in zip(networks[number].parameters(), expected[number].parameters(), strict=True):
            torch.testing.assert_close(mine, its, rtol=2e-5, atol=2e-7)
        optimizer.hand_back(number, own[number], placed[number], steps)  # type: ignore[arg-type]
        found = own[number].state_dict()["state"]
        torch.testing.assert_close(found, wanted[number]["state"], rtol=2e-5, atol=2e-7)
