from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from torch import nn

from tp1tui.spec.calculator import convolution, pooling
from tp1tui.spec.faults import SpecError, validated
from tp1tui.spec.measure import ConvolutionCalculator, PoolingCalculator
from tp1tui.spec.results import Table, Text

sides = st.integers(1, 12)


def text_of(results: tuple[object, ...]) -> str:
    return next(result.text for result in results if isinstance(result, Text))


def table_of(results: tuple[object, ...], name: str) -> Table:
    return next(result for result in results if isinstance(result, Table) and result.name == name)


@given(sides, sides, st.integers(1, 4), sides, st.integers(0, 5), st.integers(1, 6), st.integers(1, 5))
def test_the_calculator_agrees_with_torch_or_refuses(x: int, y: int, z: int, k: int, p: int, s: int, n: int) -> None:
    fields = {"width": x, "height": y, "channels": z, "kernel": k, "padding": p, "stride": s, "filters": n}
    layer = nn.Conv2d(z, n, k, s, p)
    if k > min(x, y) + 2 * p:
        with pytest.raises(ValidationError, match="the window must fit"):
            ConvolutionCalculator(**fields)
        with pytest.raises(RuntimeError):
            layer(torch.zeros(1, z, y, x))
        return
    output = layer(torch.zeros(1, z, y, x))[0]
    conv, dense = table_of(convolution(ConvolutionCalculator(**fields)), "convolution and dense layer").rows
    assert conv[1] == f"{output.shape[2]}x{output.shape[1]}x{output.shape[0]}"
    assert conv[2] == sum(weights.numel() for weights in layer.parameters())
    with torch.device("meta"):
        linear = nn.Linear(x * y * z, output.numel())
    assert dense[2] == sum(weights.numel() for weights in linear.parameters())
    assert dense[4] == linear.weight.numel()


def test_the_formulas_hold_the_numbers_of_conv1() -> None:
    text = text_of(convolution(ConvolutionCalculator()))
    assert "floor((32 + 2·2 - 5) / 1) + 1 = 32" in text
    assert "32 · (5·5·3 + 1) = 2,432" in text
    assert "(32·32·3 + 1) · 32,768 = 100,696,064" in text
    assert "32,768 · 5·5·3 = 2,457,600" in text
    assert "Left over" not in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"width": 8, "height": 7, "kernel": 2, "stride": 2},
            "Left over at the lower edge, where no window reaches: 1",
        ),
        ({"width": 9, "height": 8, "kernel": 2, "stride": 2}, "1 column (1 of the image, the rest padding)"),
        ({"width": 32, "height": 5, "kernel": 5, "padding": 2, "stride": 2}, "padding, nothing of the image"),
        ({"width": 9, "height": 9, "kernel": 1, "stride": 3}, "2 of every 3 rows and columns are skipped"),
    ],
)
def test_pixels_that_no_window_sees_are_told(fields: dict[str, int], sentence: str) -> None:
    page = {"padding": 0, **fields}
    assert sentence in text_of(convolution(ConvolutionCalculator(**page)))


@given(st.integers(2, 40), st.integers(1, 12))
def test_the_paddings_keep_and_halve_what_they_promise(x: int, kernel: int) -> None:
    case = ConvolutionCalculator(width=x, height=x, kernel=kernel, padding=12)
    table = table_of(convolution(case), "padding and stride that keep or halve the size")
    assert kernel in [row[0] for row in table.rows]
    for k, keep_padding, keep_stride, kept, halve_padding, halve_stride, halved in table.rows:
        image = torch.zeros(1, 1, x, x)
        if keep_padding is None:
            assert k % 2 == 0
        else:
            assert nn.Conv2d(1, 1, k, keep_stride, keep_padding)(image).shape[-1] == kept == x
        output = nn.MaxPool2d(k, halve_stride, halve_padding)(image)
        assert output.shape[-1] == halved == (x // 2 if k % 2 == 0 else -(-x // 2))


def test_pooling_learns_nothing_and_keeps_its_channels() -> None:
    text = text_of(pooling(PoolingCalculator()))
    assert "16 x 16 x 32 channels = 8,192 numbers" in text
    assert "weights = 0" in text
    assert "4 times fewer" in text


@pytest.mark.parametrize(
    ("model", "page", "sentence"),
    [
        (
            ConvolutionCalculator,
            {"width": 4, "kernel": 9},
            "x: kernel is 9, but the input's width is 4 + 2·2 = 8 pixels; the window must fit in it.",
        ),
        (
            ConvolutionCalculator,
            {"height": 4, "padding": 0},
            "x: kernel is 5, but the input's height is 4 pixels; the window must fit in it.",
        ),
        (
            PoolingCalculator,
            {"padding": 2},
            "x: padding is 2; at most half the kernel, here 1, or a window could see padding alone.",
        ),
    ],
)
def test_a_window_that_cannot_be_is_refused_in_a_sentence(
    model: type[ConvolutionCalculator | PoolingCalculator], page: dict[str, int], sentence: str
) -> None:
    with pytest.raises(SpecError) as caught:
        validated(model, page, "x")
    assert str(caught.value) == sentence
