"""Everything that training changes, in one place: weights, optimizer, random state, and how far it has come."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch
from torch.utils.hooks import RemovableHandle

from tp1tui.data.arrays import Examples
from tp1tui.data.resident import ResidentData
from tp1tui.engine.capture import execution_of
from tp1tui.engine.device import drawback, precision
from tp1tui.engine.execution import Eager, Execution
from tp1tui.engine.implementations import Implementation, State, implement
from tp1tui.engine.meter import Averages, Meter, Totals
from tp1tui.engine.model import Layout, build, has_convolution, lay_out, pool_first, set_dropout
from tp1tui.engine.optimizer import build_loss
from tp1tui.engine.shared import Shared
from tp1tui.engine.team import Team
from tp1tui.spec.arithmetic import shape_text
from tp1tui.spec.experiment import LIVE_SWITCHES, Experiment, Switch


class Training:
    """One experiment on one device. `tp1tui.engine.loop.train` moves it forward."""

    def __init__(
        self, experiment: Experiment, examples: Examples, device: torch.device, team: Team | None = None
    ) -> None:
        """Build all of it.

        Args:
            experiment: What is trained.
            examples: What on.
            device: Where.
            team: The processes that share the work of each step; None where this one does it alone.

        Raises:
            OptimizerError: This torch lacks the optimizer.
        """
        self.experiment = experiment
        self.device = device
        self.data = ResidentData(experiment, examples, device)
        network = pool_first(build(experiment)).to(device)
        if has_convolution(network):
            network.to(memory_format=torch.channels_last)
        self.implementation: Implementation = (
            Shared(experiment, network, team) if team else implement(experiment, network)
        )
        self.model = self.implementation.network
        self.layout: Layout = "channels-last"
        """Of a convnet's images."""
        self._laid_out: RemovableHandle | None = None
        self.loss_function = build_loss(experiment.loss)
        self.meter = Meter()
        self.where = team.devices if team else str(device)
        """The device, or all of them, as a person names them."""
        self.part = team.rank if team else 0
        """Of each batch, that this process works on: each draws dropout of its own."""
        self.step = 0
        """Updates made."""
        self.epochs_done: int | None = None
        """Epochs trained and measured; None before epoch 0 is measured."""
        self.train_losses: list[float] = []
        """Running average of each finished epoch from 1 on: all that a schedule may know of how training goes."""
        self.notices: list[str] = []
        """Sentences that a person should read; whoever drives the training takes them out."""
        if told := drawback(experiment, device):
            self.notices.append(told)
        # What processes of a team say to each other is no work of the device's, so it cannot be recorded with it.
        self.execution: Execution = Eager(self) if team else execution_of(self)

    def precision(self) -> AbstractContextManager[None]:
        """Around every forward pass: mixed precision when the experiment asks for bf16."""
        return precision(self.experiment, self.device)

    def set_switch(self, switch: Switch, *, on: bool) -> None:
        """Set a switch from the next batch on; `experiment` says from now on what is trained.

        Raises:
            ValueError: The switch cannot be flipped while a run is going, or flipping it would make no sense.
        """
        if switch not in LIVE_SWITCHES:
            msg = f"{switch} changes the network or its inputs, so it cannot be switched while a run is going"
            raise ValueError(msg)
        if self.experiment.is_on(switch) == on:
            return
        flipped = self.experiment.flipped(switch)
        _check_same_weights(self.experiment, flipped)
        self.experiment = flipped
        self.data.augment = flipped.augmentation.enabled
        set_dropout(self.model, flipped.dropout.p if flipped.dropout.enabled else 0.0)

    def set_layout(self, layout: Layout) -> None:
        """Let a convnet work in a layout from the next batch on; figures agree to rounding."""
        if layout == self.layout or self.device.type != "cpu":  # a GPU wants channels last
            return
        if self._laid_out is not None:
            self._laid_out.remove()
        self._laid_out = lay_out(self.model, layout)
        self.layout = layout

    def state(self) -> State:
        """All that a resume needs; tensors and plain values only. Call it between two steps."""
        self.meter.settle()
        totals = self.meter.totals
        return {
            "step": self.step,
            "epochs_done": self.epochs_done,
            "model": self.model.state_dict(),
            "optimizer": self.implementation.state_dict(),
            "layout": self.layout,
            "train_losses": list(self.train_losses),
            "totals": [totals.examples, totals.loss, totals.top1, totals.top5],
            "switches": {switch: self.experiment.is_on(switch) for switch in LIVE_SWITCHES},
            "random": random_state(self.device),
        }

    def restore(self, state: State) -> None:
        """Go back to where `state` was taken; its tensors are on the CPU.

        Raises:
            KeyError: Something is missing from it.
            RuntimeError: It belongs to another network.
        """
        self.set_layout(state.get("layout", "channels-last"))  # absent where there was no choice yet
        self.model.load_state_dict(state["model"])
        self.implementation.load_state_dict(state["optimizer"])
        self.meter.totals = Totals(*state["totals"])
        self.step, self.epochs_done = state["step"], state["epochs_done"]
        self.train_losses = list(state.get("train_losses", ()))  # absent where no schedule asked for them yet
        for switch in LIVE_SWITCHES:
            self.set_switch(switch, on=state["switches"][switch])
        set_random_state(self.device, state["random"])
        self.execution.forget()
        self.notices.clear()  # what there was to say at the beginning was said then

    def running_averages(self) -> Averages:
        """Averages over the epoch's batches so far, as measured while the weights moved."""
        self.meter.settle()
        return self.meter.totals.averages()

    def finish_epoch(self, epoch: int) -> None:
        """Count an epoch as trained and measured, and begin the next one's averages."""
        if epoch > 0:
            self.train_losses.append(self.running_averages().loss)
        self.epochs_done = epoch
        self.meter.totals = Totals()


def _check_same_weights(old: Experiment, new: Experiment) -> None:
    for before, after in zip(old.layer_table(), new.layer_table(), strict=True):
        if before.parameters != after.parameters:
            msg = (
                f"layer {before.name} has {before.parameters:,} weights for images of {shape_text(old.input_shape)} "
                f"and would need {after.parameters:,} for {shape_text(new.input_shape)}; start a new run instead"
            )
            raise ValueError(msg)


def random_state(device: torch.device) -> list[torch.Tensor]:
    """Of the generators that dropout draws from."""
    states = [torch.get_rng_state()]
    return [*states, torch.cuda.get_rng_state(device)] if device.type == "cuda" else states


def set_random_state(device: torch.device, states: list[torch.Tensor]) -> None:
    """Go back to what `random_state` gave."""
    torch.set_rng_state(states[0])
    if device.type == "cuda" and len(states) > 1:
        torch.cuda.set_rng_state(states[1], device)
