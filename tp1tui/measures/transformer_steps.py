"""A transformer's parts, step by step on one image, each checked against torch's own (questions e01 to e05)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tp1tui.data.resident import ResidentData
from tp1tui.engine.model import build
from tp1tui.engine.transformer import Attention, Block, Transformer
from tp1tui.measures.job import Job, need_examples, need_experiment
from tp1tui.measures.pictures import picture
from tp1tui.spec.arithmetic import shape_text
from tp1tui.spec.results import Axis, Cell, Column, Grid, Result, Table, Text
from tp1tui.spec.transformer_measures import TransformerPart, TransformerSteps

AGREES = 1e-10
"""Largest difference that rounding explains in float64."""


@dataclass
class Walk:
    """What a part did on the way: steps with their sizes, pictures of matrices, and checks."""

    network: Transformer
    """In float64."""
    image: Tensor
    """float64 [1, C, H, W]."""
    steps: list[tuple[Cell, ...]] = field(default_factory=list)
    checks: list[tuple[Cell, ...]] = field(default_factory=list)
    matrices: list[Grid] = field(default_factory=list)

    @property
    def block(self) -> Block:
        """The first one."""
        block = self.network.blocks[0]
        if not isinstance(block, Block):
            raise TypeError("a transformer is made of blocks")
        return block

    def step(self, name: str, formula: str, tensor: Tensor) -> Tensor:
        """Note one step and what it gave, [1, …]."""
        self.steps.append((name, formula, shape_text(tuple(tensor.shape[1:])), tensor.abs().max().item()))
        return tensor

    def check(self, what: str, against: str, ours: Tensor, theirs: Tensor) -> None:
        """Hold a result against another way to it."""
        difference = (ours - theirs).abs().max().item()
        self.checks.append((what, against, difference, "agrees" if difference <= AGREES else "differs"))

    def matrix(self, name: str, values: Tensor, note: str) -> None:
        """Show a matrix [T, T], queries down and keys across."""
        self.matrices.append(
            Grid(
                name=name,
                note=note,
                down=Axis(name="query"),
                across=Axis(name="key"),
                values=tuple(tuple(row) for row in values.tolist()),
            )
        )


def transformer_steps(measure: TransformerSteps, job: Job) -> Iterator[Result]:
    """The steps of one part of the untrained network in float64, and how they stand against torch's own."""
    experiment = need_experiment(job)
    data = ResidentData(experiment, need_examples(job), torch.device("cpu"))
    image, _ = data.measuring_batch(data.test, measure.image - 1, measure.image)
    network = build(experiment).double().eval()
    if not isinstance(network, Transformer):
        raise TypeError("this measure needs a vision transformer")
    walk = Walk(network, image.double())
    with torch.no_grad():
        _WALKS[measure.part](walk)
    yield picture("the input", image[0])
    yield Text(name="the part in words", text=_WORDS[measure.part])
    headings = ("step", "formula", "size of one image's", "largest")
    yield Table(name="steps", columns=tuple(Column(name=h) for h in headings), rows=tuple(walk.steps))
    yield from walk.matrices
    columns = (*(Column(name=h) for h in ("what", "against", "largest difference", "verdict")),)
    note = f"In float64; up to {AGREES:g} is rounding."
    yield Table(name="checks", note=note, columns=columns, rows=tuple(walk.checks))


def _patches(walk: Walk) -> None:
    embedding, image = walk.network.patches, walk.image
    size = embedding.map.kernel_size[0]
    walk.step("image", "x", image)
    cut = F.unfold(image, size, stride=size).transpose(1, 2)
    walk.step("patches", f"cut every {size} pixels, each laid out as C·{size}·{size} numbers", cut)
    weights = embedding.map.weight.flatten(1)
    tokens = walk.step(
        "tokens", "patch · Wᵀ + b, the same W for every patch", F.linear(cut, weights, embedding.map.bias)
    )
    walk.check("tokens, patch by patch", "a convolution whose stride is its kernel", tokens, embedding(image))
    embedded = walk.step("with class token and positions", "[class token; tokens] + positions", _embedded(walk))
    last = embedded[:, -tokens.shape[1] :]
    if walk.network.positions is not None:
        tokens = tokens + walk.network.positions[-tokens.shape[1] :]
    walk.check("tokens that enter block 1", "tokens + positions", last, tokens)


