"""What goes wrong in a training, told from its figures while it happens: one topic, one sentence.

Everything here is a function of what a journal holds, so a resumed run comes to the same signs. The thresholds stand
between healthy and spoiled runs of the shipped presets; each says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, isfinite, isnan, log
from typing import Literal

from tp1tui.journal.events import Epoch
from tp1tui.journal.latest_batches import LatestBatches
from tp1tui.journal.stretches import latest_means
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.numbers import lr

Topic = Literal["not-finite", "chance", "overfitting", "oscillation", "dead-relus"]

PATIENCE = 4
"""Epochs in a row whose test loss must stand above the lowest before overfitting is sure; a test loss that zigzags
comes back within two or three."""
RISE = 0.05
"""Of the lowest test loss: how far above it the others must stand. The baseline (cd18) is there four epochs after its
lowest; from one epoch to the next, noise moved the test loss of the shipped CIFAR-10 runs by up to 3 %."""
LEAST_RISE = 0.02
"""Of the loss of guessing: the least rise that counts. The digits end at a test loss of 0.1, where 5 % is nothing."""
STUCK_EPOCHS = 2
"""Epochs in a row with one answer for every example before a training counts as stuck."""
STUCK_STEPS = 100
"""Updates before which none counts as stuck: 2.5 epochs of the digits."""
SLOW_EPOCHS = 5
"""The same, where the loss has never been worse than guessing: such a training may still be about to begin."""
SPIKE = 1.5
"""Times the loss of guessing: a batch above it shows steps that were too long. Untrained networks stand at 1.0."""
ABOVE_GUESSING = 1.001
"""Times the loss of guessing: a mean above it shows weights that jump about where nothing is learned. Measured: 1.002
to 1.01 with a learning rate that is too large, below 1.0003 with one that is too small."""
SWING = 0.1
"""Of the loss of guessing: a rise of the training loss that counts. In healthy runs of the digits and the circles, with
batches of 1 to 200, the second largest rise within six stretches was at most 0.04, but 0.13 to 11 at learning rates
that were too large."""
SWINGS = 2
"""Rises that make an oscillation. One may have another cause: a warm restart, an unlucky batch."""
DEAD_SHARE = 50.0
"""Percent of a layer's units. Untrained and healthy networks had up to 28 % that answered to none of 256 examples,
those with a learning rate that was too large 58 to 100 %."""
LEARNED = 50.0
"""Percent of the test images: a network that names so many has units enough, however many are dead."""
ADAPTIVE = ("adam", "adamw", "rmsprop")
"""Optimizers that move every weight by about the learning rate, however small its gradient."""
USUAL_ADAPTIVE = 0.001
"""The learning rate that they are commonly given."""


@dataclass(frozen=True)
class Sign:
    """Something that goes wrong."""

    topic: Topic
    epoch: int
    """Where it begins."""
    sentence: str
    """What is seen, what it usually means, and what to try."""


def signs(
    experiment: Experiment,
    epochs: Sequence[Epoch],
    batches: LatestBatches,
    dead: Mapping[str, float],
) -> list[Sign]:
    """What is to be said at the end of an epoch.

    Args:
        experiment: What is trained.
        epochs: Those that are done.
        batches: Those up to there.
        dead: Of each ReLU layer the share of units, in percent, that answer 0 to everything; empty when not measured.
    """
    spoiled = not_finite(experiment, batches.not_finite) or _not_finite_epoch(experiment, epochs)
    if spoiled:
        return [spoiled]  # whatever else there is to see follows from it
    stuck = chance(experiment, epochs, batches)
    found = (
        stuck,
        overfitting(experiment, epochs),
        None if stuck else oscillation(experiment, epochs, batches),
        dead_relus(experiment, epochs, dead),
    )
    return [sign for sign in found if sign]


def unsaid(found: Iterable[Sign], said: Iterable[tuple[str, int | None]]) -> Iterator[Sign]:
    """Those signs that are new.

    Overfitting is said again when the test loss, after it had risen, fell to a new lowest and rose from there; all else
    is said once.

    Args:
        found: By `signs`.
        said: Topic and epoch of what the journal says already.
    """
    known = set(said)
    topics = {topic for topic, _ in known}
    for sign in found:
        if sign.topic not in topics or (sign.topic == "overfitting" and (sign.topic, sign.epoch) not in known):
            yield sign


def not_finite(experiment: Experiment, step: int | None) -> Sign | None:
    """The loss is NaN or infinite from a step on; nothing for None."""
    if step is None:
        return None
    epoch = -(-step // experiment.steps_per_epoch)
    seen = f"The loss is not finite from step {step:,} (epoch {epoch}) on: the weights have grown without bound."
    return Sign("not-finite", epoch, f"{seen} {_too_large(experiment)}")


def chance(experiment: Experiment, epochs: Sequence[Epoch], batches: LatestBatches) -> Sign | None:
    """The network gives one answer to every test example, epoch after epoch."""
    since = _one_answer_since(epochs)
    last = epochs[-1] if epochs else None
    guessing = _loss_of_guessing(experiment, epochs)
    if last is None or since is None or guessing is None or last.step < STUCK_STEPS:
        return None
    jumps = last.train_loss > ABOVE_GUESSING * guessing or batches.highest > SPIKE * guessing
    if last.epoch - since + 1 < (STUCK_EPOCHS if jumps else SLOW_EPOCHS):
        return None
    classes = len(experiment.facts.class_names)
    near = abs(last.train_loss / guessing - 1) < RISE and experiment.loss.kind == "cross-entropy"
    loss = f"near ln {classes} = {guessing:.3f}" if near else f"{last.train_loss:.4g}"
    seen = (
        f"Accuracy is at chance ({100 / classes:g} %) since epoch {since}, the loss {loss}: "
        "the network gives every example the same class."
    )
    return Sign("chance", since, f"{seen} {_too_large(experiment) if jumps else _too_small(experiment)}")


def overfitting(experiment: Experiment, epochs: Sequence[Epoch]) -> Sign | None:
    """Test loss has stood clearly above its lowest for several epochs, while training loss went on falling.

    Where a validation set is held out, its loss takes the test loss's place.
    """
    trained = [epoch for epoch in epochs if epoch.epoch > 0 and isfinite(epoch.choosing_loss)]
    guessing = _loss_of_guessing(experiment, epochs)
    lowest = min(trained, key=lambda epoch: epoch.choosing_loss, default=None)
    if lowest is None or guessing is None:
        return None
    latest = [epoch for epoch in trained if epoch.epoch > lowest.epoch][-PATIENCE:]
    clearly = max((1 + RISE) * lowest.choosing_loss, lowest.choosing_loss + LEAST_RISE * guessing)
    if len(latest) < PATIENCE or any(
        epoch.choosing_loss < clearly or not epoch.train_loss < lowest.train_loss for epoch in latest
    ):
        return None
    risen = f"{lowest.choosing_loss:.3f} to {latest[-1].choosing_loss:.3f}"
    return Sign(
        "overfitting",
        lowest.epoch,
        f"Overfitting begins at epoch {lowest.epoch}: {lowest.chosen_on} loss has risen from {risen} since then, while "
        "training loss went on falling. Stop there, or try augmentation, dropout or weight decay.",
    )


def oscillation(experiment: Experiment, epochs: Sequence[Epoch], batches: LatestBatches) -> Sign | None:
    """Training loss goes up as well as down, by more than sampling can explain."""
    guessing = _loss_of_guessing(experiment, epochs)
    means = latest_means(experiment, epochs, batches.losses, batches.step)
    if guessing is None or len(means) < 2:
        return None
    rises = [after - before for before, after in pairwise(means)]
    if sum(rise > SWING * guessing for rise in rises) < SWINGS:
        return None
    seen = f"Training loss goes up and down, lately between {min(means):.3g} and {max(means):.3g}."
    return Sign("oscillation", epochs[-1].epoch, f"{seen} {_too_large(experiment)}")


def dead_relus(experiment: Experiment, epochs: Sequence[Epoch], dead: Mapping[str, float]) -> Sign | None:
    """More than half of a layer's ReLU units answer 0 to everything; the layer where it is worst is named."""
    name = max(dead, key=lambda layer: dead[layer], default=None)
    if name is None or dead[name] <= DEAD_SHARE or not epochs or epochs[-1].epoch == 0:
        return None
    seen = (
        f"Dead ReLUs: {dead[name]:.0f} % of the units of {name} answer 0 to every example that was tried, "
        "so they learn no more."
    )
    learns = epochs[-1].test_top1 >= LEARNED
    advice = (
        "The others go on learning; a smaller learning rate keeps more alive." if learns else _too_large(experiment)
    )
    return Sign("dead-relus", epochs[-1].epoch, f"{seen} {advice}")


