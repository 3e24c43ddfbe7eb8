"""The weights of several networks of one architecture in one block, each network's own weights a row of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

ALIGNED = 16
"""Elements of 4 bytes; every weight begins at a multiple, as kernels like it."""


@dataclass(frozen=True)
class Place:
    """Where in a row of the block one parameter lies."""

    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    """As the parameter has them alone, so that checkpoints have the layout of a run alone."""

    def of_all(self, block: Tensor) -> Tensor:
        """This parameter of every member: a view [M, *shape] of a block [M, n]."""
        size = (len(block), *self.shape)
        return block.as_strided(size, (block.shape[1], *self.strides), self.offset)

    def of_one(self, block: Tensor, member: int) -> Tensor:
        """This parameter of one member: a view of its shape."""
        return block.as_strided(self.shape, self.strides, member * block.shape[1] + self.offset)


class StackedParameters:
    """Parameters and gradients, [M, n] each. A step moves all members' weights in a few operations on these.

    The members' networks go on holding their parameters, as views of their rows: what reads a network, to measure it
    or to write a checkpoint, needs to know nothing of stacks.
    """

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        """Move the parameters of networks of one architecture into a block.

        Args:
            networks: On one device, in one dtype.
        """
        self.places: dict[str, Place] = {}
        """By the parameter's name, in the network's order."""
        width = 0
        for name, parameter in networks[0].named_parameters():
            self.places[name] = Place(width, tuple(parameter.shape), parameter.stride())
            width += -(-parameter.numel() // ALIGNED) * ALIGNED
        like = next(networks[0].parameters()).detach()
        self.values = like.new_zeros(len(networks), width)
        """Rows of weights, zeros between them."""
        self.grads = torch.zeros_like(self.values)
        self.leaves = {name: place.of_all(self.values).detach().requires_grad_() for name, place in self.places.items()}
        """What a step differentiates by: every parameter of all members, [M, *shape]."""
        for member, network in enumerate(networks):
            for name, parameter in network.named_parameters():
                row = self.places[name].of_one(self.values, member)
                parameter.data = row.copy_(parameter.data)

    def differentiate(self, losses: Tensor) -> None:
        """Put into `grads` the gradient of each member's loss by its own weights.

        Args:
            losses: [M]. None knows another member's weights, so their sum's gradient is everybody's own.
        """
        found = torch.autograd.grad(losses.sum(), list(self.leaves.values()))
        for place, gradient in zip(self.places.values(), found, strict=True):
            place.of_all(self.grads).copy_(gradient)


def stacked_buffers(networks: Sequence[nn.Module]) -> Mapping[str, Tensor]:
    """The buffers of all networks, [M, *shape] by name; the networks keep views of them."""
    stacked: dict[str, Tensor] = {}
    modules = [dict(network.named_modules()) for network in networks]
    for name, _ in networks[0].named_buffers():
        path, _, own = name.rpartition(".")
        holders = [by_name[path] for by_name in modules]
        stacked[name] = torch.stack([holder.get_buffer(own) for holder in holders])
        for holder, row in zip(holders, stacked[name], strict=True):
            setattr(holder, own, row)
    return stacked


def make_own(network: nn.Module) -> None:
    """Give a network that was in a stack weights and buffers of its own again, with their present values."""
    for parameter in network.parameters():
        parameter.data = parameter.data.clone()
    for module in network.modules():
        for name, buffer in module.named_buffers(recurse=False):
            setattr(module, name, buffer.clone())
