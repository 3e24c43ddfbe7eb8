from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import run_spec
from tp1tui.journal.events import Epoch
from tp1tui.journal.latest_batches import LatestBatches, first_not_finite
from tp1tui.journal.signs import Sign, Topic, signs, unsaid
from tp1tui.spec.experiment import Experiment

NAN, INF = math.nan, math.inf
MEASURED = Path(__file__).parents[2] / "benchmarks" / "results" / "2026-11-23-two-cores"
"""What real runs of the presets did, epoch by epoch."""


def asked(*settings: str, preset: str = "cd18-baseline") -> Experiment:
    return run_spec(preset, settings).experiment


def epochs_of(test: Sequence[float], train: Sequence[float] | None = None, **more: Any) -> list[Epoch]:
    """Epochs from 0 on, of 391 steps, with these test and training losses."""
    return [
        Epoch.model_validate(
            {
                **dict.fromkeys(("train_top1", "train_top5", "test_top1", "test_top5"), 50.0),
                **{"time": 60.0 * number, "step": 391 * number, "epoch": number, "lr": 0.01},
                **{"images_per_s": 1.0, "seconds": 1.0, "elapsed": 1.0, "augmentation": False, "dropout": False},
                **{"test_loss": test_loss, "train_loss": train[number] if train else 2.0 / (1 + number)},
                **more,
            }
        )
        for number, test_loss in enumerate(test)
    ]


