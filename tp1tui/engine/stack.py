"""Several trainings of one architecture as one: their weights in one block, a step of all of them in one go.

Each member is an ordinary `Training` and stays one: its network's weights are views of its row of the block, and what
its checkpoint holds is what a run alone would write. So a member may leave at any step and go on alone, here or in
another process, and the others go on without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from tp1tui.data.arrays import Examples
from tp1tui.data.seeds import seed_for
from tp1tui.engine.execution import Eager
from tp1tui.engine.implementations import Implementation, State, TorchOptim
from tp1tui.engine.stacked_capture import stacked_execution_of
from tp1tui.engine.stacked_execution import StackedExecution
from tp1tui.engine.stacked_meter import MemberMeter, StackMeter
from tp1tui.engine.stacked_network import StackedNetwork, stacked_losses
from tp1tui.engine.stacked_noise import stacked_noise
from tp1tui.engine.stacked_optimizer import build_stacked_optimizer
from tp1tui.engine.stacked_parameters import Place, StackedParameters, make_own, stacked_buffers
from tp1tui.engine.training import Training, random_state, set_random_state
from tp1tui.spec.experiment import Experiment, Switch
from tp1tui.spec.stackable import stack_key


class Member(Training):
    """One run of those that train together: in a stack, or by itself once it has left."""

    def __init__(self, experiment: Experiment, examples: Examples, device: torch.device) -> None:
        super().__init__(experiment, examples, device)
        if stack_key(experiment) is None:
            raise ValueError("this experiment trains alone")
        self.optimizer = _own_optimizer(self.implementation)
        self.meter: MemberMeter = MemberMeter()
        self.execution = Eager(self)  # its weights move to another place whenever it joins a stack or leaves it
        self.generators = [torch.Generator(kind) for kind in dict.fromkeys((torch.device("cpu"), device))]
        """What dropout draws from: the CPU's, and the device's own where it is another."""
        self.stack: Stack | None = None
        self.differs = False
        """Whether its batches have become unlike the others', so that it must leave."""

    def set_switch(self, switch: Switch, *, on: bool) -> None:
        """As `Training.set_switch`."""
        before = self.data.augment
        super().set_switch(switch, on=on)
        self.differs = self.differs or self.data.augment != before

    def state(self) -> State:
        """As `Training.state`, a run's alone."""
        if self.stack is not None:
            self.stack.hand_back(self)
        state = super().state()
        # A view is saved with all that it is a view of: the whole block.
        state["model"] = {name: value.clone() for name, value in state["model"].items()}
        state["random"] = [generator.get_state() for generator in self.generators]
        return state

    def restore(self, state: State) -> None:
        """As `Training.restore`."""
        super().restore(state)
        self._keep_random_state()

    def seed_draws(self, epoch: int) -> None:
        """Begin an epoch's dropout."""
        for generator in self.generators:
            generator.manual_seed(seed_for(self.experiment.seed, epoch, "dropout"))

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Let torch draw from this member's generators meanwhile: around a step that it makes by itself."""
        set_random_state(self.device, [generator.get_state() for generator in self.generators])
        try:
            yield
        finally:
            self._keep_random_state()

    def leave(self) -> None:
        """Go on without the others, from where it stands; does nothing for one that trains alone."""
        if self.stack is None:
            return
        self.meter.settle()
        self.meter.stack = None
        self.stack.execution.forget()  # whoever stays forms another stack
        self.stack.hand_back(self)
        make_own(self.model)
        self.implementation.load_state_dict(self.implementation.state_dict())  # each number where torch wants it
        self.stack = None

    def placed(self, places: Sequence[Place]) -> list[tuple[Place, nn.Parameter]]:
        """Its parameters, each with its place in a row of the block."""
        return list(zip(places, self.model.parameters(), strict=True))

    def _keep_random_state(self) -> None:
        for generator, state in zip(self.generators, random_state(self.device), strict=True):
            generator.set_state(state)


def _own_optimizer(implementation: Implementation) -> torch.optim.Optimizer:
    """The optimizer that a member uses alone."""
    if isinstance(implementation, TorchOptim) and isinstance(implementation.optimizer, torch.optim.Optimizer):
        return implementation.optimizer
    raise TypeError("what may train together leaves its steps to torch.optim")


class Stack:
    """Members that stand at the same step, ready to move on together."""

    def __init__(self, members: Sequence[Member]) -> None:
        """Put members together; those that are in a stack leave it.

        Args:
            members: Whose experiments may train together (`tp1tui.spec.stackable`), all at one step.

        Raises:
            ValueError: They may not, or stand at different steps.
        """
        if len({stack_key(member.experiment) for member in members}) != 1 or len({m.step for m in members}) != 1:
            raise ValueError("these trainings cannot go on together")
        for member in members:
            member.leave()
        self.members = tuple(members)
        first = members[0]
        networks = [member.model for member in members]
        self._parameters = StackedParameters(networks)
        self._places = list(self._parameters.places.values())
        self.network = StackedNetwork(first.model, self._parameters.leaves, stacked_buffers(networks))
        specs = [member.experiment.optimizer for member in members]
        self._optimizer = build_stacked_optimizer(specs, self._parameters.values)
        for number, member in enumerate(members):
            self._optimizer.take_over(number, member.optimizer, member.placed(self._places))
            member.stack = self
        self._optimizer.begin(first.step)
        self._loss = first.experiment.loss
        self.meter = StackMeter([member.meter for member in members])
        self.generators = [member.generators[-1] for member in members]
        """What each member's dropout draws from, on the device."""
        self.execution: StackedExecution = stacked_execution_of(self)

    @property
    def dropout(self) -> list[float]:
        """Each member's probability from the next step on; 0 where it is switched off."""
        switches = (member.experiment.dropout for member in self.members)
        return [switch.p if switch.enabled else 0.0 for switch in switches]

    def update(self, inputs: Tensor, targets: Tensor, lr: Tensor) -> tuple[Tensor, Tensor]:
        """As `StackedLearners.update`."""
        with self.members[0].precision():
            logits = self.network.train(inputs, self._noise)
            losses = stacked_losses(self._loss, logits, targets)
        self._parameters.differentiate(losses)
        with torch.no_grad():
            self._optimizer.step(self._parameters.values, self._parameters.grads, lr)
        return losses.detach(), logits.detach()

    def hand_back(self, member: Member) -> None:
        """Bring a member's own optimizer to where its row stands."""
        number = self.members.index(member)
        self._optimizer.hand_back(number, member.optimizer, member.placed(self._places), member.step)

    def _noise(self, x: Tensor) -> Tensor | None:
        return stacked_noise(x, self.dropout, self.generators)
