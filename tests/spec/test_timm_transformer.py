"""What may be asked of timm's transformers, without timm."""

from __future__ import annotations

import pytest

from tests.spec.shipped import EXPERIMENTS
from tp1tui.spec.arithmetic import total_parameters
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.timm_transformer import TimmTransformer

SCRATCH = EXPERIMENTS["e08-vit-small-scratch"]


def told(experiment: Experiment, *settings: str) -> str:
    with pytest.raises(SpecError) as caught:
        with_changes(experiment, settings)
    return str(caught.value).removeprefix("--set: ")


FAULTS = [
    ("model.patch=8", "model.patch is 8, but must divide the images' 28 pixels: 1, 2, 4, 7, 14, 28."),
    (
        "model.weights=vit.pth",
        'model.weights is "vit.pth", but must be "random", "imagenet" or the path of a .safetensors file, the one '
        "format that runs nothing when it is read.",
    ),
    ("dropout.enabled=true", 'dropout.enabled is true, but a network of kind "timm" has no layer of kind dropout.'),
    (
        "batchnorm.enabled=true",
        'batchnorm.enabled is true, but a network of kind "timm" has no layer of kind batchnorm.',
    ),
]


@pytest.mark.parametrize(("setting", "sentence"), FAULTS, ids=[setting for setting, _ in FAULTS])
def test_what_does_not_fit_is_told(setting: str, sentence: str) -> None:
    assert told(SCRATCH, setting) == sentence


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    sentence = told(SCRATCH, "model.name=vit_giant")
    assert "vit_small_patch16_224" in sentence
    assert "vit_tiny_patch16_224" in sentence


def test_points_cannot_be_cut_into_patches() -> None:
    sentence = told(EXPERIMENTS["ab2.4-circles-torch-optim"], "model={kind='timm'}")
    assert sentence.startswith('model.kind is "timm", which cuts images into patches, but ')


def test_formulas_by_hand_are_not_about_it() -> None:
    plain = ["optimizer={kind='sgd', lr=0.1}", "implementation=by-hand"]
    assert told(SCRATCH, *plain) == (
        'model.kind is "timm", but implementation = "by-hand" takes layers: linear, tanh, linear.'
    )


@pytest.mark.parametrize("weights", ["random", "imagenet", "/somewhere/model.safetensors", "~/vit.safetensors"])
def test_weights_are_drawn_fetched_or_read_from_a_file(weights: str) -> None:
    assert TimmTransformer(weights=weights).weights == weights


def test_the_layer_table_follows_the_images() -> None:
    grey = total_parameters(SCRATCH.layer_table())
    coloured = with_changes(SCRATCH, ["dataset={kind='cifar10', train_examples=4000}", "model.patch=4"])
    assert total_parameters(coloured.layer_table()) - grey == 384 * ((3 * 4 * 4 - 7 * 7) + (64 - 16))


def test_another_kind_of_network_takes_its_place_by_a_setting() -> None:
    e07 = EXPERIMENTS["e07-mnist"]
    changed = with_changes(e07, ["model.kind=timm", "model.name=vit_tiny_patch16_224"])
    assert changed.model == TimmTransformer(name="vit_tiny_patch16_224")
