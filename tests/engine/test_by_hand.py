from __future__ import annotations

import ast
import inspect

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from tp1tui.engine import by_hand

DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
SIZES = st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(2, 5), st.integers(1, 9))
"""nx, nh, ny, B."""


def case(
    nx: int, nh: int, ny: int, batch: int, dtype: torch.dtype
) -> tuple[by_hand.Params, torch.Tensor, torch.Tensor]:
    params = by_hand.init_params(nx, nh, ny, dtype)
    for name in ("bh", "by"):
        params[name] += torch.randn(params[name].shape, dtype=dtype)
    targets = torch.randint(ny, (batch,))
    return params, torch.randn(batch, nx, dtype=dtype), torch.eye(ny, dtype=dtype)[targets]


@DTYPES
def test_parameters_begin_with_the_subject_s_shapes_and_deviation(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    params = by_hand.init_params(200, 300, 5, dtype)
    shapes = {name: tuple(value.shape) for name, value in params.items()}
    assert shapes == {"Wh": (300, 200), "bh": (300,), "Wy": (5, 300), "by": (5,)}
    assert {value.dtype for value in params.values()} == {dtype}
    assert params["Wh"].std().item() == pytest.approx(0.3, rel=0.02)
    assert params["Wy"].std().item() == pytest.approx(0.3, rel=0.1)
    assert not params["bh"].any()
    assert not params["by"].any()


def test_the_subject_s_network_has_22_parameters() -> None:
    assert sum(value.numel() for value in by_hand.init_params(2, 4, 2).values()) == 22


@DTYPES
def test_every_output_of_the_forward_pass_is_what_its_formula_says(dtype: torch.dtype) -> None:
    """Example by example and unit by unit, as the subject writes it."""
    torch.manual_seed(1)
    params, x, _ = case(3, 4, 2, 5, dtype)
    yhat, outputs = by_hand.forward(params, x)
    assert list(outputs) == ["X", "htilde", "h", "ytilde", "yhat"]
    assert outputs["X"] is x
    assert outputs["yhat"] is yhat
    for b in range(5):
        for i in range(4):
            htilde = sum(params["Wh"][i, j] * x[b, j] for j in range(3)) + params["bh"][i]
            torch.testing.assert_close(outputs["htilde"][b, i], htilde)
            torch.testing.assert_close(outputs["h"][b, i], htilde.tanh())
        for i in range(2):
            ytilde = sum(params["Wy"][i, j] * outputs["h"][b, j] for j in range(4)) + params["by"][i]
            torch.testing.assert_close(outputs["ytilde"][b, i], ytilde)
        torch.testing.assert_close(yhat[b], outputs["ytilde"][b].exp() / outputs["ytilde"][b].exp().sum())


@DTYPES
def test_loss_and_accuracy_are_those_of_torch(dtype: torch.dtype) -> None:
    torch.manual_seed(2)
    params, x, y = case(3, 4, 5, 40, dtype)
    yhat, outputs = by_hand.forward(params, x)
    loss, accuracy = by_hand.loss_accuracy(yhat, y)
    torch.testing.assert_close(loss, F.cross_entropy(outputs["ytilde"], y.argmax(1)))
    assert accuracy.item() == pytest.approx((outputs["ytilde"].argmax(1) == y.argmax(1)).double().mean().item())


def test_a_probability_that_is_rounded_to_0_costs_much_and_not_infinitely_much() -> None:
    loss, accuracy = by_hand.loss_accuracy(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]]))
    assert 80 < loss < 90
    assert accuracy == 0
    assert by_hand.loss_accuracy(torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 0.0]]))[0] == 0


@given(SIZES, st.integers(0, 10_000))
def test_backward_gives_the_gradients_of_autograd(sizes: tuple[int, int, int, int], seed: int) -> None:
    torch.manual_seed(seed)
    params, x, y = case(*sizes, torch.float64)
    leaves = {name: value.clone().requires_grad_() for name, value in params.items()}
    loss, _ = by_hand.loss_accuracy(by_hand.forward(leaves, x)[0], y)
    expected = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))
    grads = by_hand.backward(params, by_hand.forward(params, x)[1], y)
    assert grads.keys() == params.keys()
    for name, grad in grads.items():
        assert grad.shape == params[name].shape
        torch.testing.assert_close(grad, expected[name], rtol=1e-10, atol=1e-14)


def test_a_step_goes_down_the_gradient_in_place() -> None:
    params = by_hand.init_params(2, 3, 2)
    before = {name: value.clone() for name, value in params.items()}
    held = dict(params)
    grads = {name: torch.full_like(value, 2.0) for name, value in params.items()}
    by_hand.sgd(params, grads, 0.25)
    for name, value in params.items():
        assert value is held[name]
        torch.testing.assert_close(value, before[name] - 0.5)


@DTYPES
def test_a_few_steps_lower_the_loss(dtype: torch.dtype) -> None:
    torch.manual_seed(3)
    params, x, _ = case(2, 4, 2, 30, dtype)
    y = torch.eye(2, dtype=dtype)[(x[:, 0] > x[:, 1]).long()]
    losses = []
    for _ in range(50):
        yhat, outputs = by_hand.forward(params, x)
        losses.append(by_hand.loss_accuracy(yhat, y)[0].item())
        by_hand.sgd(params, by_hand.backward(params, outputs, y), 0.3)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 2


def test_there_is_no_autograd_in_it() -> None:
    tree = ast.parse(inspect.getsource(by_hand))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names.isdisjoint({"backward", "grad", "autograd", "requires_grad", "requires_grad_", "nn"})
