"""By hand, autograd, torch.nn and torch.optim are one training, made in four ways."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tests.spec.shipped import EXPERIMENTS
from tp1tui.data.arrays import Examples
from tp1tui.data.circles import circles
from tp1tui.engine import by_hand
from tp1tui.engine.evaluate import evaluate
from tp1tui.engine.implementations import ByHandNetwork
from tp1tui.engine.loop import EpochMeasured, LoopEvent, StepDone, train
from tp1tui.engine.model import build
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")
PRESETS = {
    "by-hand": "ab2.1-circles-by-hand",
    "autograd": "ab2.2-circles-autograd",
    "torch.nn": "ab2.3-circles-torch-nn",
    "torch.optim": "ab2.4-circles-torch-optim",
}
FIRST_THREE = list(PRESETS)[:3]
EPOCHS = 40
"""Past the plateau's beginning, and 800 steps."""

IMAGES = {
    "dataset": {"kind": "digits", "train_examples": 60, "test_examples": 30},
    "standardization": {"kind": "channel", "enabled": True},
    "augmentation": {"enabled": True, "steps": [{"kind": "mirror"}]},
    "model": {
        "layers": [
            {"kind": "flatten", "name": "flatten"},
            {"kind": "linear", "name": "fc1", "features": 12},
            {"kind": "batchnorm", "name": "bn"},
            {"kind": "tanh", "name": "tanh"},
            {"kind": "dropout", "name": "drop"},
            {"kind": "linear", "name": "fc2", "features": 10},
        ]
    },
    "optimizer": {"kind": "sgd", "lr": 0.1},
    "schedule": {"kind": "exponential", "gamma": 0.7},
    "epochs": 4,
    "batch_size": 16,
}
"""Flattened images, a last batch that is not whole, a schedule, and places of what is off."""


def some_images() -> Examples:
    draws = np.random.default_rng(0)
    images = draws.integers(0, 256, (90, 8, 8, 1), dtype=np.uint8)
    labels = draws.integers(0, 10, 90, dtype=np.uint8)
    return Examples(images[:60], labels[:60], images[60:], labels[60:], {})


def circles_by(implementation: str, *settings: str) -> Experiment:
    return with_changes(EXPERIMENTS[PRESETS[implementation]], [f"epochs={EPOCHS}", *settings])


def images_by(implementation: str) -> Experiment:
    return Experiment.model_validate({**IMAGES, "implementation": implementation})


def started(experiment: Experiment) -> tuple[Training, Iterator[LoopEvent]]:
    examples = circles(experiment.seed) if experiment.dataset.kind == "circles" else some_images()
    training = Training(experiment, examples, CPU)
    return training, train(training)


def weights(training: Training) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in training.model.state_dict().items()}


def test_each_preset_asks_for_its_own_implementation() -> None:
    asked = [EXPERIMENTS[preset].implementation for preset in PRESETS.values()]
    assert asked == list(PRESETS)
    made = [type(started(circles_by(name))[0].implementation).__name__ for name in PRESETS]
    assert made == ["ByHand", "Autograd", "TorchNn", "TorchOptim"]


@pytest.mark.parametrize("implementation", FIRST_THREE)
@pytest.mark.parametrize("experiment_by", [circles_by, images_by])
def test_from_the_same_weights_every_step_is_the_same_to_rounding(implementation: str, experiment_by) -> None:  # type: ignore[no-untyped-def]
    (ours, events), (torchs, expected) = started(experiment_by(implementation)), started(experiment_by("torch.optim"))
    first = weights(torchs)
    assert weights(ours).keys() == first.keys()
    assert all(torch.equal(value, first[name]) for name, value in weights(ours).items())
    steps = 0
    for event, expected_event in zip(events, expected, strict=True):
        assert type(event) is type(expected_event)
        if isinstance(event, StepDone):
            steps += 1
            assert ours.meter.fetch().losses == pytest.approx(torchs.meter.fetch().losses, abs=3e-6)
            for name, value in ours.model.state_dict().items():
                torch.testing.assert_close(value, torchs.model.state_dict()[name], rtol=0, atol=1e-5)
    assert steps == ours.step == ours.experiment.epochs * ours.experiment.steps_per_epoch
    moved = max((value - first[name]).abs().max().item() for name, value in torchs.model.state_dict().items())
    assert moved > 0.05


