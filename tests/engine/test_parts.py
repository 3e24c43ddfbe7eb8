"""Losses, meters and devices, each against what torch says."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.shipped import EXPERIMENTS
from tp1tui.engine.device import DeviceError, configure, resolve
from tp1tui.engine.meter import HELD, Meter, hits
from tp1tui.engine.optimizer import squared_error

CPU = torch.device("cpu")


def test_squared_error_is_a_mean_over_batch_and_classes() -> None:
    logits = torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    probabilities = logits.softmax(1)
    wanted = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    expected = ((probabilities - wanted) ** 2).sum() / 6
    assert squared_error(logits, torch.tensor([0, 2])).item() == pytest.approx(expected.item())


@given(st.integers(1, 40), st.integers(2, 12), st.integers(0, 1000))
def test_hits_count_as_a_sort_counts(batch: int, classes: int, seed: int) -> None:
    logits = torch.randn(batch, classes, generator=torch.Generator().manual_seed(seed))
    targets = torch.randint(classes, (batch,), generator=torch.Generator().manual_seed(seed + 1))
    ranks = [sorted(row, reverse=True).index(row[target]) for row, target in zip(logits.tolist(), targets, strict=True)]
    known = hits(logits, targets)
    assert known.shape == (batch, min(5, classes))
    assert known.tolist() == [[rank == place for place in range(min(5, classes))] for rank in ranks]


def test_a_diverged_network_scores_no_better_than_chance() -> None:
    logits = torch.full((1000, 10), math.nan)
    targets = torch.arange(1000) % 10
    known = hits(logits, targets)
    assert known[:, 0].sum() <= 200
    assert known.sum() <= 600


def test_a_meter_keeps_more_batches_than_it_counts_at_once() -> None:
    meter = Meter()
    logits, targets = torch.eye(3), torch.tensor([0, 1, 0])
    for number in range(HELD + 10):
        meter.add(torch.tensor(float(number)), logits, targets)
    stretch = meter.fetch()
    assert stretch.losses == [float(number) for number in range(HELD + 10)]
    assert stretch.top1 == pytest.approx([200 / 3] * (HELD + 10))
    assert meter.totals.examples == 3 * (HELD + 10)
    assert meter.fetch().losses == []


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=200), st.integers(0, 1000))
def test_batches_of_any_sizes_count_as_one_by_one(batches: list[tuple[int, bool]], seed: int) -> None:
    """Also where a switch makes labels soft and hard again."""
    draws = torch.Generator().manual_seed(seed)
    meter, losses, top1 = Meter(), [], []
    for number, (size, is_soft) in enumerate(batches):
        logits, targets = torch.randn(size, 7, generator=draws), torch.randint(7, (size,), generator=draws)
        meter.add(torch.tensor(float(number)), logits, torch.eye(7)[targets] if is_soft else targets)
        losses.append(float(number))
        top1.append(100 * (logits.argmax(1) == targets).sum().item() / size)
    stretch = meter.fetch()
    assert stretch.losses == losses
    assert stretch.top1 == pytest.approx(top1)
    assert stretch.examples == meter.totals.examples == sum(size for size, _ in batches)


def test_a_loss_that_is_not_finite_is_kept_as_what_it_is() -> None:
    meter = Meter()
    meter.add(torch.tensor(math.inf), torch.eye(2), torch.tensor([0, 1]))
    meter.add(torch.tensor(math.nan), torch.eye(2), torch.tensor([0, 1]))
    losses = meter.fetch().losses
    assert losses[0] == math.inf
    assert math.isnan(losses[1])


def test_a_device_that_is_not_there_is_refused_with_what_is() -> None:
    assert resolve("cpu") == CPU
    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        with pytest.raises(DeviceError, match=r"no such GPU here\. There are: cuda:0.* and cpu"):
            resolve(f"cuda:{count}")
        assert resolve("auto") == torch.device("cuda:0")
    else:
        with pytest.raises(DeviceError, match="torch finds no GPU here"):
            resolve("cuda:1")
        assert resolve("auto") == CPU


@pytest.mark.parametrize(("preset", "threads"), [("ab2.1-circles-by-hand", 1), ("digits", 2), ("ab2.5-mnist-mlp", 2)])
def test_networks_of_a_few_units_get_one_thread(preset: str, threads: int) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        configure(CPU, EXPERIMENTS[preset])
        assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
