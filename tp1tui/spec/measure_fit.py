"""Whether a measure and the experiment that it measures fit together."""

from __future__ import annotations

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Misfit
from tp1tui.spec.forward_measure import Forward
from tp1tui.spec.gradient_measures import Argmax, Gradients
from tp1tui.spec.inputs import ChannelStandardization
from tp1tui.spec.measure import (
    DropoutModes,
    FullyConvolutional,
    LargerInputs,
    LinearClassifiers,
    Measure,
    ReceptiveFields,
    Statistics,
    UnsharedConvolution,
)
from tp1tui.spec.model import LayeredModel
from tp1tui.spec.model_keys import Keys
from tp1tui.spec.svm_measure import Svm
from tp1tui.spec.transformer import VisionTransformer
from tp1tui.spec.transformer_measures import AttentionMaps, TokenCost, TransformerSteps


def check_measure(measure: Measure, experiment: Experiment) -> None:
    """Hold a measure against the experiment of its preset, each of them valid.

    Raises:
        Misfit: They contradict each other; its keys begin with `measure` or `experiment`.
    """
    match measure:
        case LargerInputs():
            _check_layers(measure, experiment)
            _check_images(measure, experiment)
            _check_side(measure.side, experiment, ("measure", "side"))
            _check_vgg16_side(measure)
        case UnsharedConvolution() | ReceptiveFields():
            _check_layers(measure, experiment)
            _check_images(measure, experiment)
        case LinearClassifiers():
            _check_images(measure, experiment)
            _check_train_number(measure.train_examples, experiment, "train_examples")
        case FullyConvolutional():
            _check_layers(measure, experiment)
            _check_images(measure, experiment)
            for place, side in enumerate(measure.sides):
                _check_side(side, experiment, ("measure", "sides", place))
            _check_test_number(measure.tested, experiment, "tested")
            _check_test_number(measure.image, experiment, "image")
        case Statistics():
            _check_images(measure, experiment)
            _check_channel_statistics(experiment)
        case DropoutModes():
            _check_dropout(experiment)
            _check_test_number(measure.image, experiment, "image")
        case TransformerSteps() | AttentionMaps():
            _check_transformer(measure, experiment)
            _check_test_number(measure.image, experiment, "image")
        case TokenCost():
            _check_transformer(measure, experiment)
        case Argmax():
            _check_by_hand(experiment)
        case Gradients():
            _check_by_hand(experiment)
            _check_train_number(measure.points, experiment, "points")
        case Forward():
            _check_by_hand(experiment)
            _check_train_number(measure.example, experiment, "example")
        case Svm():
            _check_points(measure, experiment)


def _check_layers(measure: Measure, experiment: Experiment) -> None:
    if not isinstance(experiment.model, LayeredModel):
        problem = f'is "{experiment.model.kind}"; a measure of kind {measure.kind} needs a list of layers, "layers"'
        raise Misfit(("experiment", "model", "kind"), problem)


def _check_transformer(measure: Measure, experiment: Experiment) -> None:
    if not isinstance(experiment.model, VisionTransformer):
        problem = f'is "{experiment.model.kind}"; a measure of kind {measure.kind} needs a vision transformer, "vit"'
        raise Misfit(("experiment", "model", "kind"), problem)


def _check_images(measure: Measure, experiment: Experiment) -> None:
    if len(experiment.input_shape) != 3:
        problem = f"is {experiment.facts.title}, which are points; a measure of kind {measure.kind} needs images"
        raise Misfit(("experiment", "dataset", "kind"), problem)


def _check_points(measure: Measure, experiment: Experiment) -> None:
    if experiment.facts.shape != (2,):
        problem = f"is {experiment.facts.title}; a measure of kind {measure.kind} needs points of the plane: circles"
        raise Misfit(("experiment", "dataset", "kind"), problem)


def _check_side(side: int, experiment: Experiment, keys: Keys) -> None:
    planned = experiment.input_shape[-1]
    if side < planned:
        problem = f"is {side}, but the network was planned for {planned} pixels; smaller images do not fill it"
        raise Misfit(keys, problem)


def _check_vgg16_side(measure: LargerInputs) -> None:
    if measure.vgg16_side < 224:
        problem = f"is {measure.vgg16_side}, but VGG16 was planned for 224 pixels; smaller images do not fill it"
        raise Misfit(("measure", "vgg16_side"), problem)


def _check_train_number(number: int, experiment: Experiment, key: str) -> None:
    train = experiment.sizes[0]
    if number > train:
        raise Misfit(("measure", key), f"is {number}, but there are only {train} training examples")


def _check_test_number(number: int, experiment: Experiment, key: str) -> None:
    test = experiment.sizes[1]
    if number > test:
        raise Misfit(("measure", key), f"is {number}, but there are only {test} test examples")


def _check_channel_statistics(experiment: Experiment) -> None:
    standardization = experiment.standardization
    if not isinstance(standardization, ChannelStandardization):
        problem = f'is "{standardization.kind}"; this measure needs the training set\'s own statistics, kind "channel"'
        raise Misfit(("experiment", "standardization", "kind"), problem)
    if not standardization.enabled:
        problem = "is false, but this measure looks at what the network expects of its inputs; set it to true"
        raise Misfit(("experiment", "standardization", "enabled"), problem)


def _check_dropout(experiment: Experiment) -> None:
    if not experiment.dropout.enabled:
        problem = "is false, but this measure looks at dropout at work; set it to true"
        raise Misfit(("experiment", "dropout", "enabled"), problem)
    if experiment.dropout.p == 0:
        raise Misfit(("experiment", "dropout", "p"), "is 0, which drops nothing; this measure needs one above 0")


def _check_by_hand(experiment: Experiment) -> None:
    if experiment.implementation != "by-hand":
        problem = f'is "{experiment.implementation}", but this measure looks at formulas by hand; set it to "by-hand"'
        raise Misfit(("experiment", "implementation"), problem)
