"""How a process is set up for its device, as far as that shows without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from tp1tui.engine.device import _set_products

MATMUL, CUDNN = torch.backends.cuda.matmul, torch.backends.cudnn


@pytest.fixture
def as_before() -> Iterator[None]:
    before = MATMUL.allow_tf32, CUDNN.allow_tf32
    yield
    MATMUL.allow_tf32, CUDNN.allow_tf32 = before


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("exact", [True, False])
def test_products_and_convolutions_are_as_exact_as_asked(exact: bool) -> None:
    _set_products(exact=not exact)
    _set_products(exact=exact)
    precisions = {MATMUL.fp32_precision, CUDNN.conv.fp32_precision, CUDNN.rnn.fp32_precision}
    assert ("tf32" in precisions) == (not exact)
    assert exact or precisions == {"tf32"}


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("exact", [True, False])
def test_all_that_reads_how_exact_products_are_is_told_the_same(exact: bool) -> None:
    """torch refuses to say where its older and its newer switches differ; its compiler asks by the older."""
    _set_products(exact=exact)
    assert MATMUL.allow_tf32 == CUDNN.allow_tf32 == (not exact)
    assert torch.get_float32_matmul_precision() == ("highest" if exact else "high")
