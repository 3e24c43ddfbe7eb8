from __future__ import annotations

import pytest

from tests.spec.shipped import EXPERIMENTS
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError

CIRCLES, MNIST = EXPERIMENTS["ab2.4-circles-torch-optim"], EXPERIMENTS["ab2.5-mnist-mlp"]
CIFAR = EXPERIMENTS["cd34-batchnorm"]
PLAIN = ["optimizer={kind='sgd', lr=0.1}"]
BY_HAND, AUTOGRAD, TORCH_NN = ("implementation=by-hand", "implementation=autograd", "implementation=torch.nn")


@pytest.mark.parametrize("way", [BY_HAND, AUTOGRAD, TORCH_NN])
@pytest.mark.parametrize("experiment", [CIRCLES, MNIST], ids=["points", "flattened images"])
def test_the_subject_s_network_can_be_trained_in_every_way(experiment: Experiment, way: str) -> None:
    changed = with_changes(experiment, [way])
    assert f"implementation={changed.implementation}" == way
    with_changes(changed, ["optimizer.lr=3", "batch_size=1", "seed=4", "model.layers.hidden.features=3"])


def test_any_network_can_be_trained_with_torch_nn() -> None:
    assert with_changes(CIFAR, [*PLAIN, TORCH_NN]).implementation == "torch.nn"


@pytest.mark.parametrize(
    ("experiment", "settings", "sentence"),
    [
        (
            CIRCLES,
            [TORCH_NN, "optimizer.momentum=0.9"],
            'optimizer.momentum is 0.9, but implementation = "torch.nn" makes plain gradient steps only; take 0.',
        ),
        (
            CIRCLES,
            [BY_HAND, "optimizer.weight_decay=0.01"],
            'optimizer.weight_decay is 0.01, but implementation = "by-hand" makes plain gradient steps only; take 0.',
        ),
        (
            CIRCLES,
            [AUTOGRAD, "optimizer={kind='adam', lr=0.01}"],
            'optimizer.kind is "adam", but implementation = "autograd" makes plain gradient steps only; take "sgd".',
        ),
        (
            CIRCLES,
            [BY_HAND, "model.layers.tanh={kind='relu', name='tanh'}"],
            'model.layers holds linear, relu, linear, but implementation = "by-hand" takes linear, tanh, linear alone, '
            "or a flatten before them.",
        ),
        (
            CIRCLES,
            [BY_HAND, "model.layers.output.bias=false"],
            'model.layers.output.bias is false, but implementation = "by-hand" takes biases.',
        ),
        (
            CIRCLES,
            [AUTOGRAD, "loss.kind=squared-error"],
            'loss.kind is "squared-error", but implementation = "autograd" takes "cross-entropy" only.',
        ),
        (
            MNIST,
            [BY_HAND, "dropout.enabled=true"],
            'model.layers holds flatten, linear, tanh, dropout, linear, but implementation = "by-hand" takes linear, '
            "tanh, linear alone, or a flatten before them.",
        ),
        (
            MNIST,
            [BY_HAND, "batchnorm.enabled=true"],
            'model.layers holds flatten, linear, batchnorm, tanh, linear, but implementation = "by-hand" takes linear, '
            "tanh, linear alone, or a flatten before them.",
        ),
        (
            MNIST,
            [BY_HAND, "precision=bf16"],
            'precision is "bf16", but implementation = "by-hand" computes in float32; take "tf32" or "fp32".',
        ),
        (
            MNIST,
            [BY_HAND, "augmentation={enabled=true, steps=[{kind='mirror'}, {kind='mixup'}]}"],
            'augmentation.steps.1 is mixup, which makes soft labels, but implementation = "by-hand" takes one class an '
            "example.",
        ),
    ],
)
def test_what_an_implementation_does_not_write_out_is_refused(
    experiment: Experiment, settings: list[str], sentence: str
) -> None:
    with pytest.raises(SpecError) as caught:
        with_changes(experiment, settings)
    assert str(caught.value) == f"--set: {sentence}"


def test_a_switch_that_it_cannot_obey_says_why() -> None:
    by_hand = with_changes(MNIST, [BY_HAND])
    assert by_hand.flipped("augmentation").is_on("augmentation")
    with pytest.raises(ValueError, match=r"^Dropout cannot be switched on here: model\.layers holds flatten, .*\.$"):
        by_hand.flipped("dropout")
