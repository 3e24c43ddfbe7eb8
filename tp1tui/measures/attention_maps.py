"""Where a trained transformer looks, drawn over the picture that it reads (question e07)."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from tp1tui.data.pictures import colours
from tp1tui.engine.transformer import Transformer, attention_maps
from tp1tui.measures.job import Job, need_training, need_transformer
from tp1tui.measures.pictures import levels, picture
from tp1tui.spec.results import Cell, Column, Result, Table, Text
from tp1tui.spec.transformer_measures import AttentionMaps

FAINT = 0.25
"""How bright the picture stays where nothing is looked at."""


def maps_over_picture(measure: AttentionMaps, job: Job) -> Iterator[Result]:
    """The picture, each block's and head's attention over it, and what each head gathers."""
    training, network = need_training(job), need_transformer(job)
    network.eval()
    image, label = training.data.measuring_batch(training.data.test, measure.image - 1, measure.image)
    with torch.no_grad():
        answer = int(network(image).argmax())
    names = training.experiment.facts.class_names
    note = f"Test image {measure.image}: {names[int(label)]}; the network says {names[answer]}."
    yield picture("the input", image[0], note=note)
    looked = _looked_at(network, image)
    yield Text(name="how to read it", text=_sentences(network))
    blocks, heads = looked.shape[:2]
    for block in range(blocks):
        for head in range(heads):
            yield colours(
                f"block {block + 1}, head {head + 1}",
                levels(_lit(image[0], looked[block, head])),
                group=f"attention of block {block + 1}",
            )
        mean = levels(_lit(image[0], looked[block].mean(0)))
        yield colours(f"block {block + 1}, mean of heads", mean, group=f"attention of block {block + 1}")
    yield _table(network, looked)


def _looked_at(network: Transformer, image: Tensor) -> Tensor:
    """Attention to each patch, [blocks, heads, T]: of the class token, or of all tokens on average without one."""
    maps = attention_maps(network, image)[:, 0]
    if network.class_token is None:
        return maps.mean(dim=2)
    return maps[:, :, 0, 1:]


def _lit(image: Tensor, weights: Tensor) -> Tensor:
    """The picture [3, H, W] in 0 to 1, red where attention [T] is high and faint where there is none."""
    side = round(len(weights) ** 0.5)
    lit = F.interpolate((weights / weights.max()).view(1, 1, side, side), image.shape[-2:], mode="nearest")[0]
    grey = (image - image.min()) / (image.max() - image.min()).clamp_min(1e-12)
    grey = grey.mean(0, keepdim=True).expand(3, -1, -1)
    tint = torch.tensor([1.0, 0.35, 0.1], device=image.device)[:, None, None]
    return FAINT * grey + (1 - FAINT) * lit * (0.35 * tint + 0.65 * tint * grey)


def _sentences(network: Transformer) -> str:
    who = "the mean over all tokens" if network.class_token is None else "the class token"
    return (
        f"Drawn is what {who} looks at: softmax(q·k / sqrt(d/h)) over the patches, of one head of one block.\n"
        "The brightest patch of each picture is the one looked at most; the scale is each picture's own.\n"
        "In the table: 'most' is that patch's share, 'patches' how many are looked at in effect, exp of the "
        "entropy: 1 when a single one is, all of them when attention is even."
    )


def _table(network: Transformer, looked: Tensor) -> Table:
    columns = (
        *(Column(name=name) for name in ("block", "head")),
        *(Column(name="most", unit="%"), Column(name="patches"), Column(name="class token", unit="%")),
    )
    rows: list[tuple[Cell, ...]] = []
    for block, heads in enumerate(looked.double(), start=1):
        for head, weights in enumerate(heads, start=1):
            total = weights.sum()
            shares = weights / total
            patches = torch.exp(-(shares * shares.clamp_min(1e-12).log()).sum())
            own = None if network.class_token is None else 100 * (1 - total).item()
            rows.append((block, head, 100 * shares.max().item(), patches.item(), own))
    note = f"Of {looked.shape[-1]} patches. The last column is the share that goes to the class token itself."
    return Table(name="heads", note=note, columns=columns, rows=tuple(rows))
