"""A step that is shared out, in a team of one: what several processes add is tried in `tests/worker/test_mates.py`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import torch
import torch.distributed as dist

from tp1tui.data.arrays import Examples
from tp1tui.engine.loop import StepDone, train
from tp1tui.engine.team import Team
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")


@pytest.fixture
def team(monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    meet = partial(dist.init_process_group, store=dist.HashStore(), rank=0, world_size=1)
    monkeypatch.setattr(dist, "init_process_group", meet)
    yield Team(CPU, "cpu")
    dist.destroy_process_group()


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_loss_of_the_whole_batch_is_as_exact_as_that_of_one_device(
    precision: str, small: Experiment, examples: Examples, team: Team
) -> None:
    experiment = with_changes(small, [f"precision={precision}"])
    losses = []
    for training in (Training(experiment, examples, CPU), Training(experiment, examples, CPU, team)):
        next(event for event in train(training) if event == StepDone(1))
        losses.append(training.meter.fetch().losses)
    assert losses[1] == pytest.approx(losses[0], rel=1e-6)


@pytest.mark.parametrize("examples", [1, 2, 3, 4, 7, 128])
@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_nobody_goes_without_a_part_and_the_weights_make_up_for_its_size(size: int, examples: int, team: Team) -> None:
    team.size = size
    wholes, weights = [], []
    for team.rank in range(size):
        part = team.part(examples)
        assert part.stop > part.start
        weights.append(team.weight(examples))
        wholes.append(weights[-1] * sum(range(part.start, part.stop)) / (part.stop - part.start))
    assert sum(weights) == pytest.approx(size)
    assert sum(wholes) / size == pytest.approx(sum(range(examples)) / examples)
