"""Whether an implementation can train its experiment: formulas by hand are written for one kind of network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tp1tui.spec.augmentation import CutMix, Mixup
from tp1tui.spec.faults import Misfit
from tp1tui.spec.layers import Layer, Linear, layer_names
from tp1tui.spec.model import LayeredModel
from tp1tui.spec.optimizer import CrossEntropy, Sgd

if TYPE_CHECKING:
    from tp1tui.spec.experiment import Experiment

BY_HAND = ("linear", "tanh", "linear")
"""Kinds of the layers that the subject's formulas are about; a flatten may stand before them."""


def check_implementation(experiment: Experiment) -> None:
    """Hold an experiment against the way in which its weights are moved.

    Raises:
        Misfit: It needs more than that implementation writes out; the sentence says what it takes.
    """
    if experiment.implementation == "torch.optim":
        return
    _check_plain_steps(experiment)
    if experiment.implementation != "torch.nn":
        _check_layers(experiment)
        _check_rest(experiment)


def _check_plain_steps(experiment: Experiment) -> None:
    optimizer, way = experiment.optimizer, _way(experiment)
    if not isinstance(optimizer, Sgd):
        problem = f'is "{optimizer.kind}", but {way} makes plain gradient steps only; take "sgd"'
        raise Misfit(("optimizer", "kind"), problem)
    for key, value in (("momentum", optimizer.momentum), ("weight_decay", optimizer.weight_decay)):
        if value:
            problem = f"is {value:g}, but {way} makes plain gradient steps only; take 0"
            raise Misfit(("optimizer", key), problem)


def _check_layers(experiment: Experiment) -> None:
    layers, way, model = _at_work(experiment), _way(experiment), experiment.model
    if not isinstance(model, LayeredModel):
        raise Misfit(("model", "kind"), f'is "{model.kind}", but {way} takes layers: {", ".join(BY_HAND)}')
    kinds = tuple(layer.kind for layer in layers)
    if kinds not in (BY_HAND, ("flatten", *BY_HAND)):
        problem = f"holds {', '.join(kinds)}, but {way} takes {', '.join(BY_HAND)} alone, or a flatten before them"
        raise Misfit(("model", "layers"), problem)
    for layer in layers:
        if isinstance(layer, Linear) and not layer.bias:
            place = layer_names(model.layers).index(str(layer.name))
            shown = f"model.layers.{layer.name}.bias"
            raise Misfit(("model", "layers", place, "bias"), f"is false, but {way} takes biases", shown=shown)


def _check_rest(experiment: Experiment) -> None:
    loss, way = experiment.loss, _way(experiment)
    if not isinstance(loss, CrossEntropy):
        raise Misfit(("loss", "kind"), f'is "{loss.kind}", but {way} takes "cross-entropy" only')
    if experiment.precision == "bf16":
        raise Misfit(("precision",), f'is "bf16", but {way} computes in float32; take "tf32" or "fp32"')
    if not experiment.augmentation.enabled:
        return
    for place, step in enumerate(experiment.augmentation.steps):
        if isinstance(step, Mixup | CutMix):
            problem = f"is {step.kind}, which makes soft labels, but {way} takes one class an example"
            raise Misfit(("augmentation", "steps", place), problem)


def _at_work(experiment: Experiment) -> tuple[Layer, ...]:
    """The layers as they are built, without the places of a dropout that is off."""
    return tuple(layer for layer in experiment.layers if layer.kind != "dropout" or experiment.dropout.enabled)


def _way(experiment: Experiment) -> str:
    return f'implementation = "{experiment.implementation}"'
