from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import nn

from tp1tui.engine.uncompiled import uncompiled

STEPS = """
import sys
import torch
from torch import nn
from tp1tui.engine.optimizer import build_optimizer, portable_state, load_state
from tp1tui.spec.optimizer import Adagrad, Adam, AdamW, Muon, RmsProp, Sgd

for kind in (Sgd, Adam, AdamW, RmsProp, Adagrad, Muon):
    layer = nn.Linear(2, 2)
    optimizer = build_optimizer(kind(lr=0.1), layer.parameters())
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    optimizer.zero_grad()
    load_state(optimizer, portable_state(optimizer))
print("torch._dynamo" in sys.modules)
"""


def test_no_optimizer_imports_the_compiler() -> None:
    answer = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, check=False)
    assert answer.stdout == "False\n", answer.stderr


@pytest.mark.parametrize("kind", [torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop])
def test_what_it_computes_is_the_same_to_the_last_bit(kind: type[torch.optim.Optimizer]) -> None:
    ends = []
    for taken in (kind, uncompiled(kind)):
        weights = nn.Parameter(torch.linspace(-1, 1, 50))
        optimizer = taken([weights], lr=0.01)  # type: ignore[call-arg]
        for _ in range(5):
            optimizer.zero_grad()
            (weights**3).sum().backward()
            optimizer.step()
        ends.append((weights.detach(), optimizer.state_dict()["state"]))
    (one, state), (other, same_state) = ends
    assert torch.equal(one, other)
    assert str(state) == str(same_state)
