"""Whether the parts of an experiment fit together: its network its images, its switches its layers."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from tp1tui.spec.arithmetic import layer_table, shape_text
from tp1tui.spec.dataset import in_use, validation_size
from tp1tui.spec.faults import Misfit
from tp1tui.spec.fit_inputs import check_augmentation, check_standardization
from tp1tui.spec.implementation_fit import check_implementation
from tp1tui.spec.layers import layer_names
from tp1tui.spec.model import LayeredModel
from tp1tui.spec.schedule_fit import check_schedule
from tp1tui.spec.timm_transformer import TimmTransformer
from tp1tui.spec.transformer import VisionTransformer, check_patches

if TYPE_CHECKING:
    from tp1tui.spec.experiment import Experiment


def check_fit(experiment: Experiment) -> None:
    """Hold the parts of an experiment, each of them valid, against each other.

    Raises:
        Misfit: Two of them contradict each other; it names the one that is easier to mend.
    """
    _check_samples(experiment)
    check_standardization(experiment)
    check_augmentation(experiment)
    _check_switches(experiment)
    check_schedule(experiment)
    match experiment.model:
        case LayeredModel():
            _check_layers(experiment, experiment.model)
        case VisionTransformer() | TimmTransformer():
            _check_transformer(experiment, experiment.model)
    check_implementation(experiment)


def _check_samples(experiment: Experiment) -> None:
    facts = experiment.facts
    train, test = experiment.sizes
    if in_use(experiment.dataset) > facts.train:
        problem = f"is {experiment.dataset.train_examples}, but {facts.title} has {facts.train} training examples"
        raise Misfit(("dataset", "train_examples"), problem)
    if test > facts.test:
        raise Misfit(("dataset", "test_examples"), f"is {test}, but {facts.title} has {facts.test} test examples")
    _check_validation(experiment)
    if experiment.batch_size > train:
        problem = f"is {experiment.batch_size}, but there are only {train} training examples"
        raise Misfit(("batch_size",), problem)


def _check_validation(experiment: Experiment) -> None:
    fraction, examples = experiment.dataset.validation_fraction, in_use(experiment.dataset)
    held_out = validation_size(experiment.dataset)
    if fraction and not 0 < held_out < examples:
        left = "holds none out" if not held_out else "leaves none to train on"
        problem = f"is {fraction:g}, which {left} of {examples} training examples"
        raise Misfit(("dataset", "validation_fraction"), problem)


def _check_switches(experiment: Experiment) -> None:
    for switch in ("dropout", "batchnorm"):
        if getattr(experiment, switch).enabled and not experiment.model.has(switch):
            model = experiment.model
            where = "model.layers" if isinstance(model, LayeredModel) else f'a network of kind "{model.kind}"'
            raise Misfit((switch, "enabled"), f"is true, but {where} has no layer of kind {switch}")


def _check_transformer(experiment: Experiment, model: VisionTransformer | TimmTransformer) -> None:
    facts = experiment.facts
    crop = experiment.augmentation.crop
    if crop is not None and (crop.size, crop.size) != facts.shape[1:]:
        problem = f"cuts images to {crop.size} pixels, but a transformer is built for one size: {facts.shape[-1]}"
        raise Misfit(("augmentation", "steps"), problem)
    try:
        check_patches(model.kind, model.patch, experiment.input_shape, facts.title)
    except Misfit as error:
        raise Misfit(("model", *error.keys), error.message) from None


def _check_layers(experiment: Experiment, model: LayeredModel) -> None:
    layers, facts = experiment.layers, experiment.facts
    if not layers:
        raise Misfit(("model", "layers"), "holds nothing that is built while batchnorm is off")
    try:
        rows = layer_table(layers, experiment.input_shape)
    except Misfit as error:
        raise _layer_misfit(experiment, model, int(error.keys[0]), error.message) from None
    classes = len(facts.class_names)
    if rows[-1].output != (classes,):
        problem = f"is the last layer and gives {shape_text(rows[-1].output)}, but {facts.title} has {classes} classes"
        raise _layer_misfit(experiment, model, len(layers) - 1, problem)
    examples, batch_size = experiment.sizes[0], experiment.batch_size
    last_batch = examples % batch_size or batch_size
    for number, row in enumerate(rows):
        if row.kind == "batchnorm" and prod(row.output[1:]) == 1 and last_batch == 1:
            problem = (
                "cannot normalize over a single value, and an epoch's last batch would hold one example "
                f"({examples} in batches of {batch_size}); choose another batch_size"
            )
            raise _layer_misfit(experiment, model, number, problem)


def _layer_misfit(experiment: Experiment, model: LayeredModel, number: int, problem: str) -> Misfit:
    """A layer to blame, by its number among those that are built."""
    name = str(experiment.layers[number].name)
    place = layer_names(model.layers).index(name)
    return Misfit(("model", "layers", place), problem, shown=f"model.layers.{name}")