def _mlp(walk: Walk) -> None:
    mlp = walk.block.mlp
    fc1, fc2 = mlp.fc1, mlp.fc2
    tokens = walk.step("tokens", "normalized", walk.block.norm2(_embedded(walk)))
    hidden = walk.step("hidden", "t · W1ᵀ + b1", tokens @ fc1.weight.T + fc1.bias)
    bent = walk.step("GELU", "h · Φ(h), Φ the normal distribution's", hidden * _normal(hidden))
    out = walk.step("out", "g · W2ᵀ + b2", bent @ fc2.weight.T + fc2.bias)
    walk.check("GELU by its formula", "torch's", bent, mlp.gelu(hidden))
    walk.check("the whole MLP", "the module", out, mlp(tokens))
    one_by_one = torch.cat([mlp(tokens[:, place : place + 1]) for place in range(tokens.shape[1])], 1)
    walk.check("the whole MLP", "each token alone: none sees another", out, one_by_one)


def _attention(walk: Walk) -> None:
    attention = walk.block.attention
    tokens = walk.step("tokens", "t, normalized", walk.block.norm1(_embedded(walk)))
    query, key, value = (part[:, 0] for part in attention.split(tokens))
    for name, part in (("queries", query), ("keys", key), ("values", value)):
        walk.step(name, f"{name[0]} = t · W{name[0]}ᵀ + b{name[0]}, of head 1", part)
    scores = walk.step("scores", "q · kᵀ / sqrt(d/h)", query @ key.transpose(1, 2) / math.sqrt(query.shape[-1]))
    weights = walk.step("weights", "softmax of each row", scores.exp() / scores.exp().sum(-1, keepdim=True))
    gathered = walk.step("gathered", "weights · v", weights @ value)
    walk.matrix("scores of head 1", scores[0], "How well each token's query fits each token's key.")
    walk.matrix("weights of head 1", weights[0], "Rows sum to 1. Untrained, they are still nearly even.")
    walk.check("weights: sum of each row", "1", weights.sum(-1), torch.ones_like(weights.sum(-1)))
    walk.check("gathered, step by step", "torch's fused kernel", gathered, _fused(query, key, value))


def _heads(walk: Walk) -> None:
    attention = walk.block.attention
    tokens = walk.step("tokens", "t, normalized", walk.block.norm1(_embedded(walk)))
    query, key, value = attention.split(tokens)
    walk.step("queries", "cut into heads: h pieces of d/h features", query)
    scores = walk.step("scores", "q · kᵀ / sqrt(d/h), head by head", query @ key.mT / math.sqrt(query.shape[-1]))
    weights = walk.step("weights", "softmax of each row", scores.softmax(-1))
    gathered = walk.step("gathered", "weights · v, head by head", weights @ value)
    joined = walk.step("joined", "the heads side by side again", gathered.transpose(1, 2).flatten(2))
    out = walk.step("projected", "joined · Wᵀ + b", attention.projection(joined))
    for head in range(weights.shape[1]):
        walk.matrix(f"weights of head {head + 1}", weights[0, head], "Each head looks in its own way.")
    walk.check("all heads", "the module", out, attention(tokens))
    walk.check("all heads", "torch.nn.MultiheadAttention", out, _torchs(attention, tokens))


