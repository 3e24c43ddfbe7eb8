"""What the signs know of the batches does not depend on how they came, and takes no more memory for more of them."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import run_spec
from tp1tui.journal.latest_batches import LatestBatches, first_not_finite
from tp1tui.journal.stretches import STRETCHES, latest_means

SMALL = run_spec("ab2.4", ["batch_size=50"]).experiment
LOSSES = st.lists(st.one_of(st.floats(0, 1e6), st.just(math.nan), st.just(math.inf)), max_size=300)


@given(LOSSES, st.lists(st.integers(0, 300), max_size=8))
def test_batches_that_come_bit_by_bit_are_those_that_come_at_once(losses: list[float], cuts: list[int]) -> None:
    bit_by_bit = LatestBatches(SMALL)
    places = [0, *sorted(cuts), len(losses)]
    for begin, end in pairwise(places):
        bit_by_bit.add(losses[begin:end], [10.0] * len(losses[begin:end]))
    assert bit_by_bit.step == len(losses)
    assert bit_by_bit.not_finite == first_not_finite(losses, [10.0] * len(losses))
    assert bit_by_bit.highest == max(filter(math.isfinite, losses), default=0.0)
    means = latest_means(SMALL, (), bit_by_bit.losses, bit_by_bit.step)
    assert means == latest_means(SMALL, (), losses, len(losses))


def test_a_step_that_a_damaged_line_hides_is_not_the_first_that_is_not_finite() -> None:
    batches = LatestBatches(SMALL)
    batches.add([1.0, math.nan], [5.0, math.nan])
    batches.add([math.nan], [5.0])
    assert batches.not_finite == 3


@pytest.mark.parametrize("count", [10_000, 100_000])
def test_however_many_batches_there_were_only_the_latest_stretches_are_kept(count: int) -> None:
    batches = LatestBatches(SMALL)
    for _ in range(count // 100):
        batches.add([1.0] * 100, [50.0] * 100)
    assert batches.step == count
    assert len(batches.losses) <= 2 * STRETCHES * SMALL.steps_per_epoch + 100
