from __future__ import annotations

import pytest
import torch

from tests.measures.conftest import CPU
from tests.measures.found import Found
from tests.spec.shipped import EXPERIMENTS
from tp1tui.data.arrays import Examples
from tp1tui.data.digits import digits
from tp1tui.engine.training import Training
from tp1tui.engine.transformer import Transformer
from tp1tui.measures.attention_maps import maps_over_picture
from tp1tui.measures.job import Job
from tp1tui.spec.changes import with_changes
from tp1tui.spec.results import Grid
from tp1tui.spec.transformer_measures import AttentionMaps

SMALL = with_changes(EXPERIMENTS["e07-mnist"], ["dataset.kind=digits", "model.patch=2", "model.width=8"])

EXAMPLES = Examples(*digits().by_name().values(), {})


def training(*settings: str) -> Training:
    return Training(with_changes(SMALL, settings), EXAMPLES, CPU)


def taken(trained: Training) -> Found:
    return Found(maps_over_picture(AttentionMaps(image=2), Job(CPU, print, trained.experiment, training=trained)))


@pytest.mark.parametrize("pool", ["class-token", "mean"])
def test_every_block_and_head_is_drawn_over_the_picture(pool: str) -> None:
    found = taken(training(f"model.pool={pool}"))
    groups = [result.group for result in found.by_name.values() if isinstance(result, Grid)]
    assert groups == ["", *["attention of block 1"] * 5, *["attention of block 2"] * 5]
    assert {len(result.values) for result in found.by_name.values() if isinstance(result, Grid)} == {8}
    assert len(found.table("heads")) == 2 * 4


def test_the_patch_that_is_looked_at_is_the_bright_one_and_the_table_counts_it() -> None:
    trained = training("model.positions=none", "model.blocks=1", "model.heads=1")
    network = trained.model
    assert isinstance(network, Transformer)
    attention = network.blocks[0].attention
    image, _ = trained.data.measuring_batch(trained.data.test, 1, 2)
    with torch.no_grad():
        attention.qkv.weight.zero_()
        attention.qkv.bias.zero_()
        attention.qkv.bias[:8] = 1.0  # every query asks for the features that keys copy from the tokens
        attention.qkv.weight[8:16] = 40 * torch.eye(8)
        scores = network.blocks[0].norm1(network.embed(image))[0].sum(-1)[1:]
    found = taken(trained)
    drawn = found.by_name["block 1, head 1"]
    assert isinstance(drawn, Grid)
    red = torch.tensor([[int(value or 0) >> 16 for value in row] for row in drawn.values])
    by_patch = red.view(4, 2, 4, 2).amax((1, 3)).flatten()
    if scores.max() - scores.median() > 1e-3:
        assert by_patch.argmax() == scores.argmax()
    assert found.table("heads")[0]["patches"] < 16
    assert "network says" in drawn.note or "network says" in found.by_name["the input"].note
