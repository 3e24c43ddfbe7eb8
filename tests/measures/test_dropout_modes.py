from __future__ import annotations

import pytest
import torch

from tests.measures.conftest import TrainedJob
from tests.measures.found import Found
from tp1tui.measures.dropout_modes import dropout_modes
from tp1tui.measures.dropout_passes import DropoutPoint
from tp1tui.measures.job import Job, need_training
from tp1tui.spec.measure import DropoutModes

MEASURE = DropoutModes(passes=4000, image=4)


def taken(job: Job) -> Found:
    torch.manual_seed(0)
    return Found(dropout_modes(MEASURE, job))


def number(value: object) -> float:
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize("p", [0.3, 0.5, 0.8])
def test_training_mode_drops_p_and_scales_the_rest(trained: TrainedJob, p: float) -> None:
    rows = taken(trained("dropout.enabled=true", f"dropout.p={p}")).table("both modes")
    training, evaluation = rows
    assert training["units set to zero"] == pytest.approx(100 * p, abs=1.5)
    assert training["factor of the others"] == pytest.approx(1 / (1 - p), rel=1e-5)
    assert evaluation["units set to zero"] == 0
    assert evaluation["factor of the others"] == 1
    assert evaluation["deviation of the unit"] == pytest.approx(0, abs=1e-4)  # a thousand equal float32, summed
    unit = number(evaluation["mean of the unit"])
    assert number(training["mean of the unit"]) == pytest.approx(unit, rel=0.15)
    assert number(training["deviation of the unit"]) == pytest.approx(unit * (p / (1 - p)) ** 0.5, rel=0.1)


def test_evaluation_s_scores_are_the_network_s_own(trained: TrainedJob) -> None:
    job = trained("dropout.enabled=true")
    training = need_training(job)
    rows = taken(job).table("scores")
    inputs, _ = training.data.measuring_batch(training.data.test, 3, 4)
    with torch.no_grad():
        own = training.model.eval()(inputs)[0]
    assert [row["evaluation"] for row in rows] == pytest.approx(own.tolist(), abs=1e-5)
    for row in rows:
        assert abs(number(row["off by standard errors"])) < 5
        assert number(row["lowest"]) < number(row["training: mean"]) < number(row["highest"])


def test_the_mean_of_more_passes_is_nearer_to_evaluation(trained: TrainedJob) -> None:
    lines = taken(trained("dropout.enabled=true")).lines("mean of n training passes against evaluation")
    passes, distances = lines["distance"]
    assert passes[0] == 1
    assert passes[-1] == 4000
    assert distances[-1] < distances[0] / 10
    expected = lines["deviation / sqrt(n)"][1]
    assert expected[-1] == pytest.approx(expected[0] / 4000**0.5)
    assert distances[-1] < 4 * expected[-1]


def test_training_agrees_with_the_test_by_both_rules_and_by_times_p_at_a_half_only(trained: TrainedJob) -> None:
    rows = taken(trained("dropout.enabled=true")).table("rules")
    assert [row["p"] for row in rows] == [0.1, 0.3, 0.5, 0.7, 0.9]
    for row in rows:
        assert row["paper: training, mean"] == pytest.approx(row["paper: test, times 1 - p"], abs=0.2)
        assert row["PyTorch: training, mean"] == pytest.approx(row["PyTorch: test"], abs=0.4)
    assert rows[2]["test, times p"] == rows[2]["paper: test, times 1 - p"]
    assert abs(number(rows[0]["test, times p"]) - number(rows[0]["paper: training, mean"])) > 0.4


def test_histograms_hold_every_pass(trained: TrainedJob) -> None:
    found = taken(trained("dropout.enabled=true", "batchnorm.enabled=true"))
    histograms = [name for name in found.by_name if name.endswith("over passes")]
    assert len(histograms) == 2
    for name in histograms:
        lines = found.lines(name)
        assert sum(lines["training mode"][1]) == pytest.approx(100)
        assert len(set(lines["evaluation mode"][0])) == 1


def test_the_network_is_left_in_evaluation_mode(trained: TrainedJob) -> None:
    job = trained("dropout.enabled=true", "batchnorm.enabled=true")
    model = need_training(job).model
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    taken(job)
    assert not any(module.training for module in model.modules())
    for name, value in model.state_dict().items():
        assert torch.equal(value, weights[name])


def test_many_passes_come_in_batches_that_together_are_all(
    trained: TrainedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tp1tui.measures.dropout_passes.VALUES_AT_ONCE", 300)
    training = need_training(trained("dropout.enabled=true"))
    inputs, _ = training.data.measuring_batch(training.data.test, 0, 1)
    passes = DropoutPoint(training.model, inputs).passes(37, training=True)
    assert passes.logits.shape == (37, 10)
    assert passes.unit.shape == (37,)
    assert len(passes.logits.unique(dim=0)) > 20  # each batch of passes draws anew


def test_dropout_that_was_switched_off_while_the_network_was_trained_is_measured_all_the_same(
    trained: TrainedJob,
) -> None:
    job = trained("dropout.enabled=true")
    need_training(job).set_switch("dropout", on=False)
    training, evaluation = taken(job).table("both modes")
    assert training["units set to zero"] == pytest.approx(50, abs=1.5)
    assert evaluation["units set to zero"] == 0


@pytest.mark.parametrize(("units", "seen"), [(300, "No two passes agree: "), (2, " different answers: ")])
def test_passes_that_agree_are_counted(trained: TrainedJob, units: int, seen: str) -> None:
    job = trained("dropout.enabled=true", f"model.layers.fc3.features={units}")
    assert seen in taken(job).text("what the layer does")