def _not_finite_epoch(experiment: Experiment, epochs: Sequence[Epoch]) -> Sign | None:
    """A test loss that is not finite, though the batches' losses are."""
    spoiled = next((epoch for epoch in epochs if not isfinite(epoch.test_loss)), None)
    if spoiled is None:
        return None
    seen = f"The test loss is not finite from epoch {spoiled.epoch} on: the weights have grown without bound."
    return Sign("not-finite", spoiled.epoch, f"{seen} {_too_large(experiment)}")


def _one_answer_since(epochs: Sequence[Epoch]) -> int | None:
    """The first of the latest epochs in a row in which one class was the answer to every test example."""
    since = None
    for epoch in reversed(epochs):
        if epoch.epoch == 0 or not _one_answer(epoch.test_top1_by_class):
            break
        since = epoch.epoch
    return since


def _one_answer(by_class: Sequence[float] | None) -> bool:
    known = [top1 for top1 in by_class or () if not isnan(top1)]
    return len(known) > 1 and max(known) == 100 and fsum(known) == 100


def _loss_of_guessing(experiment: Experiment, epochs: Sequence[Epoch]) -> float | None:
    """What a network that knows nothing has: ln K for cross-entropy, else what the untrained network had."""
    if experiment.loss.kind == "cross-entropy":
        return log(len(experiment.facts.class_names))
    untrained = epochs[0] if epochs and epochs[0].epoch == 0 else None
    return untrained.test_loss if untrained and untrained.test_loss > 0 else None


def _too_large(experiment: Experiment) -> str:
    rate, kind = experiment.optimizer.lr, experiment.optimizer.kind
    smaller = min(rate / 10, USUAL_ADAPTIVE) if kind in ADAPTIVE else rate / 10
    return f"Usually the learning rate ({lr(rate)}) is too large for {kind}; try {lr(smaller)}."


def _too_small(experiment: Experiment) -> str:
    rate, kind = experiment.optimizer.lr, experiment.optimizer.kind
    return (
        f"The loss hardly moves: usually the learning rate ({lr(rate)}) is too small for {kind}; try {lr(rate * 10)}."
    )
