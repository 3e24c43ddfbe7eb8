from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.shipped import EXPERIMENTS
from tp1tui.engine.transformer import Transformer
from tp1tui.measures.growth import parabola
from tp1tui.measures.job import Job
from tp1tui.measures.token_cost import kept_bytes, token_cost
from tp1tui.spec.results import Series, Table
from tp1tui.spec.transformer import VisionTransformer
from tp1tui.spec.transformer_measures import TokenCost

MNIST = (1, 28, 28)
terms = st.floats(0.1, 100)


@given(terms, terms, terms)
def test_a_parabola_is_found_again(a: float, b: float, c: float) -> None:
    tokens = [4.0, 17.0, 65.0, 145.0]
    found = parabola(tokens, [a + b * n + c * n**2 for n in tokens])
    assert found == pytest.approx((a, b, c), rel=1e-6, abs=1e-6)


def kept(attention: str, side: int) -> int:
    model = VisionTransformer.model_validate({"patch": 7, "width": 16, "blocks": 1, "heads": 4, "attention": attention})
    return kept_bytes(Transformer(model, (1, side, side), 10), torch.zeros(2, 1, side, side))


def test_attention_written_out_keeps_a_table_of_weights_of_every_head() -> None:
    table = 2 * 4 * 17 * 17 * 4  # images, heads, queries, keys, bytes
    assert table / 2 <= kept("written-out", 28) - kept("fused", 28) <= 4 * table


def test_what_the_fused_kernel_keeps_grows_as_the_tokens_and_the_rest_as_their_square() -> None:
    small, middle, large = (kept("fused", side) for side in (28, 56, 112))
    assert (large - middle) / (middle - small) == pytest.approx((257 - 65) / (65 - 17), rel=0.02)
    small, middle, large = (kept("written-out", side) for side in (28, 56, 112))
    assert (large - middle) / (middle - small) > 1.5 * (257 - 65) / (65 - 17)


def test_weights_are_not_counted_as_kept() -> None:
    wide = VisionTransformer(patch=28, width=64, blocks=1, heads=1)
    network = Transformer(wide, MNIST, 10)
    weights = sum(4 * weight.numel() for weight in network.parameters())
    assert kept_bytes(network, torch.zeros(1, *MNIST)) < weights / 2


def test_the_measure_fits_what_it_finds() -> None:
    job = Job(torch.device("cpu"), lambda what: None, EXPERIMENTS["e07-mnist"])
    found = {result.name: result for result in token_cost(TokenCost(copies=(1, 2, 3, 4), images=1), job)}
    memory = found["memory over tokens"]
    assert isinstance(memory, Series)
    assert [line.x for line in memory.lines] == [(17.0, 65.0, 145.0, 257.0)] * 2
    fits = found["a + b·n + c·n²"]
    assert isinstance(fits, Table)
    squares = {(row[0], row[1]): row[4] for row in fits.rows}
    assert squares["multiply-adds", "fused"] == pytest.approx(2 * 2 * 32)  # blocks, products, width
    assert squares["memory, kB", "fused"] == 0
    assert squares["memory, kB", "written-out"] > 0  # type: ignore[operator]
