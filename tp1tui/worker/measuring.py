"""Take a measure in a run folder, after its training if it needs one, and journal what it finds."""

from __future__ import annotations

import time
from collections.abc import Iterator

import torch

from tp1tui import settings
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.engine.device import configure, resolve
from tp1tui.engine.training import Training
from tp1tui.journal.events import Finished, Measured, Preparing
from tp1tui.journal.folder import RunFolder
from tp1tui.measures.catalog import results
from tp1tui.measures.job import Job
from tp1tui.spec.frozen import MeasureSpec
from tp1tui.spec.results import Result
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.prepare import Teller, prepare
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.surroundings import started


def measure(folder: RunFolder, spec: MeasureSpec, journal: PatientJournal, device_name: str, inbox: Inbox) -> None:
    """From a run folder to a journal with results.

    Args:
        folder: The run.
        spec: What it asks for.
        journal: Its journal.
        device_name: auto, cpu, cuda or cuda:N.
        inbox: What is asked of this worker.

    Raises:
        Left: The worker was asked to go before all was measured. (And what `prepare` raises.)
    """
    if spec.trains and spec.experiment:
        _after_training(folder, spec, journal, device_name, inbox)
        return
    device = resolve(device_name)
    if spec.experiment:
        configure(device, spec.experiment)
    journal.append(started(time.time(), folder, spec.experiment, device, str(device), {}))
    job = Job(device, _Tell(journal, inbox), spec.experiment)
    if spec.experiment and spec.measure.needs == "data":
        job.tell(f"reading {spec.experiment.facts.title}")
        store = Store(settings.data_dir())
        examples = load(spec.experiment.dataset, spec.experiment.seed, store, Teller(journal, inbox))
        job = Job(device, job.tell, spec.experiment, examples)
    _take(spec, job, journal, inbox)
    journal.append(Finished(time=time.time(), step=journal.step, outcome="finished"))
    journal.sync()


def _after_training(
    folder: RunFolder, spec: MeasureSpec, journal: PatientJournal, device_name: str, inbox: Inbox
) -> None:
    """Train as any run does, with all that can happen to one, and measure at the end."""
    if spec.experiment is None:
        raise TypeError("a measure that trains has an experiment")

    def afterwards(training: Training) -> None:
        job = Job(training.device, _Tell(journal, inbox), training.experiment, training=training)
        _take(spec, job, journal, inbox)

    session = prepare(folder, spec.experiment, journal, device_name, inbox)
    session.run(afterwards)


def _take(spec: MeasureSpec, job: Job, journal: PatientJournal, inbox: Inbox) -> None:
    for result in _seeded(spec, job):
        journal.append(Measured(time=time.time(), step=journal.step, result=result))
        inbox.check()


def _seeded(spec: MeasureSpec, job: Job) -> Iterator[Result]:
    """The same draws whenever the same measure is taken."""
    torch.manual_seed(spec.experiment.seed if spec.experiment else 0)
    yield from results(spec.measure, job)


class _Tell:
    """Journals what goes on, and sees whether to go on with it."""

    def __init__(self, journal: PatientJournal, inbox: Inbox) -> None:
        self._journal = journal
        self._inbox = inbox

    def __call__(self, what: str) -> None:
        self._inbox.check()
        self._journal.append(Preparing(time=time.time(), step=self._journal.step, what=what))