def test_all_four_measure_the_same_after_every_epoch() -> None:
    found = {}
    for name in PRESETS:
        _, events = started(circles_by(name))
        found[name] = [event for event in events if isinstance(event, EpochMeasured)]
    for name in FIRST_THREE:
        for ours, expected in zip(found[name], found["torch.optim"], strict=True):
            assert ours.train.loss == pytest.approx(expected.train.loss, abs=3e-6)
            assert ours.test.loss == pytest.approx(expected.test.loss, abs=3e-6)
            assert ours.test.top1 == pytest.approx(expected.test.top1, abs=0.51)  # one point on the boundary
    assert found["torch.optim"][-1].train.loss < found["torch.optim"][0].train.loss - 0.01


@pytest.mark.parametrize("implementation", list(PRESETS))
@pytest.mark.parametrize("stop_at", [1, 20, 33, 40])
def test_a_resumed_run_gives_the_very_numbers(implementation: str, stop_at: int) -> None:
    experiment = circles_by(implementation, "epochs=3")
    undisturbed, events = started(experiment)
    expected = [event for event in events if isinstance(event, EpochMeasured)]
    losses = undisturbed.meter.fetch().losses

    before, events = started(experiment)
    seen = list(itertools.takewhile(lambda event: event != StepDone(stop_at), events))
    file = io.BytesIO()
    torch.save(before.state(), file)
    file.seek(0)
    after, _ = started(experiment)
    after.restore(torch.load(file, weights_only=True))
    seen += list(train(after))
    assert [event for event in seen if isinstance(event, EpochMeasured)] == expected
    assert before.meter.fetch().losses + after.meter.fetch().losses == losses
    assert all(torch.equal(value, weights(undisturbed)[name]) for name, value in weights(after).items())


@pytest.mark.parametrize("implementation", ["by-hand", "autograd"])
def test_what_is_measured_by_hand_is_what_torch_s_layers_would_give(implementation: str) -> None:
    experiment = images_by(implementation)
    training, events = started(experiment)
    for _ in events:
        pass
    layers = build(experiment)
    layers.load_state_dict(training.model.state_dict())
    ours = evaluate(training.model, F.cross_entropy, training.data, training.data.test)
    theirs = evaluate(layers, F.cross_entropy, training.data, training.data.test)
    assert ours.loss == pytest.approx(theirs.loss, rel=1e-5)
    assert ours.confusion == theirs.confusion


def test_the_network_by_hand_never_calls_its_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> torch.Tensor:
        raise AssertionError("torch.nn computed something")

    monkeypatch.setattr(nn.Linear, "forward", refuse)
    monkeypatch.setattr(nn.Tanh, "forward", refuse)
    training, events = started(circles_by("by-hand", "epochs=1"))
    assert [type(event) for event in events][-1] is EpochMeasured
    assert isinstance(training.model, ByHandNetwork)
    assert not any(parameter.requires_grad for parameter in training.model.parameters())


def test_by_hand_follows_the_gradients_of_by_hand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong formula must show; autograd would not notice."""
    training, events = started(circles_by("by-hand", "epochs=1"))
    first = weights(training)
    monkeypatch.setattr(by_hand, "backward", lambda params, outputs, y: {"by": torch.ones(2)})
    for _ in events:
        pass
    last = weights(training)
    assert torch.equal(first["hidden.weight"], last["hidden.weight"])
    torch.testing.assert_close(last["output.bias"], first["output.bias"] - 20 * 0.03)


def test_torch_nn_takes_any_layers_with_dropout_and_normalization() -> None:
    page = {**IMAGES, "dropout": {"enabled": True}, "batchnorm": {"enabled": True}, "loss": {"kind": "squared-error"}}
    found = []
    for implementation in ("torch.nn", "torch.optim"):
        training, events = started(Experiment.model_validate({**page, "implementation": implementation}))
        for _ in events:
            pass
        found.append(training.meter.fetch().losses)
    assert found[0] == pytest.approx(found[1], abs=1e-5)
