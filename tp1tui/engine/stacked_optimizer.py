"""torch.optim's steps on the weights of several networks at once, each with its own learning rate and other numbers.

Everything is a block [M, n], a row a member; a member's numbers are columns [M, 1]. What is remembered from step to
step bears torch's names, and each member's own optimizer is given its row: so its checkpoint is that of a run alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from tp1tui.engine.stacked_parameters import Place
from tp1tui.spec.optimizer import Adagrad, Adam, AdamW, Optimizer, RmsProp, Sgd

STEP = "step"
"""torch's name for how many steps an optimizer has made."""


class StackedOptimizer(ABC):
    """Moves all members' weights once. Begins where their own optimizers stand."""

    remembers: tuple[str, ...] = ()
    """Names of the blocks that it keeps from step to step."""
    counts_steps = True
    """Whether torch keeps the number of steps with each parameter."""

    def __init__(self, specs: Sequence[Optimizer], like: Tensor) -> None:
        self._specs = specs
        self._like = like
        self.kept = {name: torch.zeros_like(like) for name in self.remembers}
        """float32 [M, n] by name."""
        self._decay = self._column(spec.weight_decay for spec in specs)
        self._decays = any(spec.weight_decay for spec in specs)

    @abstractmethod
    def step(self, values: Tensor, grads: Tensor, lr: Tensor) -> None:
        """Move the weights once.

        Args:
            values: Weights [M, n].
            grads: Gradients [M, n]; not changed.
            lr: [M, 1].
        """

    def begin(self, steps: int) -> None:
        """Told how many steps were made before the next one."""
        del steps  # the weights' way depends on it for few kinds only

    def take_over(
        self, member: int, optimizer: torch.optim.Optimizer, parameters: Sequence[tuple[Place, nn.Parameter]]
    ) -> None:
        """Go on with what a member's own optimizer remembers."""
        for place, parameter in parameters:
            for name, known in optimizer.state.get(parameter, {}).items():
                if name in self.kept:
                    place.of_one(self.kept[name], member).copy_(known)

    def hand_back(
        self,
        member: int,
        optimizer: torch.optim.Optimizer,
        parameters: Sequence[tuple[Place, nn.Parameter]],
        steps: int,
    ) -> None:
        """Give a member's own optimizer what it would remember after so many steps alone."""
        if not steps:
            return
        for place, parameter in parameters:
            own = {name: place.of_one(self.kept[name], member).clone() for name in self._remembered_by(member)}
            if self.counts_steps:
                own[STEP] = torch.tensor(float(steps))
            if own:
                optimizer.state[parameter] = own

    def _remembered_by(self, member: int) -> Iterable[str]:
        """Names of what torch remembers with this member's numbers."""
        return self.remembers

    def _decayed(self, values: Tensor, grads: Tensor) -> Tensor:
        """Gradients with those of the weights' own squares."""
        return torch.addcmul(grads, values, self._decay) if self._decays else grads

    def _column(self, numbers: Iterable[float]) -> Tensor:
        return torch.tensor(list(numbers), dtype=self._like.dtype, device=self._like.device)[:, None]


class StackedSgd(StackedOptimizer):
    """torch.optim.SGD."""

    remembers = ("momentum_buffer",)
    counts_steps = False

    def __init__(self, specs: Sequence[Sgd], like: Tensor) -> None:
        super().__init__(specs, like)
        self._momentums = [spec.momentum for spec in specs]
        self._momentum = self._column(self._momentums)
        self._nesterov = specs[0].nesterov

    def step(self, values: Tensor, grads: Tensor, lr: Tensor) -> None:
        """As `StackedOptimizer.step`."""
        way = self._decayed(values, grads)
        if any(self._momentums):
            velocity = self.kept["momentum_buffer"].mul_(self._momentum).add_(way)
            way = torch.addcmul(way, velocity, self._momentum) if self._nesterov else velocity
        values.addcmul_(way, lr, value=-1)

    def _remembered_by(self, member: int) -> Iterable[str]:
        return self.remembers if self._momentums[member] else ()


