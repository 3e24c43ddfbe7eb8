from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from tests.spec.shipped import TRANSFORMERS
from tp1tui.engine.model import build
from tp1tui.engine.transformer import (
    Attention,
    PatchEmbedding,
    Transformer,
    attention_maps,
    attention_weights,
    sinusoids,
)
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.transformer import VisionTransformer

MNIST = (1, 28, 28)


def small(**changes: object) -> VisionTransformer:
    return VisionTransformer.model_validate({"patch": 7, "width": 16, "blocks": 2, "heads": 4, **changes})


def weights_of(network: nn.Module, name: str) -> int:
    """Weights to learn under the name that a row of the layer table bears."""
    place, inner = (f"blocks.{name}", name.partition(".")[2]) if name.startswith("block") else (name, name)
    place = place.replace(f".{inner}", f".{_WITHIN[inner]}") if inner in _WITHIN else place
    return sum(weight.numel() for path, weight in network.named_parameters() if f"{path}.".startswith(f"{place}."))


_WITHIN = {
    "qkv": "attention.qkv",
    "projection": "attention.projection",
    "attention": "attention.none",
    "fc1": "mlp.fc1",
    "gelu": "mlp.gelu",
    "fc2": "mlp.fc2",
}
"""Where parts of a block lie in its modules; the step between queries and values is no module."""


@pytest.mark.parametrize("experiment", TRANSFORMERS.values(), ids=list(TRANSFORMERS))
def test_every_transformer_s_layer_table_agrees_with_torch(experiment: Experiment) -> None:
    network, rows = build(experiment), experiment.layer_table()
    assert [(row.name, row.parameters) for row in rows] == [(row.name, weights_of(network, row.name)) for row in rows]
    assert sum(row.parameters for row in rows) == sum(weight.numel() for weight in network.parameters())
    assert sum(row.share for row in rows) == pytest.approx(100)


@pytest.mark.parametrize("pool", ["class-token", "mean"])
def test_multiply_adds_are_half_of_torch_s_operations(pool: str) -> None:
    model = small(pool=pool, attention="written-out")
    experiment = next(iter(TRANSFORMERS.values())).model_copy(update={"model": model})
    products = [row for row in experiment.layer_table() if row.kind != "layernorm"]
    with FlopCounterMode(display=False) as counter:
        Transformer(model, MNIST, 10)(torch.zeros(1, *MNIST))
    assert 2 * sum(row.multiply_adds for row in products) == counter.get_total_flops()


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "none"])
@pytest.mark.parametrize("pool", ["class-token", "mean"])
def test_it_gives_a_logit_a_class_and_reaches_every_weight(positions: str, pool: str) -> None:
    network = Transformer(small(positions=positions, pool=pool), MNIST, 10)
    logits = network(torch.randn(3, *MNIST))
    assert logits.shape == (3, 10)
    logits.square().sum().backward()
    for name, weight in network.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name


def test_a_patch_s_token_is_an_affine_map_of_its_pixels() -> None:
    embedding = PatchEmbedding(3, 4, 8)
    images = torch.randn(2, 3, 12, 12)
    tokens = embedding(images)
    assert tokens.shape == (2, 9, 8)
    patch = images[:, :, 4:8, 8:12].flatten(1)  # row 1, column 2: token 1·3 + 2
    by_hand = patch @ embedding.map.weight.flatten(1).T + embedding.map.bias
    torch.testing.assert_close(tokens[:, 5], by_hand)


def gradients(module: nn.Module, tokens: Tensor) -> list[Tensor]:
    module.zero_grad()
    tokens = tokens.clone().requires_grad_()
    module(tokens).pow(3).sum().backward()
    return [tokens.grad, *(weight.grad.clone() for weight in module.parameters())]  # type: ignore[list-item,union-attr]


def test_attention_written_out_agrees_with_the_fused_kernel_and_with_torch_s_module() -> None:
    torch.manual_seed(0)
    fused, written = (Attention(24, 3, fused=fused).double() for fused in (True, False))
    written.load_state_dict(fused.state_dict())
    torchs = nn.MultiheadAttention(24, 3, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        torchs.in_proj_weight.copy_(fused.qkv.weight)
        torchs.in_proj_bias.copy_(fused.qkv.bias)
        torchs.out_proj.weight.copy_(fused.projection.weight)
        torchs.out_proj.bias.copy_(fused.projection.bias)
    tokens = torch.randn(2, 7, 24, dtype=torch.float64)
    torch.testing.assert_close(fused(tokens), written(tokens))
    torch.testing.assert_close(torchs(tokens, tokens, tokens, need_weights=False)[0], written(tokens))
    for one, other in zip(gradients(fused, tokens), gradients(written, tokens), strict=True):
        torch.testing.assert_close(one, other)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4), st.integers(1, 6), st.integers(1, 5))
def test_attention_weights_sum_to_1_and_are_even_where_all_keys_are_the_same(
    seed: int, heads: int, tokens: int, features: int
) -> None:
    torch.manual_seed(seed)
    query, key = torch.randn(2, heads, tokens, features), torch.randn(2, heads, tokens, features)
    weights = attention_weights(query, key)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, heads, tokens))
    even = attention_weights(query, key[:, :, :1].expand_as(key))
    torch.testing.assert_close(even, torch.full_like(even, 1 / tokens))


def test_without_positions_the_order_of_patches_says_nothing_and_with_them_it_does() -> None:
    images = torch.randn(2, *MNIST)
    swapped = images.clone()
    swapped[:, :, :7, :7], swapped[:, :, 14:21, 7:14] = images[:, :, 14:21, 7:14], images[:, :, :7, :7]
    for pool in ("class-token", "mean"):
        blind = Transformer(small(positions="none", pool=pool), MNIST, 10)
        torch.testing.assert_close(blind(images), blind(swapped))
        seeing = Transformer(small(positions="sinusoidal", pool=pool), MNIST, 10)
        assert not torch.allclose(seeing(images), seeing(swapped))


def test_sinusoids_follow_the_formula() -> None:
    positions = sinusoids(50, 6)
    for token in (0, 1, 49):
        for pair in range(3):
            angle = token / 10_000 ** (2 * pair / 6)
            assert positions[token, 2 * pair].item() == pytest.approx(math.sin(angle), abs=1e-5)
            assert positions[token, 2 * pair + 1].item() == pytest.approx(math.cos(angle), abs=1e-5)


def test_attention_maps_are_those_that_the_network_gathers_by() -> None:
    network = Transformer(small(attention="written-out"), MNIST, 10).eval()
    images = torch.randn(3, *MNIST)
    maps = attention_maps(network, images)
    assert maps.shape == (2, 3, 4, 17, 17)
    torch.testing.assert_close(maps.sum(-1), torch.ones(2, 3, 4, 17))
    block = network.blocks[0]
    tokens = block.norm1(network.embed(images))
    _, _, value = block.attention.split(tokens)
    by_maps = block.attention.projection((maps[0] @ value).transpose(1, 2).flatten(2))
    torch.testing.assert_close(by_maps, block.attention(tokens))


def test_the_same_seed_gives_the_same_weights_and_another_others() -> None:
    experiment = next(iter(TRANSFORMERS.values()))
    one, same = (build(experiment).state_dict() for _ in range(2))
    other = build(experiment.model_copy(update={"seed": experiment.seed + 1})).state_dict()
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["patches.map.weight"], other["patches.map.weight"])
