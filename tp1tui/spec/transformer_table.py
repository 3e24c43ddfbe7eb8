"""The layer table of a vision transformer: tokens, weights and multiply-adds, without torch (part E).

Names are those of the modules in `tp1tui.engine.transformer`. Weights that belong to no layer, the class token and
learned positions, have rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from tp1tui.spec.arithmetic import LayerRow, Shape, with_shares
from tp1tui.spec.transformer import VisionTransformer


def transformer_table(model: VisionTransformer, shape: Shape, classes: int) -> tuple[LayerRow, ...]:
    """Walk a transformer from its input size; token sizes are written [tokens, width].

    Args:
        model: Which; it fits the images.
        shape: Of one image, [C, H, W].
        classes: That it tells apart.
    """
    patches, width = (shape[-1] // model.patch) ** 2, model.width
    weights = width * (shape[0] * model.patch**2 + 1)
    embedded = (patches, width)
    rows = [
        LayerRow(
            *("patches", "patches", shape, embedded, model.patch),
            *(weights, 0.0, prod(embedded) * shape[0] * model.patch**2, None),
        )
    ]
    tokens = (model.tokens(shape[-1]), width)
    if model.pool == "class-token":
        rows.append(_row("class_token", "token", embedded, tokens, weights=width))
    if model.positions != "none":
        learned = prod(tokens) if model.positions == "learned" else 0
        rows.append(_row("positions", model.positions, tokens, tokens, weights=learned))
    for number in range(1, model.blocks + 1):
        rows.extend(_block(model, f"block{number}", tokens))
    rows.append(_norm("norm", tokens))
    rows.append(_row("pool", model.pool, tokens, (width,)))
    rows.append(_affine("head", (width,), classes))
    return with_shares(rows)


def _block(model: VisionTransformer, name: str, tokens: tuple[int, int]) -> Iterator[LayerRow]:
    count, width = tokens
    hidden = (count, model.mlp_ratio * width)
    yield _norm(f"{name}.norm1", tokens)
    yield _affine(f"{name}.qkv", tokens, 3 * width)
    # Every token's query with every token's key, then as many weighted values: the part that grows as tokens squared.
    yield _row(f"{name}.attention", "attention", (count, 3 * width), tokens, multiply_adds=2 * count**2 * width)
    yield _affine(f"{name}.projection", tokens, width)
    yield _norm(f"{name}.norm2", tokens)
    yield _affine(f"{name}.fc1", tokens, hidden[1])
    yield _row(f"{name}.gelu", "gelu", hidden, hidden)
    yield _affine(f"{name}.fc2", hidden, width)


def _affine(name: str, given: Shape, features: int) -> LayerRow:
    output = (*given[:-1], features)
    return _row(
        *(name, "linear", given, output),
        weights=features * (given[-1] + 1),
        multiply_adds=prod(given) * features,
    )


def _norm(name: str, tokens: Shape) -> LayerRow:
    return _row(name, "layernorm", tokens, tokens, weights=2 * tokens[-1], multiply_adds=prod(tokens))


def _row(name: str, kind: str, given: Shape, output: Shape, weights: int = 0, multiply_adds: int = 0) -> LayerRow:
    return LayerRow(name, kind, given, output, None, weights, 0.0, multiply_adds, None)
