"""One input through a trained network's dropout, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

VALUES_AT_ONCE = 1 << 22
"""Numbers behind the dropout layer in one batch of passes."""


@dataclass(frozen=True)
class Passes:
    """What many passes of one input gave in one mode."""

    logits: Tensor
    """float32 [passes, K]."""
    unit: Tensor
    """float32 [passes]: the unit that is most active without dropout, behind the dropout layer."""
    zeroed: float
    """Share of the active units that were set to zero, in percent."""
    factor: float
    """By which the others were multiplied, on average."""


class DropoutPoint:
    """The first dropout layer that acts, and the network before and behind it.

    The network before it is the same in every pass, so it is computed once.
    """

    def __init__(self, model: nn.Sequential, inputs: Tensor) -> None:
        """Run one input up to the layer.

        Args:
            model: Left in evaluation mode.
            inputs: float32 [1, ...].
        """
        model.eval()
        place = next(n for n, module in enumerate(model) if isinstance(module, nn.Dropout) and module.p > 0)
        self.layer = model[place]
        self.behind = model[place + 1 :]
        with torch.no_grad():
            self.hidden: Tensor = model[:place](inputs)
        self.unit = int(self.hidden.flatten().argmax())
        """Which is most active."""

    @property
    def linear_behind(self) -> bool:
        """Whether scores are an affine function of what the layer lets through."""
        return all(isinstance(module, nn.Linear | nn.Flatten | nn.Identity) for module in self.behind)

    def passes(self, count: int, *, training: bool) -> Passes:
        """Let the input through `count` times, all dropout layers in training mode or in evaluation mode."""
        dropouts = [module for module in (self.layer, *self.behind) if isinstance(module, nn.Dropout)]
        for module in dropouts:
            module.train(training)
        try:
            return self._counted(count)
        finally:
            for module in dropouts:
                module.eval()

    @torch.no_grad()
    def mean_scores(self, count: int, change: Callable[[Tensor], Tensor]) -> Tensor:
        """Mean scores over `count` passes, float64 [K], with a rule in place of the dropout layer.

        Args:
            count: Passes.
            change: From hidden values [n, ...] to what is let through.
        """
        sums = [self.behind(change(hidden)).double().sum(0) for hidden in self._copies(count)]
        return torch.stack(sums).sum(0) / count

    @torch.no_grad()
    def _counted(self, count: int) -> Passes:
        active = self.hidden[0] != 0
        logits, units = [], []
        kept, factors = 0, 0.0
        for hidden in self._copies(count):
            through = self.layer(hidden)
            logits.append(self.behind(through).float())
            units.append(through.flatten(1)[:, self.unit].float())
            alive = (through != 0) & active
            kept += int(alive.sum())
            factors += float((through / hidden)[alive].double().sum())
        offered = count * max(1, int(active.sum()))
        return Passes(torch.cat(logits), torch.cat(units), 100 * (1 - kept / offered), factors / max(1, kept))

    def _copies(self, count: int) -> Iterator[Tensor]:
        together = max(1, VALUES_AT_ONCE // self.hidden.numel())
        for start in range(0, count, together):
            yield self.hidden.expand(min(together, count - start), *self.hidden.shape[1:])
