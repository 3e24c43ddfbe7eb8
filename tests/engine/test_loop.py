from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tp1tui.data.arrays import Examples
from tp1tui.data.validation import held_out
from tp1tui.engine.loop import EpochMeasured, EpochTrained, LoopEvent, StepDone, train
from tp1tui.engine.model import build
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")


def started(experiment: Experiment, examples: Examples) -> tuple[Training, Iterator[LoopEvent]]:
    training = Training(experiment, examples, CPU)
    return training, train(training)


def weights(training: Training) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in training.model.state_dict().items()}


def same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def saved_and_read(training: Training) -> dict[str, object]:
    """A state as it comes back from a checkpoint file."""
    file = io.BytesIO()
    torch.save(training.state(), file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def test_epoch_zero_is_measured_before_the_first_update(small: Experiment, examples: Examples) -> None:
    training, events = started(small, examples)
    untrained = weights(training)
    first = next(events)
    assert isinstance(first, EpochMeasured)
    assert (first.epoch, first.step) == (0, 0)
    assert same(weights(training), untrained)
    logits = training.model.eval()(training.data.measuring_batch(training.data.test, 0, 20)[0])
    targets = torch.tensor(examples.test_labels, dtype=torch.int64)
    assert first.test.loss == pytest.approx(F.cross_entropy(logits, targets).item(), rel=1e-6)
    assert first.test.top1 == pytest.approx(100 * (logits.argmax(1) == targets).float().mean().item())


def test_events_come_in_the_order_of_the_textbook(small: Experiment, examples: Examples) -> None:
    _, events = started(small, examples)
    kinds = [type(event) for event in events]
    epoch = [StepDone] * 4 + [EpochTrained, EpochMeasured]
    assert kinds == [EpochMeasured, *epoch * 3]


def test_the_loop_computes_what_a_plain_loop_computes(small: Experiment, examples: Examples) -> None:
    """The notebook's loop, written out, on the same order of examples."""
    training, events = started(small, examples)
    orders = [training.data.plan(epoch).order for epoch in (1, 2, 3)]
    model = build(small)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    images = torch.tensor(examples.train_inputs).permute(0, 3, 1, 2).float() / 255
    labels = torch.tensor(examples.train_labels, dtype=torch.int64)
    losses = []
    for order in orders:
        for chosen in order.split(16):
            loss = F.cross_entropy(model(images[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    for _ in events:
        pass
    assert training.meter.fetch().losses == pytest.approx(losses, rel=1e-4)


def test_averages_weigh_the_short_last_batch_by_its_size(small: Experiment, examples: Examples) -> None:
    training, events = started(small, examples)
    measured = next(event for event in events if isinstance(event, EpochMeasured) and event.epoch == 1)
    losses = training.meter.fetch().losses
    assert measured.train.loss == pytest.approx((16 * sum(losses[:3]) + 2 * losses[3]) / 50)


@pytest.mark.parametrize("stop_at", [1, 3, 4, 6, 8, 11])
def test_a_resumed_run_gives_the_very_numbers_of_an_undisturbed_one(
    everything_on: Experiment, examples: Examples, stop_at: int
) -> None:
    undisturbed, events = started(everything_on, examples)
    expected = [event for event in events if isinstance(event, EpochMeasured)]
    losses = undisturbed.meter.fetch().losses

    before, events = started(everything_on, examples)
    seen = list(itertools.takewhile(lambda event: event != StepDone(stop_at), events))
    state = saved_and_read(before)
    torch.manual_seed(12345)  # another process starts with another random state
    after = Training(everything_on, examples, CPU)
    after.restore(state)
    seen += list(train(after))

    assert [event for event in seen if isinstance(event, EpochMeasured)] == expected
    assert before.meter.fetch().losses + after.meter.fetch().losses == losses
    assert same(weights(after), weights(undisturbed))


def test_a_resume_between_training_and_evaluation_keeps_the_averages(small: Experiment, examples: Examples) -> None:
    _, events = started(small, examples)
    expected = next(event for event in events if isinstance(event, EpochMeasured) and event.epoch == 1)
    before, events = started(small, examples)
    next(event for event in events if isinstance(event, EpochTrained))
    after = Training(small, examples, CPU)
    after.restore(saved_and_read(before))
    assert next(iter(train(after))) == EpochTrained(1)
    after.restore(saved_and_read(before))
    assert list(itertools.islice(train(after), 2))[1] == expected


def test_fetching_often_or_never_changes_no_average(small: Experiment, examples: Examples) -> None:
    _, unwatched = started(small, examples)
    expected = [event for event in unwatched if isinstance(event, EpochMeasured)]
    training, events = started(small, examples)
    measured = []
    for event in events:
        training.meter.fetch()
        if isinstance(event, EpochMeasured):
            measured.append(event)
    assert measured == expected


def test_switching_augmentation_is_obeyed_by_the_next_batch_and_shifts_no_other_draw(
    small: Experiment, examples: Examples
) -> None:
    training, events = started(small, examples)
    plan = training.data.plan(1)
    next(event for event in events if event == StepDone(2))
    whole, labels = training.data.training_batch(plan, 2)
    training.set_switch("augmentation", on=True)
    cropped, same_labels = training.data.training_batch(plan, 2)
    assert whole.shape[-2:] == (32, 32)
    assert cropped.shape[-2:] == (28, 28)
    assert torch.equal(labels, same_labels)
    assert training.experiment.augmentation.enabled
    next(events)


def test_dropout_switched_on_changes_training_but_no_measurement(small: Experiment, examples: Examples) -> None:
    training, _ = started(small, examples)
    training.set_switch("dropout", on=True)
    inputs, _ = training.data.measuring_batch(training.data.test, 0, 20)
    training.model.train()
    assert not torch.equal(training.model(inputs), training.model(inputs))
    training.model.eval()
    assert torch.equal(training.model(inputs), training.model(inputs))


def test_dropout_switched_off_is_no_dropout(everything_on: Experiment, examples: Examples) -> None:
    training, _ = started(everything_on, examples)
    training.set_switch("dropout", on=False)
    dropouts = [module for module in training.model.modules() if isinstance(module, nn.Dropout)]
    assert [dropout.p for dropout in dropouts] == [0.0]


@pytest.mark.parametrize("switch", ["batchnorm", "standardization"])
def test_what_needs_a_new_run_cannot_be_switched(small: Experiment, examples: Examples, switch: str) -> None:
    training, _ = started(small, examples)
    with pytest.raises(ValueError, match="cannot be switched while a run is going"):
        training.set_switch(switch, on=True)  # type: ignore[arg-type]


def test_a_crop_that_needs_other_weights_is_refused_and_nothing_changes(small: Experiment, examples: Examples) -> None:
    experiment = with_changes(small, ["augmentation.steps.0.size=16"])
    training, events = started(experiment, examples)
    with pytest.raises(ValueError, match="layer fc has 650 weights for images of 3x32x32 and would need 170"):
        training.set_switch("augmentation", on=True)
    assert not training.experiment.augmentation.enabled
    assert not training.data.augment
    next(events)


def test_another_seed_gives_other_weights_and_another_order(small: Experiment, examples: Examples) -> None:
    one, other = Training(small, examples, CPU), Training(with_changes(small, ["seed=1"]), examples, CPU)
    assert not torch.equal(one.model.conv1.weight, other.model.conv1.weight)  # type: ignore[union-attr]
    assert not torch.equal(one.data.plan(1).order, other.data.plan(1).order)
    assert not torch.equal(one.data.plan(1).order, one.data.plan(2).order)


def test_bf16_trains(small: Experiment, examples: Examples) -> None:
    _, events = started(with_changes(small, ["precision=bf16", "epochs=1"]), examples)
    last = list(events)[-1]
    assert isinstance(last, EpochMeasured)
    assert last.train.loss == pytest.approx(2.3, abs=1.5)


def parted(small: Experiment, examples: Examples) -> tuple[Experiment, Examples]:
    """The small experiment with 10 of its 50 training examples held out."""
    return with_changes(small, ["dataset.validation_fraction=0.2"]), held_out(examples, 10, small.seed)


def test_the_validation_set_is_measured_as_the_test_set_is(small: Experiment, examples: Examples) -> None:
    asked, divided = parted(small, examples)
    training, events = started(asked, divided)
    measured = [event for event in events if isinstance(event, EpochMeasured)]
    assert training.data.validation is not None
    logits = training.model.eval()(training.data.measuring_batch(training.data.validation, 0, 10)[0])
    targets = torch.tensor(divided.validation_labels, dtype=torch.int64)
    last = measured[-1].validation
    assert last is not None
    assert last.loss == pytest.approx(F.cross_entropy(logits, targets).item(), rel=1e-6)
    assert all(event.validation is not None for event in measured)


def test_what_is_held_out_changes_no_weight(small: Experiment, examples: Examples) -> None:
    asked, divided = parted(small, examples)
    other = replace(divided, validation_inputs=np.zeros((10, 32, 32, 3), np.uint8))
    trained, blank = (started(asked, each) for each in (divided, other))
    for _, events in (trained, blank):
        assert sum(isinstance(event, StepDone) for event in events) == 3 * 3  # 40 examples in batches of 16
    assert same(weights(trained[0]), weights(blank[0]))
