from __future__ import annotations

import sys

import pytest
import torch

from tests.spec.shipped import EXPERIMENTS
from tp1tui.engine.model import build
from tp1tui.engine.timm_transformer import NetworkError
from tp1tui.spec.arithmetic import total_parameters
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

TINY = with_changes(EXPERIMENTS["e08-vit-small-scratch"], ["model.name=vit_tiny_patch16_224"])
COLOURED = with_changes(TINY, ["dataset={kind='cifar10', train_examples=4000}", "model.patch=8"])


@pytest.mark.parametrize("experiment", [EXPERIMENTS["e08-vit-small-scratch"], TINY, COLOURED])
def test_the_layer_table_agrees_with_timm_to_the_last_weight(experiment: Experiment) -> None:
    network = build(experiment)
    sizes = {name: weight.numel() for name, weight in network.named_parameters()}
    rows = {row.name: row.parameters for row in experiment.layer_table()}
    assert total_parameters(experiment.layer_table()) == sum(sizes.values())
    assert rows["class_token"] == sizes["cls_token"]
    assert rows["positions"] == sizes["pos_embed"]
    assert rows["block12.qkv"] == sizes["blocks.11.attn.qkv.weight"] + sizes["blocks.11.attn.qkv.bias"]
    assert rows["head"] == sizes["head.weight"] + sizes["head.bias"]


def test_it_looks_at_the_dataset_s_images_and_knows_its_classes() -> None:
    assert build(TINY)(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    assert build(COLOURED)(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


def test_the_same_seed_gives_the_same_weights_and_another_others() -> None:
    one, same = build(TINY).state_dict(), build(TINY).state_dict()
    other = build(with_changes(TINY, ["seed=1"])).state_dict()
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["blocks.0.attn.qkv.weight"], other["blocks.0.attn.qkv.weight"])


@pytest.mark.parametrize("missing", ["timm", "safetensors"])
def test_without_the_extra_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(NetworkError, match=rf"needs an extra \(.*{missing}.*\)\. .*: pip install 'tp1tui\[timm\]'\."):
        build(TINY)
