"""One step of training, shared out among several processes."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from tp1tui.engine.device import precision
from tp1tui.engine.implementations import State
from tp1tui.engine.optimizer import Rate, build_loss, build_optimizer, load_state, portable_state, set_learning_rate
from tp1tui.engine.team import Team
from tp1tui.spec.experiment import Experiment


class Shared:
    """Layers and loss by torch.nn and the step by torch.optim, each process on its part of the batch."""

    def __init__(self, experiment: Experiment, network: nn.Module, team: Team) -> None:
        """Take part in training a network.

        Args:
            experiment: What is trained.
            network: On this process's device, with the same weights in all processes.
            team: All processes.

        Raises:
            OptimizerError: This torch lacks the optimizer.
        """
        device = next(network.parameters()).device
        if device.type == "cuda":  # on a CPU torch has none: there each process normalizes its part by itself
            network = nn.SyncBatchNorm.convert_sync_batchnorm(network)
        self.network = network
        self.optimizer = build_optimizer(experiment.optimizer, network.parameters())
        self._shared = DistributedDataParallel(network)
        self._loss_function = build_loss(experiment.loss)
        self._experiment, self._device, self._team = experiment, device, team

    def update(self, inputs: Tensor, targets: Tensor, lr: Rate) -> tuple[Tensor, Tensor]:
        """As `Implementation.update`, with the whole batch; what is returned is of the whole batch, too.

        Raises:
            MateLost: Another process has died.
        """
        with self._team.together():
            logits = self._part_of_gradient(inputs, targets)
            set_learning_rate(self.optimizer, lr)
            self.optimizer.step()
            # In bf16 the loss of all would be rounded, too: autocast, which keeps losses float32, is over.
            scores = self._team.gather(logits.detach().float(), len(targets))
        return self._loss_function(scores, targets), scores

    def _part_of_gradient(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """Leave the whole batch's mean gradient in the parameters; returns the logits of this process's part."""
        part = self._team.part(len(targets))
        with precision(self._experiment, self._device):
            logits: Tensor = self._shared(inputs[part])
            own = self._loss_function(logits, targets[part])
        # The gradients are averaged over processes, whose parts may differ in size.
        loss = own * self._team.weight(len(targets))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        return logits

    def state_dict(self) -> State:
        """The optimizer's own: momentum and the like."""
        return portable_state(self.optimizer)

    def load_state_dict(self, state: State) -> None:
        """Go back to what `state_dict` gave."""
        load_state(self.optimizer, state)
