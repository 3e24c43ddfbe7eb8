"""How a process is set up for its device, as far as that shows without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
import torch

from tp1tui.engine.device import _set_products

MATMUL, CUDNN = torch.backends.cuda.matmul, torch.backends.cudnn


@pytest.fixture
def as_before() -> Iterator[None]:
    before = MATMUL.fp32_precision, CUDNN.conv.fp32_precision
    yield
    MATMUL.fp32_precision, CUDNN.conv.fp32_precision = before


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("precision", ["tf32", "ieee"])
def test_products_and_convolutions_are_as_exact_as_asked(precision: Literal["ieee", "tf32"]) -> None:
    _set_products(precision)
    assert MATMUL.fp32_precision == precision
    assert CUDNN.conv.fp32_precision == precision
