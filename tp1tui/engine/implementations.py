"""One step of training, four times over: by hand, then by autograd, by torch.nn and by torch.optim (ab2.1 to ab2.4).

Each leaves one thing more to torch than the one before. From the same weights and on the same batches all four give the
same losses to rounding.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from tp1tui.engine import by_hand
from tp1tui.engine.device import precision
from tp1tui.engine.optimizer import Rate, build_loss, build_optimizer, load_state, portable_state, set_learning_rate
from tp1tui.spec.experiment import Experiment

State = dict[str, Any]


class Implementation(Protocol):
    """Who moves a network's weights, and how."""

    @property
    def network(self) -> nn.Module:
        """What is trained, measured and checkpointed."""
        ...

    def update(self, inputs: Tensor, targets: Tensor, lr: Rate) -> tuple[Tensor, Tensor]:
        """Predict, measure the loss, follow its gradient one step down.

        Args:
            inputs: float32 [B, C, H, W] or [B, F].
            targets: Classes int64 [B], or soft labels float32 [B, K].
            lr: Learning rate of this step. A tensor is read by the device whenever the step is done, but waited for
                by what is written by hand.

        Returns:
            The batch's mean loss, a scalar, and its logits [B, K], both from before the step and on the device still.
        """
        ...

    def state_dict(self) -> State:
        """What it remembers from one step to the next, beside the weights."""
        ...

    def load_state_dict(self, state: State) -> None:
        """Go back to what `state_dict` gave."""
        ...


def implement(experiment: Experiment, network: nn.Module) -> Implementation:
    """The implementation that an experiment asks for.

    Args:
        experiment: What is trained.
        network: With its first weights, on the device on which it is trained.

    Raises:
        OptimizerError: This torch lacks the optimizer.
    """
    match experiment.implementation:
        case "by-hand":
            return ByHand(network)
        case "autograd":
            return Autograd(network)
        case "torch.nn":
            return TorchNn(experiment, network)
        case "torch.optim":
            return TorchOptim(experiment, network)


class ByHandNetwork(nn.Sequential):
    """A network whose layers hold the parameters only: what it computes is `by_hand.forward`.

    The layers keep their names, so its checkpoints are those of the network that torch.nn would run.
    """

    def __init__(self, network: nn.Module) -> None:
        """Take over the layers of a network: linear, tanh, linear, perhaps with a flatten before them."""
        super().__init__(OrderedDict(network.named_children()))
        hidden, output = (layer for layer in self if isinstance(layer, nn.Linear))
        self.params: by_hand.Params = {
            "Wh": hidden.weight,
            "bh": hidden.bias,
            "Wy": output.weight,
            "by": output.bias,
        }

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits [B, ny], the subject's ytilde, of inputs [B, nx] or of images that have as many pixels."""
        _, outputs = by_hand.forward(self.params, inputs.flatten(1))
        return outputs["ytilde"]


class _Stateless:
    """Remembers nothing from one step to the next."""

    def state_dict(self) -> State:
        """Empty."""
        return {}

    def load_state_dict(self, state: State) -> None:
        """There is nothing to go back to."""


class ByHand(_Stateless):
    """Forward, backward and the step by hand (question ab2.1); torch lends its tensors only."""

    def __init__(self, network: nn.Module) -> None:
        self.network = ByHandNetwork(network).requires_grad_(requires_grad=False)
        self._one_hot = _one_hot_rows(self.network)

    @torch.inference_mode()
    def update(self, inputs: Tensor, targets: Tensor, lr: Rate) -> tuple[Tensor, Tensor]:
        """As `Implementation.update`; targets are classes."""
        params, Y = self.network.params, self._one_hot.index_select(0, targets)
        yhat, outputs = by_hand.forward(params, inputs.flatten(1))
        loss = by_hand.cross_entropy(yhat, Y)
        grads = by_hand.backward(params, outputs, Y)
        by_hand.sgd(params, grads, float(lr))
        return loss, outputs["ytilde"]


class Autograd(_Stateless):
    """Forward and the step by hand, gradients by autograd (question ab2.2)."""

    def __init__(self, network: nn.Module) -> None:
        self.network = ByHandNetwork(network)
        self._one_hot = _one_hot_rows(self.network)

    def update(self, inputs: Tensor, targets: Tensor, lr: Rate) -> tuple[Tensor, Tensor]:
        """As `Implementation.update`; targets are classes."""
        params, Y = self.network.params, self._one_hot.index_select(0, targets)
        yhat, outputs = by_hand.forward(params, inputs.flatten(1))
        loss = by_hand.cross_entropy(yhat, Y)
        grads = torch.autograd.grad(loss, list(params.values()))
        with torch.no_grad():  # the step itself is nothing to differentiate
            by_hand.sgd(params, dict(zip(params, grads, strict=True)), float(lr))
        return loss.detach(), outputs["ytilde"].detach()


class _Layers:
    """Forward and loss by torch.nn, at the precision that the experiment asks for."""

    def __init__(self, experiment: Experiment, network: nn.Module) -> None:
        self.network = network
        self._loss_function = build_loss(experiment.loss)
        self._experiment = experiment
        self._device = next(network.parameters()).device

    def _forward(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The batch's mean loss, and its logits."""
        with precision(self._experiment, self._device):
            logits = self.network(inputs)
            return self._loss_function(logits, targets), logits


class TorchNn(_Layers, _Stateless):
    """Layers and loss by torch.nn, gradients by autograd, the step written out (question ab2.3)."""

    def update(self, inputs: Tensor, targets: Tensor, lr: Rate) -> tuple[Tensor, Tensor]:
        """As `Implementation.update`."""
        loss, logits = self._forward(inputs, targets)
        self.network.zero_grad()
        loss.backward()
        with torch.no_grad():  # the step itself is nothing to differentiate
            for p in self.network.parameters():
                if p.grad is not None:
                    p.sub_(lr * p.grad)
        return loss.detach(), logits.detach()


class TorchOptim(_Layers):
    """Layers and loss by torch.nn, gradients by autograd, the step by torch.optim (question ab2.4)."""

    def __init__(self, experiment: Experiment, network: nn.Module) -> None:
        super().__init__(experiment, network)
        self.optimizer = build_optimizer(experiment.optimizer, network.parameters())

    def update(self, inputs: Tensor, targets: Tensor, lr: Rate) -> tuple[Tensor, Tensor]:
        """As `Implementation.update`."""
        loss, logits = self._forward(inputs, targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        set_learning_rate(self.optimizer, lr)
        self.optimizer.step()
        return loss.detach(), logits.detach()

    def state_dict(self) -> State:
        """The optimizer's own: momentum and the like."""
        return portable_state(self.optimizer)

    def load_state_dict(self, state: State) -> None:
        """Go back to what `state_dict` gave."""
        load_state(self.optimizer, state)


def _one_hot_rows(network: ByHandNetwork) -> Tensor:
    """One row a class, its 1 in the class's place: the target of an example is the row of its class."""
    by = network.params["by"]
    return torch.eye(len(by), dtype=by.dtype, device=by.device)