class StackedAdam(StackedOptimizer):
    """torch.optim.Adam."""

    remembers = ("exp_avg", "exp_avg_sq")

    def __init__(self, specs: Sequence[Adam | AdamW], like: Tensor) -> None:
        super().__init__(specs, like)
        self._eps = self._column(spec.eps for spec in specs)
        self._weights = [self._column(1 - spec.betas[which] for spec in specs) for which in (0, 1)]
        betas = torch.tensor([spec.betas for spec in specs], dtype=torch.float64, device=like.device)
        self._betas = betas  # 1 - beta^t loses most of float32's digits in the first steps
        self._steps = torch.zeros((), dtype=torch.float64, device=like.device)

    def begin(self, steps: int) -> None:
        """As `StackedOptimizer.begin`."""
        self._steps.fill_(steps)

    def step(self, values: Tensor, grads: Tensor, lr: Tensor) -> None:
        """As `StackedOptimizer.step`."""
        way = self._shrunk(values, grads, lr)
        self._steps.add_(1)
        share, root = (1 - self._betas**self._steps).unbind(1)
        mean = self.kept["exp_avg"].lerp_(way, self._weights[0])
        square = self.kept["exp_avg_sq"].lerp_(way.square(), self._weights[1])
        scale = square.sqrt().div_(root.sqrt().to(lr.dtype)[:, None]).add_(self._eps)
        values.addcdiv_(mean * (lr / share.to(lr.dtype)[:, None]), scale, value=-1)

    def _shrunk(self, values: Tensor, grads: Tensor, lr: Tensor) -> Tensor:
        """Apply weight decay; returns the gradients to follow."""
        del lr
        return self._decayed(values, grads)


class StackedAdamW(StackedAdam):
    """torch.optim.AdamW: weight decay apart from the gradients."""

    def _shrunk(self, values: Tensor, grads: Tensor, lr: Tensor) -> Tensor:
        if self._decays:
            values.mul_(1 - lr * self._decay)
        return grads


class StackedRmsProp(StackedOptimizer):
    """torch.optim.RMSprop."""

    remembers = ("square_avg", "momentum_buffer")

    def __init__(self, specs: Sequence[RmsProp], like: Tensor) -> None:
        super().__init__(specs, like)
        self._momentums = [spec.momentum for spec in specs]
        self._momentum = self._column(self._momentums)
        self._eps = self._column(spec.eps for spec in specs)
        self._weight = self._column(1 - spec.alpha for spec in specs)

    def step(self, values: Tensor, grads: Tensor, lr: Tensor) -> None:
        """As `StackedOptimizer.step`."""
        way = self._decayed(values, grads)
        square = self.kept["square_avg"].lerp_(way.square(), self._weight)
        way = way / square.sqrt().add_(self._eps)
        if any(self._momentums):
            way = self.kept["momentum_buffer"].mul_(self._momentum).add_(way)
        values.addcmul_(way, lr, value=-1)

    def _remembered_by(self, member: int) -> Iterable[str]:
        return self.remembers if self._momentums[member] else ("square_avg",)


class StackedAdagrad(StackedOptimizer):
    """torch.optim.Adagrad."""

    remembers = ("sum",)

    def __init__(self, specs: Sequence[Adagrad], like: Tensor) -> None:
        super().__init__(specs, like)
        self._eps = self._column(spec.eps for spec in specs)

    def step(self, values: Tensor, grads: Tensor, lr: Tensor) -> None:
        """As `StackedOptimizer.step`."""
        way = self._decayed(values, grads)
        total = self.kept["sum"].addcmul_(way, way)
        values.addcdiv_(way * lr, total.sqrt().add_(self._eps), value=-1)


_KINDS: dict[str, type[StackedOptimizer]] = {
    "sgd": StackedSgd,
    "adam": StackedAdam,
    "adamw": StackedAdamW,
    "rmsprop": StackedRmsProp,
    "adagrad": StackedAdagrad,
}


def build_stacked_optimizer(specs: Sequence[Optimizer], like: Tensor) -> StackedOptimizer:
    """An optimizer for members whose optimizers are of one kind.

    Args:
        specs: One a member.
        like: The block of weights, float32 [M, n].
    """
    return _KINDS[specs[0].kind](specs, like)