def _block(walk: Walk) -> None:
    block = walk.block
    tokens = walk.step("tokens", "t", _embedded(walk))
    normal = walk.step("normalized", "(t - mean) / deviation · g + b, token by token", _normalized(block.norm1, tokens))
    looked = walk.step("attention", "heads(normalized)", block.attention(normal))
    added = walk.step("added", "t + attention", tokens + looked)
    normal2 = walk.step("normalized", "again", _normalized(block.norm2, added))
    out = walk.step("out", "added + mlp(normalized)", added + block.mlp(normal2))
    walk.check("normalization by its formula", "torch.nn.LayerNorm", normal, block.norm1(tokens))
    walk.check("the whole block", "the module", out, block(tokens))
    walk.check("the whole block", "torch.nn.TransformerEncoderLayer", out, _torchs_block(block, tokens))


_WALKS: dict[TransformerPart, Callable[[Walk], None]] = {
    "patches": _patches,
    "mlp": _mlp,
    "attention": _attention,
    "heads": _heads,
    "block": _block,
}

_WORDS: dict[TransformerPart, str] = {
    "patches": (
        "A patch is cut out, laid out as one row of numbers, and mapped to d features by an affine map that is the "
        "same for every patch. A convolution with as many filters as features does just that when its stride is "
        "its kernel: no two windows share a pixel."
    ),
    "mlp": (
        "One hidden layer, wider than a token, with GELU between two affine maps. It is applied to every token by "
        "itself with the same weights: what tokens learn of each other comes through attention alone."
    ),
    "attention": (
        "Each token makes a query (what it looks for), a key (what it is found by) and a value (what it hands out). "
        "A score is the product of one token's query with another's key. Over sqrt(d/h), since a sum of d/h products "
        "of unit variance has that deviation, and softmax of large scores would look at one token and pass no gradient."
    ),
    "heads": (
        "Queries, keys and values are cut into h pieces of d/h features, and each piece attends by itself: h ways to "
        "look, for the price of one. Their outcomes stand side by side again and are mixed by one affine map."
    ),
    "block": (
        "Normalize, attend, add what came in; normalize, MLP, add again. The sums leave a straight path for gradients "
        "through any number of blocks; the normalization keeps each part's inputs of one size."
    ),
}


def _embedded(walk: Walk) -> Tensor:
    return walk.network.embed(walk.image)


def _normal(values: Tensor) -> Tensor:
    return 0.5 * (1 + torch.erf(values / math.sqrt(2)))


def _normalized(norm: nn.LayerNorm, tokens: Tensor) -> Tensor:
    mean, variance = tokens.mean(-1, keepdim=True), tokens.var(-1, correction=0, keepdim=True)
    return (tokens - mean) / (variance + norm.eps).sqrt() * norm.weight + norm.bias


def _fused(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(query, key, value)


def _torchs(attention: Attention, tokens: Tensor) -> Tensor:
    torchs = nn.MultiheadAttention(tokens.shape[-1], attention.heads, batch_first=True, dtype=tokens.dtype)
    torchs.load_state_dict(_as_torchs(attention))
    gathered: Tensor = torchs(tokens, tokens, tokens, need_weights=False)[0]
    return gathered


def _torchs_block(block: Block, tokens: Tensor) -> Tensor:
    mlp = block.mlp
    torchs = nn.TransformerEncoderLayer(
        tokens.shape[-1],
        block.attention.heads,
        mlp.fc1.out_features,
        dropout=0.0,
        activation="gelu",
        batch_first=True,
        norm_first=True,
        dtype=tokens.dtype,
    )
    parts = {"linear1": mlp.fc1, "linear2": mlp.fc2, "norm1": block.norm1, "norm2": block.norm2}
    state = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.state_dict().items()}
    state |= {f"self_attn.{key}": value for key, value in _as_torchs(block.attention).items()}
    torchs.load_state_dict(state)
    made: Tensor = torchs(tokens)
    return made


def _as_torchs(attention: Attention) -> dict[str, Tensor]:
    """Weights under the names of torch.nn.MultiheadAttention."""
    return {
        "in_proj_weight": attention.qkv.weight,
        "in_proj_bias": attention.qkv.bias,
        "out_proj.weight": attention.projection.weight,
        "out_proj.bias": attention.projection.bias,
    }