def measured(name: str) -> list[Epoch]:
    """The epochs of a real run."""
    with (MEASURED / f"{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [Epoch.model_validate({**row, "time": 0, "seconds": 1, "elapsed": row["elapsed_s"]}) for row in rows]


def seen(experiment: Experiment, losses: Sequence[float] = (), top1: Sequence[float] | None = None) -> LatestBatches:
    """Batches with these losses, as they come at once."""
    batches = LatestBatches(experiment)
    batches.add(losses, losses if top1 is None else top1)
    return batches


def told(experiment: Experiment, epochs: Sequence[Epoch], losses: Sequence[float] = (), **dead: float) -> list[Topic]:
    return [sign.topic for sign in signs(experiment, epochs, seen(experiment, losses), dead)]


def history(experiment: Experiment, epochs: Sequence[Epoch]) -> Iterator[tuple[int, Sign]]:
    """Every sign as it is said, with the epoch at whose end that is."""
    said: list[tuple[str, int | None]] = []
    for end in range(1, len(epochs) + 1):
        for sign in unsaid(signs(experiment, epochs[:end], seen(experiment), {}), said):
            said.append((sign.topic, sign.epoch))
            yield epochs[end - 1].epoch, sign


def test_the_real_baseline_overfits_from_its_lowest_loss_on() -> None:
    [(when, sign)] = history(asked(), measured("cd18-baseline"))
    assert (sign.topic, sign.epoch) == ("overfitting", 8)
    assert "Overfitting begins at epoch 8: test loss has risen from 0.850 to " in sign.sentence
    assert 12 <= when <= 16


@pytest.mark.parametrize("preset", ["cd22-crop-mirror", "cd26-exponential-decay", "cd34-batchnorm"])
def test_the_real_runs_that_went_well_are_not_spoken_of(preset: str) -> None:
    epochs = measured(preset)
    assert len(epochs) > 4
    assert list(history(asked(preset=preset), epochs)) == []


def test_a_test_loss_that_comes_back_is_no_overfitting() -> None:
    assert told(asked(), epochs_of([2.3, 1.0, 1.2, 1.2, 1.2, 1.02])) == []
    assert told(asked(), epochs_of([2.3, 1.0, 1.2, 1.2, 1.2, 1.2])) == ["overfitting"]


def test_overfitting_needs_a_training_loss_that_goes_on_falling() -> None:
    test = [2.3, 1.0, 1.2, 1.2, 1.2, 1.2]
    assert told(asked(), epochs_of(test, [2.3, 1.0, 1.1, 1.1, 1.1, 1.1])) == []


def test_a_small_rise_of_a_small_test_loss_is_nothing() -> None:
    assert told(asked(preset="digits"), epochs_of([2.3, 0.09, 0.1, 0.11, 0.12, 0.12])) == []


def test_overfitting_is_said_again_only_of_another_epoch() -> None:
    first = [2.3, 1.0, 1.2, 1.2, 1.2, 1.2, 1.3]
    assert [sign.epoch for _, sign in history(asked(), epochs_of(first))] == [1]
    again = [*first, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9]
    assert [sign.epoch for _, sign in history(asked(), epochs_of(again))] == [1, 7]


@given(st.lists(st.floats(-0.02, 0.02), min_size=10, max_size=40), st.floats(0.5, 0.99))
def test_a_test_loss_that_falls_with_some_noise_is_no_overfitting(noise: list[float], pace: float) -> None:
    losses = [2.3 * pace**number * (1 + wobble) for number, wobble in enumerate(noise)]
    assert "overfitting" not in told(asked(), epochs_of(losses))


ONE_ANSWER = [0.0] * 3 + [100.0] + [0.0] * 6


def test_one_answer_for_every_image_is_chance() -> None:
    adam = asked("optimizer={kind='adam', lr=0.1}")
    epochs = epochs_of([2.303, 2.31, 2.31], [2.303, 90.0, 2.3128], test_top1_by_class=ONE_ANSWER)
    assert told(adam, epochs[:2]) == []
    [sign] = signs(adam, epochs, seen(adam), {})
    assert (sign.topic, sign.epoch) == ("chance", 1)
    assert sign.sentence == (
        "Accuracy is at chance (10 %) since epoch 1, the loss near ln 10 = 2.303: the network gives every example the "
        "same class. Usually the learning rate (0.1) is too large for adam; try 0.001."
    )


def test_a_loss_that_never_moved_is_given_more_time_and_another_reason() -> None:
    slow = asked("optimizer.lr=1e-6")
    epochs = epochs_of([2.303] * 6, [2.3026] * 6, test_top1_by_class=ONE_ANSWER)
    assert told(slow, epochs[:5]) == []
    [sign] = signs(slow, epochs, seen(slow), {})
    assert sign.sentence.endswith(
        "The loss hardly moves: usually the learning rate (1e-06) is too small for sgd; try 1e-05."
    )


def test_a_batch_far_above_guessing_tells_that_the_steps_are_too_long() -> None:
    epochs = epochs_of([2.303] * 3, [2.3026] * 3, test_top1_by_class=ONE_ANSWER)
    losses = [2.3, 40.0, *[2.3026] * 780]
    [sign] = signs(asked(), epochs, seen(asked(), losses), {})
    assert "too large" in sign.sentence


@pytest.mark.parametrize(
    "by_class", [None, [10.0] * 10, [0.0] * 9 + [99.0], [1.0] + [0.0] * 8 + [100.0], [NAN] * 9 + [100.0]]
)
def test_more_than_one_answer_is_not_chance(by_class: list[float] | None) -> None:
    assert told(asked(), epochs_of([2.4] * 9, [2.4] * 9, test_top1_by_class=by_class)) == []


def test_a_network_that_gave_one_answer_for_a_while_is_not_stuck() -> None:
    epochs = epochs_of([2.4] * 4, [2.4] * 4, test_top1_by_class=ONE_ANSWER)
    epochs.append(epochs_of([2.4] * 5, test_top1_by_class=[10.0] * 10)[-1])
    assert told(asked(), epochs) == []


def test_a_loss_that_is_not_finite_is_all_there_is_to_say() -> None:
    losses = [2.3] * 400 + [NAN] * 382
    epochs = epochs_of([2.3, 2.0, NAN], [2.3, 2.0, NAN], test_top1_by_class=ONE_ANSWER)
    [sign] = signs(asked("optimizer.lr=5"), epochs, seen(asked(), losses, [10.0] * 782), {"relu1": 100.0})
    assert (sign.topic, sign.epoch) == ("not-finite", 2)
    assert sign.sentence == (
        "The loss is not finite from step 401 (epoch 2) on: the weights have grown without bound. "
        "Usually the learning rate (5) is too large for sgd; try 0.5."
    )


def test_a_test_loss_that_is_not_finite_is_said_though_every_batch_is_well() -> None:
    [sign] = signs(asked(), epochs_of([2.3, INF]), seen(asked(), [1.0]), {})
    assert sign.sentence.startswith("The test loss is not finite from epoch 1 on")


def waves(*means: float, spread: float, seed: int = 0) -> list[float]:
    """Batch losses whose mean changes every quarter of an epoch of cd18, with noise."""
    draws = random.Random(seed)
    return [mean * draws.uniform(1 - spread, 1 + spread) for mean in means for _ in range(97)]


def test_a_training_loss_that_goes_up_and_down_oscillates() -> None:
    losses = waves(2.3, 1.8, 2.3, 1.5, 2.1, spread=0.2)
    [sign] = signs(asked("optimizer.lr=0.4"), epochs_of([2.3, 2.0]), seen(asked(), losses), {})
    assert (sign.topic, sign.epoch) == ("oscillation", 1)
    assert "between 1.5 and 2.3" in sign.sentence
    assert sign.sentence.endswith("try 0.04.")


def test_one_rise_is_no_oscillation() -> None:
    assert told(asked(), epochs_of([2.3, 2.0]), waves(2.3, 1.8, 2.3, 1.9, 1.7, 1.5, spread=0.2)) == []


@given(st.integers(0, 1000), st.floats(0.1, 0.95))
def test_noisy_batches_of_a_loss_that_falls_are_no_oscillation(seed: int, spread: float) -> None:
    assert told(asked(), epochs_of([2.3, 2.0]), waves(2.3, 2.0, 1.8, 1.7, 1.6, 1.6, spread=spread, seed=seed)) == []


@pytest.mark.parametrize("flipped", [True, False])
def test_losses_that_a_switch_moved_are_no_oscillation(flipped: bool) -> None:
    digits = asked(preset="digits")
    steps = digits.steps_per_epoch
    means = [0.9, 0.1, 1.1, 0.1, 0.02, 1.2, 1.0]  # with dropout in epoch 3, and again from epoch 6 on
    losses = [mean for mean in means for _ in range(steps)]
    epochs = [
        epoch.model_copy(update={"step": steps * number, "dropout": flipped and number in (3, 6, 7)})
        for number, epoch in enumerate(epochs_of([2.3, *means]))
    ]
    assert told(digits, epochs, losses) == ([] if flipped else ["oscillation"])
    waving = losses + [loss for loss in (0.5, 1.2, 0.5, 1.2) for _ in range(steps)]
    assert told(digits, epochs, waving) == ["oscillation"]


def test_small_training_sets_are_looked_at_epoch_by_epoch() -> None:
    """Twenty batches of ten points: halves of an epoch differ by their points alone."""
    halves = [loss for _ in range(10) for loss in [0.9] * 10 + [0.5] * 10]
    assert told(asked(preset="ab2.4"), epochs_of([0.7] * 11), halves) == []


def test_dead_relus_are_said_of_the_worst_layer() -> None:
    [sign] = signs(asked(), epochs_of([2.3, 2.0]), seen(asked()), {"relu1": 55.0, "relu4": 94.4, "relu3": 0.0})
    assert sign.sentence.startswith("Dead ReLUs: 94 % of the units of relu4 answer 0 to every example")
    assert told(asked(), epochs_of([2.3, 2.0]), relu1=50.0, relu4=28.0) == []


@pytest.mark.parametrize(
    ("top1", "advice"), [(96.0, "The others go on learning;"), (30.0, "Usually the learning rate")]
)
def test_a_network_that_learns_all_the_same_is_not_told_that_its_rate_is_wrong(top1: float, advice: str) -> None:
    epochs = [epoch.model_copy(update={"test_top1": top1}) for epoch in epochs_of([2.3, 2.0])]
    [sign] = signs(asked(), epochs, seen(asked()), {"relu4": 94.4})
    assert advice in sign.sentence


def test_every_sentence_fits_three_lines_of_a_narrow_terminal() -> None:
    odd = asked("optimizer={kind='adagrad', lr=0.0123}")
    epochs = epochs_of([2.3] + [1.0] + [1.2] * 9, [2.3] * 2 + [2.2] * 9, test_top1_by_class=ONE_ANSWER)
    losses = [2.3] * 12_344 + [NAN]
    found = [
        *signs(odd, epochs, seen(odd, waves(2.3, 1.8, 2.3, 1.5, 2.1, spread=0.2)), {"relu4": 100.0}),
        *signs(odd, epochs, seen(odd, losses, [10.0] * len(losses)), {}),
    ]
    assert {sign.topic for sign in found} >= {"chance", "overfitting", "dead-relus", "not-finite"}
    assert all(len(sign.sentence) <= 3 * 72 for sign in found)


@pytest.mark.parametrize(
    ("losses", "top1", "begin", "step"),
    [
        ([1.0, 2.0], [1.0, 1.0], 0, None),
        ([1.0, NAN, NAN], [1.0, 5.0, 5.0], 0, 2),
        ([1.0, INF, 1.0], [1.0, 5.0, 5.0], 0, 2),
        ([1.0, NAN, 2.0, NAN], [1.0, NAN, 2.0, 3.0], 0, 4),
        ([NAN, 1.0], [5.0, 1.0], 1, None),
        ([], [], 0, None),
    ],
)
def test_a_damaged_line_is_not_a_loss_that_is_not_finite(
    losses: list[float], top1: list[float], begin: int, step: int | None
) -> None:
    assert first_not_finite(losses, top1, begin) == step
