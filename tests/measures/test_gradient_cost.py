from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from tests.measures.conftest import CPU
from tests.measures.found import Found
from tp1tui.measures import gradient_cost as measure_file
from tp1tui.measures.gradient_cost import Network, gradient_cost, loss_of, parameters_of, time_both
from tp1tui.measures.growth import exponent
from tp1tui.measures.job import Job
from tp1tui.spec.gradient_measures import GradientCost

SMALL = GradientCost(depths=(1, 2, 4), width=4, widths=(2, 4, 8), depth=2, examples=5)


def taken(measure: GradientCost) -> Found:
    torch.manual_seed(0)
    return Found(gradient_cost(measure, Job(CPU, lambda what: None)))


@pytest.mark.parametrize(("depth", "width", "examples"), [(1, 8, 4), (3, 5, 7), (6, 16, 2)])
def test_multiply_adds_are_those_that_torch_counts(depth: int, width: int, examples: int) -> None:
    network = Network(depth, width, examples)
    parameters = [parameter.requires_grad_() for parameter in parameters_of(network)]
    inputs, targets = torch.randn(examples, width, dtype=torch.float64), torch.zeros(examples, dtype=torch.int64)
    assert sum(parameter.numel() for parameter in parameters) == network.parameters
    with FlopCounterMode(display=False) as forward:
        loss = loss_of(parameters, inputs, targets)
    with FlopCounterMode(display=False) as back:
        torch.autograd.grad(loss, parameters)
    assert forward.get_total_flops() == 2 * network.forward_multiply_adds
    assert forward.get_total_flops() + back.get_total_flops() == 2 * network.backprop_multiply_adds
    assert network.naive_multiply_adds == 2 * network.parameters * network.forward_multiply_adds


@given(
    st.floats(0.2, 5),
    st.floats(1e-6, 1e6),
    st.lists(st.integers(1, 1000), min_size=2, max_size=8, unique=True),
)
def test_a_power_is_found_again(power: float, factor: float, sizes: list[int]) -> None:
    assert exponent(sizes, [factor * size**power for size in sizes]) == pytest.approx(power, rel=1e-6, abs=1e-9)


def test_all_differences_are_the_gradient_of_backpropagation() -> None:
    torch.manual_seed(0)
    timed = time_both(Network(3, 4, 6), seconds=1000.0)
    assert timed.differences == timed.network.parameters == 60
    assert timed.error < 1e-8
    assert timed.naive > 0
    assert timed.backprop > 0


def test_where_all_would_take_too_long_some_are_computed_and_stand_for_all() -> None:
    torch.manual_seed(0)
    timed = time_both(Network(2, 40, 6), seconds=0.0)
    assert timed.differences == 8
    assert timed.network.parameters == 3280
    assert timed.error < 1e-8


def test_growth_by_arithmetic_is_what_the_question_asks_for() -> None:
    rows = {(row["cost"], row["grows with"]): row for row in taken(SMALL).table("growth")}
    assert rows["finite differences", "depth"]["multiply-adds"] == pytest.approx(2)
    assert rows["backpropagation", "width"]["multiply-adds"] == pytest.approx(2)
    assert {row["networks"] for row in rows.values()} == {3}
    wide = GradientCost(depths=(8, 16, 32), width=2, widths=(64, 128, 256), examples=1)
    large = {
        "differences": exponent(wide.widths, [Network(2, width, 1).naive_multiply_adds for width in wide.widths]),
        "backprop": exponent(wide.depths, [Network(depth, 2, 1).backprop_multiply_adds for depth in wide.depths]),
    }
    assert large == pytest.approx({"differences": 4, "backprop": 1}, abs=0.03)


def test_what_was_computed_and_what_was_reckoned_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = taken(SMALL)
    assert (
        "In 3 of 3 networks the differences of every parameter were computed." in found.by_name["time over depth"].note
    )
    assert [row["differences computed"] for row in found.table("networks")][:3] == [20, 40, 80]
    monkeypatch.setattr(measure_file, "NAIVE_SECONDS", 0.0)
    sampled = taken(SMALL)
    assert "In 0 of 3 networks" in sampled.by_name["time over depth"].note
    assert "their time multiplied" in sampled.by_name["time over depth"].note
    assert {row["differences computed"] for row in sampled.table("networks")} <= {6, 8, 12}
    assert len(found.lines("time over width")["finite differences"][0]) == 3
