"""A vision transformer, written to be read beside part E of the subject (Dosovitskiy et al., 2021).

    image ── cut into patches ──► tokens ── + class token, + positions ──► blocks ──► one token ──► logits

Sizes in comments: B images, T tokens, d features of a token, h heads.
"""

from __future__ import annotations

import math
from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tp1tui.spec.transformer import VisionTransformer

TOKEN_STD = 0.02
"""Deviation of what the class token and learned positions begin as."""
LONGEST_WAVE = 10_000.0
"""Of sinusoidal positions, in tokens over 2π (Vaswani et al., 2017)."""


class PatchEmbedding(nn.Module):
    """An affine map of every patch, all patches by the same weights: a convolution whose stride is its kernel (e01)."""

    def __init__(self, channels: int, patch: int, width: int) -> None:
        super().__init__()
        self.map = nn.Conv2d(channels, width, kernel_size=patch, stride=patch)

    def forward(self, images: Tensor) -> Tensor:
        """Images [B, C, H, W] to tokens [B, T, d], row by row."""
        maps: Tensor = self.map(images)  # [B, d, H/p, W/p]
        return maps.flatten(2).transpose(1, 2)  # [B, d, T] -> [B, T, d]


class Attention(nn.Module):
    """Multi-head self-attention: every token gathers from all tokens what its query asks for (e03, e04)."""

    def __init__(self, width: int, heads: int, *, fused: bool) -> None:
        """Give each head `width / heads` features; `fused` leaves the middle part to torch's own kernel."""
        super().__init__()
        self.heads = heads
        self.fused = fused
        self.qkv = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [B, T, d] to tokens [B, T, d]."""
        query, key, value = self.split(tokens)
        if self.fused:
            gathered = F.scaled_dot_product_attention(query, key, value)
        else:
            gathered = attention_weights(query, key) @ value  # [B, h, T, T] @ [B, h, T, d/h]
        projected: Tensor = self.projection(gathered.transpose(1, 2).flatten(2))  # [B, T, h, d/h] -> [B, T, d]
        return projected

    def split(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values of tokens [B, T, d], each [B, h, T, d/h]: one affine map, then cut into heads."""
        batch, count, width = tokens.shape
        qkv = self.qkv(tokens).view(batch, count, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        return query, key, value


def attention_weights(query: Tensor, key: Tensor) -> Tensor:
    """softmax(q·k / sqrt(d/h)): how much each token takes of each; rows sum to 1.

    Args:
        query: [B, h, T, d/h].
        key: [B, h, T, d/h].

    Returns:
        [B, h, T, T], queries down, keys across.
    """
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    return scores.softmax(dim=-1)


class MLP(nn.Module):
    """One hidden layer with GELU, for every token by itself (e02)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, hidden)
        self.gelu = nn.GELU()
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [B, T, d] to tokens [B, T, d]."""
        changed: Tensor = self.fc2(self.gelu(self.fc1(tokens)))
        return changed


class Block(nn.Module):
    """Self-attention, then an MLP, each on normalized tokens and added to what came in (e05)."""

    def __init__(self, model: VisionTransformer) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(model.width)
        self.attention = Attention(model.width, model.heads, fused=model.attention == "fused")
        self.norm2 = nn.LayerNorm(model.width)
        self.mlp = MLP(model.width, model.mlp_ratio * model.width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [B, T, d] to tokens [B, T, d]."""
        tokens = tokens + self.attention(self.norm1(tokens))
        changed: Tensor = self.mlp(self.norm2(tokens))
        return tokens + changed


class Transformer(nn.Module):
    """From images to logits (e06)."""

    positions: Tensor | None
    """float32 [T, d], added to the tokens."""

    def __init__(self, model: VisionTransformer, shape: tuple[int, ...], classes: int) -> None:
        """Build what `model` describes for images of one size.

        Args:
            model: Which.
            shape: Of one image, [C, H, W].
            classes: Logits that it gives.
        """
        super().__init__()
        self.patches = PatchEmbedding(shape[0], model.patch, model.width)
        self.class_token: nn.Parameter | None = None
        if model.pool == "class-token":
            self.class_token = nn.Parameter(torch.empty(model.width))
            nn.init.trunc_normal_(self.class_token, std=TOKEN_STD)
        tokens = model.tokens(shape[-1])
        match model.positions:
            case "sinusoidal":
                self.register_buffer("positions", sinusoids(tokens, model.width), persistent=False)
            case "learned":
                self.positions = nn.Parameter(torch.empty(tokens, model.width))
                nn.init.trunc_normal_(self.positions, std=TOKEN_STD)
            case "none":
                self.positions = None
        self.blocks = nn.Sequential(
            OrderedDict((f"block{number}", Block(model)) for number in range(1, model.blocks + 1))
        )
        self.norm = nn.LayerNorm(model.width)
        self.head = nn.Linear(model.width, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images [B, C, H, W] to logits [B, K]."""
        tokens = self.norm(self.blocks(self.embed(images)))
        logits: Tensor = self.head(tokens.mean(dim=1) if self.class_token is None else tokens[:, 0])
        return logits

    def embed(self, images: Tensor) -> Tensor:
        """Images [B, C, H, W] to the tokens [B, T, d] that enter the first block; the class token stands first."""
        tokens: Tensor = self.patches(images)
        if self.class_token is not None:
            tokens = torch.cat((self.class_token.expand(len(tokens), 1, -1), tokens), dim=1)
        return tokens if self.positions is None else tokens + self.positions


@torch.no_grad()
def attention_maps(network: Transformer, images: Tensor) -> Tensor:
    """How much each token takes of each, block by block and head by head.

    Args:
        network: In evaluation mode.
        images: [B, C, H, W].

    Returns:
        [blocks, B, h, T, T], queries down, keys across; the class token, if there is one, is token 0.
    """
    tokens, maps = network.embed(images), []
    for block in network.blocks:
        if not isinstance(block, Block):
            raise TypeError("a transformer is made of blocks")
        query, key, _ = block.attention.split(block.norm1(tokens))
        maps.append(attention_weights(query, key))
        tokens = block(tokens)
    return torch.stack(maps)


def sinusoids(tokens: int, width: int) -> Tensor:
    """Fixed positions: sin(t / L^(2i/d)) in features 2i, the cosine in features 2i + 1, with L = 10,000 (e06).

    Returns:
        float32 [T, d], token by token.
    """
    place = torch.arange(tokens)[:, None]
    wave = LONGEST_WAVE ** (torch.arange(0, width, 2) / width)
    positions = torch.empty(tokens, width)
    positions[:, 0::2] = torch.sin(place / wave)
    positions[:, 1::2] = torch.cos(place / wave)
    return positions
