"""A process that trains beside the one that leads: it holds no lock, journals nothing and obeys that one alone."""

from __future__ import annotations

import signal

import torch

from tp1tui import settings
from tp1tui.data.seeds import seed_for
from tp1tui.engine import checkpoint
from tp1tui.engine.device import configure, resolve, seed_draws
from tp1tui.engine.pretrained import load_first_weights
from tp1tui.engine.team import Team
from tp1tui.engine.team_loop import follow
from tp1tui.engine.training import Training
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.experiment import Experiment
from tp1tui.worker.prepare import examples_of
from tp1tui.worker.slots import parts


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
    training = _prepared(folder, experiment, own, team)
    team.wait()  # until whoever leads has read the same checkpoint
    follow(training, team)


def _prepared(folder: RunFolder, experiment: Experiment, own: torch.device, team: Team) -> Training:
    """What whoever leads has prepared, once more."""
    examples = examples_of(experiment, own, lambda _: None, lambda _: None)
    training = Training(experiment, examples, own, team)
    loaded = checkpoint.load(folder.checkpoints_dir, folder.uid())
    if loaded is None:
        load_first_weights(training.model, experiment, lambda _: None)
    else:
        training.restore(loaded.payload["training"])
        # The checkpoint holds where the leading process's draws stood; ours go on from a place of their own.
        seed_draws(own, seed_for(experiment.seed, training.step, "dropout-resumed", team.rank))
    return training
