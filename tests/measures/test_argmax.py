from __future__ import annotations

import pytest
import torch

from tests.measures.conftest import CPU
from tests.measures.found import Found
from tests.spec.shipped import EXPERIMENTS
from tp1tui.data.circles import circles
from tp1tui.engine.loop import train
from tp1tui.engine.training import Training
from tp1tui.measures.argmax import NAME, argmax
from tp1tui.measures.job import Job
from tp1tui.spec.changes import with_changes
from tp1tui.spec.gradient_measures import Argmax


@pytest.fixture(scope="module")
def training() -> Training:
    experiment = with_changes(EXPERIMENTS["ab13-argmax"], ["epochs=30", "optimizer.lr=0.3"])
    training = Training(experiment, circles(0), CPU)
    for _ in train(training):
        pass
    return training


@pytest.fixture(scope="module")
def found(training: Training) -> Found:
    return Found(argmax(Argmax(), Job(CPU, lambda what: None, training=training)))


def test_behind_softmax_every_weight_has_a_slope_and_behind_argmax_none(found: Found) -> None:
    rows = found.table("slopes along every weight")
    assert len(rows) == 22
    for row in rows:
        slope = row["loss: autograd"]
        assert isinstance(slope, float)
        assert slope != 0
        assert row["loss: differences"] == pytest.approx(slope, rel=1e-4, abs=1e-8)
        assert row["error rate: differences"] == 0
    text = found.text("what can be followed down")
    assert "22 of 22 weights have a slope" in text
    assert "along 22 of 22 weights the error rate does not move at all" in text
    assert 'torch says "element 0 of tensors does not require grad' in text


def test_smaller_steps_near_a_slope_0_and_no_number(found: Found) -> None:
    rows = found.table("smaller and smaller steps")
    slopes = {row["weight"]: row["loss: autograd"] for row in found.table("slopes along every weight")}
    steepest = max(slopes.values(), key=lambda slope: abs(slope))  # type: ignore[arg-type]
    last, before = rows[-1], rows[-2]
    assert last["loss"] == pytest.approx(steepest, rel=1e-6)
    assert last["error rate"] == 0
    assert isinstance(last["error rate at a jump"], float)
    assert last["error rate at a jump"] == pytest.approx(10 * before["error rate at a jump"], rel=1e-6)  # type: ignore[operator]
    assert abs(last["error rate at a jump"]) >= 0.005 / 2e-5 - 1e-6  # a point in 200, at least


def test_one_line_is_smooth_and_the_other_a_staircase(found: Found) -> None:
    loss, error = found.lines(NAME).values()
    assert len(set(loss[1])) > 500
    steps = [after - before for before, after in zip(loss[1], loss[1][1:], strict=False)]
    assert max(map(abs, steps)) < 0.05
    assert {round(200 * rate, 9) % 1 for rate in error[1]} == {0.0}
    level = sum(before == after for before, after in zip(error[1], error[1][1:], strict=False))
    assert 300 < level < 600
    (close,) = found.lines(f"{NAME}, closely").values()
    assert 2 <= len(set(close[1])) <= 12


def test_the_trained_weights_stay_as_they_were(training: Training) -> None:
    before = {name: value.clone() for name, value in training.model.state_dict().items()}
    assert list(argmax(Argmax(reach=0.5), Job(CPU, lambda what: None, training=training)))
    for name, value in training.model.state_dict().items():
        assert torch.equal(value, before[name])


def test_where_nothing_jumps_the_table_has_no_jump(training: Training) -> None:
    found = Found(argmax(Argmax(reach=1e-9), Job(CPU, lambda what: None, training=training)))
    assert "error rate at a jump" not in found.table("smaller and smaller steps")[0]
    assert len(set(found.lines(NAME)["error rate, behind argmax (share of the points)"][1])) == 1
