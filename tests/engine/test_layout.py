"""Memory layouts: the figures are the same to rounding, and trying them out leaves no trace."""

from __future__ import annotations

from itertools import cycle

import pytest
import torch

from tp1tui.data.arrays import Examples
from tp1tui.engine import layout
from tp1tui.engine.layout import LAYOUTS, circumstances, faster, has_choice
from tp1tui.engine.loop import EpochMeasured, train
from tp1tui.engine.model import Layout
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")


def losses(training: Training) -> list[float]:
    events = [event for event in train(training) if isinstance(event, EpochMeasured)]
    return [loss for event in events for loss in (event.train.loss, event.test.loss)]


@pytest.mark.parametrize("optimizer", ["{kind='sgd', lr=0.05, momentum=0.9}", "{kind='adam', lr=0.001}"])
def test_both_layouts_come_to_the_same_figures(everything_on: Experiment, examples: Examples, optimizer: str) -> None:
    experiment = with_changes(everything_on, [f"optimizer={optimizer}"])
    found = {}
    for each in LAYOUTS:
        training = Training(experiment, examples, CPU)
        training.set_layout(each)
        found[each] = losses(training)
    assert found["channels-first"] == pytest.approx(found["channels-last"], rel=1e-3)


def test_a_layout_is_that_of_weights_and_of_what_goes_in(small: Experiment, examples: Examples) -> None:
    training = Training(small, examples, CPU)
    seen: list[bool] = []
    first = next(module for module in training.model.modules() if isinstance(module, torch.nn.Conv2d))
    first.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0].is_contiguous()))
    inputs, _ = training.data.measuring_batch(training.data.test, 0, 4)
    wanted: list[Layout] = ["channels-last", "channels-first", "channels-last"]
    for each in wanted:
        training.set_layout(each)
        training.model(inputs)
        assert first.weight.is_contiguous() == (each == "channels-first")
    assert seen == [False, True, False]


def test_a_resumed_training_keeps_its_layout_and_its_very_figures(small: Experiment, examples: Examples) -> None:
    undisturbed = Training(small, examples, CPU)
    undisturbed.set_layout("channels-first")
    before, after = Training(small, examples, CPU), Training(small, examples, CPU)
    before.set_layout("channels-first")
    events = train(before)
    for _ in range(7):
        next(events)
    after.restore(before.state())
    assert after.layout == "channels-first"
    assert losses(after)[-2:] == losses(undisturbed)[-2:]


@pytest.mark.parametrize(("seconds", "expected"), [((1.0, 0.9), 1), ((1.0, 0.97), 0), ((0.5, 1.0), 0)])
def test_the_other_layout_must_be_clearly_faster(
    seconds: tuple[float, float],
    expected: int,
    everything_on: Experiment,
    examples: Examples,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A clock that each step is read on twice, before and after, in turn in both layouts.
    ticks = cycle([0.0, seconds[0], 0.0, seconds[1]])
    monkeypatch.setattr(layout, "perf_counter", lambda: next(ticks))
    assert faster(Training(everything_on, examples, CPU)) == LAYOUTS[expected]


def test_trying_changes_nothing(everything_on: Experiment, examples: Examples) -> None:
    tried, untried = Training(everything_on, examples, CPU), Training(everything_on, examples, CPU)
    draws = torch.get_rng_state()
    faster(tried)
    assert torch.equal(torch.get_rng_state(), draws)
    assert losses(tried) == losses(untried)


def test_dropout_among_images_leaves_no_choice(small: Experiment, examples: Examples) -> None:
    layers = [{"kind": "conv", "filters": 4, "kernel": 5}, {"kind": "dropout"}, {"kind": "flatten"}]
    model = {"layers": [*layers, {"kind": "linear", "features": 10}]}
    dropping = Experiment.model_validate({**small.model_dump(exclude={"model"}), "model": model})
    assert not has_choice(Training(dropping, examples, CPU))


def test_only_convnets_have_a_choice_and_each_its_own(small: Experiment, examples: Examples) -> None:
    convnet = Training(small, examples, CPU)
    assert has_choice(convnet)
    assert circumstances(convnet) == circumstances(Training(small, examples, CPU))
    other = Training(with_changes(small, ["batch_size=7"]), examples, CPU)
    assert circumstances(other) != circumstances(convnet)
