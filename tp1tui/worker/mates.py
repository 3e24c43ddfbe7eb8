"""Several processes on one run: the one that leads journals and obeys, the others train beside it."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import suppress

from tp1tui import settings
from tp1tui.data.load import load
from tp1tui.data.seeds import seed_for
from tp1tui.data.store import Store
from tp1tui.data.whitened import whitened
from tp1tui.engine import checkpoint
from tp1tui.engine.device import configure, resolve, seed_draws
from tp1tui.engine.loop import EpochMeasured, LoopEvent, train
from tp1tui.engine.pretrained import load_first_weights
from tp1tui.engine.team import MateLost, Team
from tp1tui.engine.training import Training
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.experiment import Experiment
from tp1tui.worker.slots import parts


def led(training: Training, team: Team) -> Generator[LoopEvent, None, None]:
    """What the loop yields, for the process that leads; the others take each step with it.

    When it is closed before the end, the others leave.
    """
    events = train(training)
    while True:
        team.agree(training.experiment)
        event = next(events, None)
        if event is None:
            return
        try:
            yield event
        except GeneratorExit:
            with suppress(MateLost):  # then they are gone already
                team.agree(training.experiment, leaves=True)
            raise


def follow(training: Training, team: Team) -> None:
    """Train beside the process that leads, until it leaves or the experiment is done."""
    events = train(training)
    while True:
        switches, leaves = team.agree(training.experiment)
        if leaves:
            return
        for switch, on in switches.items():
            training.set_switch(switch, on=on)
        event = next(events, None)
        if event is None:
            return
        if isinstance(event, EpochMeasured):
            training.meter.fetch()  # for nobody; what is not fetched is kept


def help_to_train(folder: RunFolder, device: str) -> None:
    """The whole work of a process that does not lead.

    Args:
        folder: The run, whose journal the leading process writes.
        device: As the worker was told: all devices.

    Raises:
        MateLost: The leading process has died, or left before the first step; why, it has journaled.
        Exception: As `prepare` does; whoever leads loses this process then, and journals that.
    """
    spec = folder.spec()
    assert spec.experiment is not None  # what trains nothing is never shared
    experiment = spec.experiment
    own = resolve(parts(device)[settings.place_in_team()])
    configure(own, experiment)
    team = Team(own, device)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # whoever leads has had it too, and says when to go
    team.wait()  # until whoever leads has fetched what is to be had
    training = _prepared(folder, experiment, team)
    team.wait()  # until whoever leads has read the same checkpoint
    follow(training, team)


def _prepared(folder: RunFolder, experiment: Experiment, team: Team) -> Training:
    """What whoever leads has prepared, once more."""
    own = resolve(parts(team.devices)[team.rank])
    examples = load(experiment.dataset, experiment.seed, Store(settings.data_dir()), lambda _: None)
    examples = whitened(experiment, examples, own, settings.data_dir() / "zca", lambda _: None)
    training = Training(experiment, examples, own, team)
    loaded = checkpoint.load(folder.checkpoints_dir, folder.uid())
    if loaded is None:
        load_first_weights(training.model, experiment, lambda _: None)
    else:
        training.restore(loaded.payload["training"])
        # The checkpoint holds where the leading process's draws stood; ours go on from a place of their own.
        seed_draws(own, seed_for(experiment.seed, training.step, "dropout-resumed", team.rank))
    return training
