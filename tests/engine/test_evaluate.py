from __future__ import annotations

import math

import pytest
import torch

from tp1tui.data.arrays import Examples
from tp1tui.data.resident import ResidentSet
from tp1tui.engine.evaluate import Evaluation, evaluate
from tp1tui.engine.loop import EpochMeasured, train
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")


def test_the_confusion_matrix_counts_every_example_once(
    small: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tp1tui.engine.evaluate.BATCH", {"cpu": 7})  # a last batch that is not whole
    training = Training(small, examples, CPU)
    measured = evaluate(training.model, training.loss_function, training.data, training.data.train)
    inputs, targets = training.data.measuring_batch(training.data.train, 0, 50)
    answers = training.model.eval()(inputs).argmax(1)
    expected = [[0] * 10 for _ in range(10)]
    for target, answer in zip(targets.tolist(), answers.tolist(), strict=True):
        expected[target][answer] += 1
    assert measured.confusion == tuple(map(tuple, expected))
    right = sum(expected[number][number] for number in range(10))
    assert measured.top1 == pytest.approx(100 * right / 50)


def test_top1_by_class_is_a_share_of_each_class_and_nan_where_there_is_none() -> None:
    measured = Evaluation(1.0, 50.0, 100.0, ((3, 1, 0), (0, 0, 0), (0, 2, 0)))
    by_class = measured.top1_by_class
    assert by_class[0] == 75.0
    assert math.isnan(by_class[1])
    assert by_class[2] == 0.0


def measurements(experiment: Experiment, examples: Examples) -> tuple[Training, list[EpochMeasured]]:
    training = Training(experiment, examples, CPU)
    return training, [event for event in train(training) if isinstance(event, EpochMeasured)]


def test_the_clean_measure_is_the_whole_training_set_with_the_last_weights(
    everything_on: Experiment, examples: Examples
) -> None:
    training, epochs = measurements(with_changes(everything_on, ["clean_train=true", "epochs=2"]), examples)
    assert [epoch.clean_train is not None for epoch in epochs] == [True] * 3
    inputs, targets = training.data.measuring_batch(training.data.train, 0, 50)
    logits = training.model.eval()(inputs)
    clean = epochs[-1].clean_train
    assert clean is not None
    assert clean.loss == pytest.approx(torch.nn.functional.cross_entropy(logits, targets).item(), rel=1e-5)
    assert clean.top1 == pytest.approx(100 * (logits.argmax(1) == targets).float().mean().item())
    assert clean != epochs[-1].train


def test_the_clean_measure_changes_no_other_figure(everything_on: Experiment, examples: Examples) -> None:
    _, plain = measurements(everything_on, examples)
    _, both = measurements(with_changes(everything_on, ["clean_train=true"]), examples)
    assert [(epoch.train, epoch.test) for epoch in plain] == [(epoch.train, epoch.test) for epoch in both]
    assert all(epoch.clean_train is None for epoch in plain)


def test_a_diverged_network_is_counted_too(small: Experiment, examples: Examples) -> None:
    training = Training(small, examples, CPU)
    with torch.no_grad():
        for parameter in training.model.parameters():
            parameter.fill_(math.nan)
    few = ResidentSet(training.data.test.inputs[:5], training.data.test.labels[:5])
    measured = evaluate(training.model, training.loss_function, training.data, few)
    assert math.isnan(measured.loss)
    assert sum(map(sum, measured.confusion)) == 5
