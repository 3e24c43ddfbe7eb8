"""Several networks of one list of layers as one: every operation is done for all of them at once.

Images lie as [B, M·C, H, W], the members' channels side by side: so convolutions are grouped, and batch normalization,
pooling and activations are what they are for a single network. Vectors lie as [M, B, F]. B examples, M members.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tp1tui.spec.optimizer import CrossEntropy, Hinge, Loss, SquaredError

DrawNoise = Callable[[Tensor], Tensor | None]
"""From what enters a dropout layer to its factors, of the same shape; None where they are 1 for all."""


class StackedNetwork:
    """The forward pass of all members."""

    def __init__(self, network: nn.Module, weights: Mapping[str, Tensor], buffers: Mapping[str, Tensor]) -> None:
        """Read the layers of one member.

        Args:
            network: Of any member; its own weights are not looked at.
            weights: Of all members by name, [M, *shape].
            buffers: The same of running statistics.
        """
        self._layers = [(f"{name}.", layer) for name, layer in network.named_children()]
        self._weights = weights
        self._buffers = buffers
        self.members = len(next(iter(weights.values())))

    def train(self, inputs: Tensor, draw_noise: DrawNoise) -> Tensor:
        """Logits [M, B, K] of one batch a member, as a training step needs them: running statistics move."""
        for name, layer in self._layers:
            if not isinstance(layer, nn.Dropout):
                inputs = self._through(name, layer, inputs, training=True)
            elif (factors := draw_noise(inputs)) is not None:
                inputs = inputs * factors
        return inputs

    def measure(self, inputs: Tensor) -> Tensor:
        """Logits [M, B, K] in evaluation mode: no dropout, running statistics."""
        for name, layer in self._layers:
            if not isinstance(layer, nn.Dropout):
                inputs = self._through(name, layer, inputs, training=False)
        return inputs

    def _through(self, name: str, layer: nn.Module, x: Tensor, *, training: bool) -> Tensor:
        match layer:
            case nn.Conv2d():
                return self._convolution(name, layer, x)
            case nn.Linear():
                return self._affine(name, x)
            case nn.BatchNorm1d() | nn.BatchNorm2d():
                return self._normalized(name, layer, x, training=training)
            case nn.Flatten():
                return self.as_vectors(x)
        answer: Tensor = layer(x)  # what has no weights does the same to all members
        return answer

    def as_vectors(self, x: Tensor) -> Tensor:
        """[B, M·C, H, W] as [M, B, C·H·W]; vectors as they are."""
        return x if x.dim() == 3 else x.unflatten(1, (self.members, -1)).transpose(0, 1).flatten(2)

    def _convolution(self, name: str, layer: nn.Conv2d, x: Tensor) -> Tensor:
        bias = self._weights.get(f"{name}bias")
        weight = self._weights[f"{name}weight"].flatten(0, 1)
        shared = None if bias is None else bias.flatten()
        return F.conv2d(x, weight, shared, layer.stride, layer.padding, layer.dilation, self.members)

    def _affine(self, name: str, x: Tensor) -> Tensor:
        bias, weight = self._weights.get(f"{name}bias"), self._weights[f"{name}weight"].transpose(1, 2)
        return torch.bmm(x, weight) if bias is None else torch.baddbmm(bias[:, None], x, weight)

    def _normalized(self, name: str, layer: nn.BatchNorm1d | nn.BatchNorm2d, x: Tensor, *, training: bool) -> Tensor:
        side_by_side = x.transpose(0, 1).flatten(1) if x.dim() == 3 else x
        if training:
            self._buffers[f"{name}num_batches_tracked"].add_(1)
        normalized = F.batch_norm(
            side_by_side,
            self._buffers[f"{name}running_mean"].view(-1),
            self._buffers[f"{name}running_var"].view(-1),
            self._weights[f"{name}weight"].flatten(),
            self._weights[f"{name}bias"].flatten(),
            training,
            layer.momentum or 0.0,
            layer.eps,
        )
        return normalized.unflatten(1, (self.members, -1)).transpose(0, 1) if x.dim() == 3 else normalized


def stacked_losses(spec: Loss, logits: Tensor, targets: Tensor) -> Tensor:
    """Each member's mean loss over its own batch, float [M].

    Args:
        spec: Which loss.
        logits: [M, B, K].
        targets: Classes int64 [M, B], or soft labels float32 [M, B, K].
    """
    flat, wanted = logits.flatten(0, 1), targets.flatten(0, 1)
    match spec:
        case CrossEntropy():
            losses = F.cross_entropy(flat, wanted, reduction="none")
        case SquaredError():
            soft = wanted if wanted.is_floating_point() else F.one_hot(wanted, flat.shape[1])
            losses = F.mse_loss(flat.float().softmax(1), soft.float(), reduction="none").mean(1)
        case Hinge():
            losses = F.multi_margin_loss(flat.float(), wanted, reduction="none")
    return losses.view(len(logits), -1).mean(1)


def side_by_side(inputs: Sequence[Tensor]) -> Tensor:
    """One batch a member as the stack gets it: images [B, C, H, W] as [B, M·C, H, W], points [B, F] as [M, B, F]."""
    return torch.cat(list(inputs), dim=1) if inputs[0].dim() == 4 else torch.stack(list(inputs))
