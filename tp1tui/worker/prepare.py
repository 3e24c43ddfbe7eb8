"""From a run folder to a training that is ready to move: data, device, network, and the last checkpoint if any."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable

import torch

from tp1tui import settings
from tp1tui.data.download import Progress, Report
from tp1tui.data.load import Examples, load
from tp1tui.data.store import Store
from tp1tui.data.whitened import whitened
from tp1tui.engine import checkpoint
from tp1tui.engine.device import DeviceError, configure, resolve
from tp1tui.engine.pretrained import load_first_weights
from tp1tui.engine.team import Team
from tp1tui.engine.training import Training
from tp1tui.journal.events import Event, Preparing, Resumed, Warned
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.spec.experiment import LIVE_SWITCHES, Experiment
from tp1tui.spec.live import ProbeOf
from tp1tui.spec.sharing import why_not_shared
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.layouts import choose_layout
from tp1tui.worker.ledger import Ledger, new_ledger
from tp1tui.worker.live import Live
from tp1tui.worker.lookout import Lookout
from tp1tui.worker.moments import changed, moment
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.session import Session
from tp1tui.worker.slots import parts
from tp1tui.worker.surroundings import started

REPORT_EVERY = 0.25
"""Seconds between two lines about one download."""


def prepare(
    folder: RunFolder,
    experiment: Experiment,
    journal: PatientJournal,
    device_name: str,
    inbox: Inbox,
    kind: type[Training] = Training,
) -> Session:
    """Everything up to the first batch.

    Args:
        folder: The run.
        experiment: What it asks for.
        journal: Its journal, to tell what is being waited for.
        device_name: auto, cpu, cuda, cuda:N, or several that share the run, as in cuda:0,cuda:1.
        inbox: What is asked of this worker; looked at while waiting, too.
        kind: Of training: what several runs that train together need is another.

    Raises:
        DatasetError: The dataset cannot be had.
        DeviceError: The device is not there.
        CheckpointError: The run has checkpoints, but none can be read.
        NetworkError: The network needs an extra that is not installed, or weights that cannot be had.
        RunFolderError: What the run asks for was changed since it began.
        Left: The worker was asked to go before all was ready.
    """
    follower = Follower(folder)
    _check_unchanged(follower)
    devices = [resolve(name) for name in parts(device_name)]
    device = devices[0]
    configure(device, experiment)

    def tell(what: str) -> None:
        inbox.check()
        _tell(journal, what)

    _tell(journal, f"reading {experiment.facts.title}")
    examples = examples_of(experiment, device, Teller(journal, inbox), tell)
    inbox.check()
    _tell(journal, "building the network")
    team = _team(experiment, device, device_name)
    training = Training(experiment, examples, device, team) if team else kind(experiment, examples, device)
    follower.poll()
    record = follower.record
    ledger = _restore(folder, training, journal)
    if ledger is None:  # where there is a checkpoint, it holds all weights
        load_first_weights(training.model, experiment, tell)
        ledger = new_ledger()
        if kind is Training and team is None:  # several that move as one agree on the usual layout
            choose_layout(training, settings.data_dir() / "layouts.json", tell)
    if record.started is None and training.epochs_done is None:
        taken_up: Event = started(time.time(), folder, experiment, device, training.where, examples.digests)
        journal.append(taken_up)
    else:
        taken_up = Resumed(**moment(training), from_checkpoint=True, pid=os.getpid(), device=training.where)
        journal.append(taken_up)
        _note_unjournaled_switches(training, experiment, record, journal)
    record.apply(taken_up)
    live = Live(training, record, record.probed.of if record.probed else ProbeOf())
    if team:
        team.wait()  # until the others have read the same checkpoint, which the first step may replace
    return Session(folder, journal, training, inbox, ledger, Lookout(training, record), live, team)


def examples_of(experiment: Experiment, device: torch.device, report: Report, tell: Callable[[str], None]) -> Examples:
    """What an experiment trains and tests on, fetched and whitened if need be.

    Args:
        experiment: Which.
        device: That whitens.
        report: Told how far a download has come.
        tell: What is being waited for.

    Raises:
        DatasetError: It cannot be had, or the copy on disk is damaged.
    """
    examples = load(experiment.dataset, experiment.seed, Store(settings.data_dir()), report)
    return whitened(experiment, examples, device, settings.data_dir() / "zca", tell)


def _team(experiment: Experiment, device: torch.device, device_name: str) -> Team | None:
    """The processes that share the run, of which this one leads; None where it is alone."""
    size = len(parts(device_name))
    if size == 1:
        return None
    if reason := why_not_shared(experiment, size):
        raise DeviceError(reason)
    team = Team(device, device_name)
    team.wait()
    return team


def _check_unchanged(follower: Follower) -> None:
    """A run that goes on with another experiment than it began with would show figures of neither."""
    follower.poll()
    if edited := follower.edited:
        raise RunFolderError(f"{edited} Put it back as it was, or start a new run with what it says now.")
    if follower.is_anothers:
        told = f"The journal of {follower.folder.id} is another run's, or its experiment.toml is."
        raise RunFolderError(f"{told} Put back the one that is this run's, or start a new run.")


def _restore(folder: RunFolder, training: Training, journal: PatientJournal) -> Ledger | None:
    """Go back to the last checkpoint; None where there is none."""
    checkpoint.clear_drafts(folder.checkpoints_dir)
    loaded = checkpoint.load(folder.checkpoints_dir, folder.uid())
    if loaded is None:
        return None
    training.restore(loaded.payload["training"])
    for sentence in loaded.passed_over:
        journal.append(Warned(**moment(training), message=f"{sentence}; going on from {loaded.file}."))
    ledger: Ledger = loaded.payload["ledger"]
    return ledger


def _note_unjournaled_switches(
    training: Training, asked: Experiment, record: RunRecord, journal: PatientJournal
) -> None:
    """Journal a switch whose worker died between its checkpoint and its line."""
    known = {switch: asked.is_on(switch) for switch in LIVE_SWITCHES}
    known.update({change.switch: change.new for change in record.changes if change.step <= training.step})
    for switch in LIVE_SWITCHES:
        if training.experiment.is_on(switch) != known[switch]:
            journal.append(changed(training, switch, moment(training)))


def _tell(journal: PatientJournal, what: str) -> None:
    journal.append(Preparing(time=time.time(), step=0, what=what))


class Teller:
    """Writes a download's progress to the journal, a few lines a second at most, and sees whether to go on with it."""

    def __init__(self, journal: PatientJournal, inbox: Inbox) -> None:
        self._journal = journal
        self._inbox = inbox
        self._last = -math.inf

    def __call__(self, progress: Progress) -> None:
        """Take note of how far a download has come."""
        now = time.monotonic()  # a clock that is set back would silence it, and keep a stop from being seen
        if now - self._last < REPORT_EVERY and progress.done != progress.total:
            return
        self._last = now
        self._inbox.check()
        self._journal.append(
            Preparing(time=time.time(), step=0, what=progress.what, done=progress.done, total=progress.total)
        )
