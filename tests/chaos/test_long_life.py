"""A run of a night and hundreds of runs: memory grows by what must be kept alone, and nothing is left open."""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import ClassVar
from unittest.mock import patch

import psutil
import pytest

from benchmarks.hastened import Hastened, clock
from benchmarks.processes import Held, held_by
from tests import forked
from tests.builders import make_run, run_spec
from tests.tui.runs import epoch
from tests.waiting import until
from tests.worker.conftest import spec_of
from tp1tui.journal.events import Batches, Checkpoint, Event
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.listing import RunLister, list_runs
from tp1tui.journal.tickets import put_in_line
from tp1tui.journal.writer import JournalWriter
from tp1tui.tui.run.messages import message_lines
from tp1tui.tui.run.watch import RunWatch
from tp1tui.worker import dispatcher, launcher, prepare, stopwatch
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.room import PatientJournal

AN_EPOCH = 4_000
"""Bytes that an epoch's figures may take, each an object of its own; there are thousands at most."""
A_BATCH = 20
"""Bytes that a screen may keep of a batch: loss and top-1, 8 each, the bins of the plot, 2.2, and the sixteenth by
which arrays grow ahead. A worker keeps nothing of it."""
WINDOW = 100_000
"""Bytes for what is kept of the latest batches, and for what comes and goes."""
STEPS = 1_000
"""Batches in an epoch."""
LINE = 50
"""Batches in a line of the journal."""


@contextmanager
def traced() -> Iterator[None]:
    """Have Python's memory counted meanwhile."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def memory() -> int:
    """Bytes that Python holds."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


class Weighed(PatientJournal):
    """A worker's journal, with the memory at the end of some epochs."""

    def __init__(self, folder: RunFolder, inbox: Inbox, at: tuple[int, ...]) -> None:
        super().__init__(folder, inbox)
        self.at, self.memory = at, dict.fromkeys(at, 0)

    def append(self, event: Event) -> None:
        super().append(event)
        if isinstance(event, Checkpoint) and event.epoch in self.at:
            self.memory[event.epoch] = memory()


def worker_grows(runs: Path, epochs: int) -> int:
    """Bytes that a worker holds more at the end of a run than when half of it was done."""
    changes = ["batch_size=1", f"epochs={epochs}", f"dataset.train_examples={STEPS}", "dataset.test_examples=20"]
    folder = RunFolder.create(runs, spec_of("digits", *changes), datetime.now(UTC))
    inbox, half = Inbox(folder), epochs // 2
    with (
        patch.object(prepare, "Training", Hastened),
        patch.object(stopwatch, "monotonic", clock),
        Weighed(folder, inbox, (half, epochs)) as journal,
    ):
        session = prepare.prepare(folder, folder.spec().experiment, journal, "cpu", inbox)
        with traced():
            session.run()
    assert journal.memory[half] > 0
    return journal.memory[epochs] - journal.memory[half]


@pytest.mark.long
def test_a_worker_keeps_nothing_of_its_batches(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    epochs = 30
    grown = worker_grows(tmp_path, epochs)
    record_property("batches", epochs * STEPS)
    record_property("bytes", grown)
    assert grown <= AN_EPOCH * epochs // 2 + WINDOW


def journaled(journal: JournalWriter, number: int) -> None:
    """An epoch's lines, batches first."""
    for first in range((number - 1) * STEPS + 1, number * STEPS, LINE):
        last = first + LINE - 1
        losses, top1 = [1 / step for step in range(first, last + 1)], [12.5] * LINE
        journal.append(
            Batches(time=float(last), step=last, first_step=first, losses=losses, top1=top1, images_per_s=1.0)
        )
    journal.append(epoch(number, step=number * STEPS, test_loss=1 / number, test_top1=50 + number / 1000))


def screen_grows(runs: Path, epochs: int) -> tuple[int, int]:
    """Bytes that a screen's watcher takes for the first half of a run, and for the second, as it comes."""
    folder = RunFolder.create(runs, run_spec("digits", [f"epochs={epochs}"]), datetime.now(UTC))
    taken = []
    with JournalWriter(folder.journal_path) as journal:
        journaled(journal, 1)
        watch = RunWatch(folder, None)
        with traced():
            for numbers in (range(2, epochs // 2 + 2), range(epochs // 2 + 2, epochs + 2)):
                before = memory()
                for number in numbers:
                    journaled(journal, number)
                    watch.poll()
                taken.append(memory() - before)
    assert len(watch.record.losses) == (epochs + 1) * STEPS == watch.curves.batches.length
    return taken[0], taken[1]


@pytest.mark.parametrize("epochs", [100, pytest.param(500, marks=pytest.mark.long)])
def test_a_screen_keeps_two_numbers_of_a_batch(
    tmp_path: Path, epochs: int, record_property: Callable[[str, object], None]
) -> None:
    record_property("batches", epochs * STEPS)
    for grown in screen_grows(tmp_path, epochs):
        record_property("bytes", grown)
        assert grown <= (AN_EPOCH + A_BATCH * STEPS) * epochs // 2 + WINDOW


def calls(act: Callable[[], object]) -> int:
    """Functions, Python's own among them, that are called meanwhile."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def cost_of_a_look(runs: Path, epochs: int) -> int:
    """Calls that it takes to read an epoch's end, and to say what there is to say, after so many."""
    folder = RunFolder.create(runs, run_spec("digits", [f"epochs={epochs + 1}"]), datetime.now(UTC))
    with JournalWriter(folder.journal_path) as journal:
        for number in range(epochs):
            journal.append(epoch(number, test_loss=1 / (1 + number), test_top1=float(number % 90)))
        watch = RunWatch(folder, None)
        journal.append(epoch(epochs, test_loss=9.0, test_top1=9.0))
    return calls(watch.poll) + calls(lambda: message_lines(watch.look(0.0), 80, None))


def test_a_look_at_a_long_run_costs_what_one_at_a_short_run_does(tmp_path: Path) -> None:
    _first, short, long = (cost_of_a_look(tmp_path, epochs) for epochs in (10, 100, 1_600))
    assert long <= 1.2 * short


MIB = 1 << 20
A_RUN = 8_000
"""Bytes that a list of runs may keep of one that has ended, however many epochs it had: its line, and where it lies."""


@pytest.mark.parametrize("count", [20, pytest.param(300, marks=pytest.mark.long)])
def test_a_list_of_runs_keeps_of_one_that_has_ended_its_line_alone(
    tmp_path: Path, count: int, record_property: Callable[[str, object], None]
) -> None:
    lister = RunLister(tmp_path)
    make_run(tmp_path, "digits", epochs=40)
    lister.refresh()
    for number in range(1, count + 1):
        make_run(tmp_path, "digits", epochs=40, seed=number)
    with traced():
        assert len(lister.refresh()) == count + 1
        gc.collect()
        # But for the interpreter's own table of names: one block of megabytes, which doubles now and then.
        grown = sum(trace.size for trace in tracemalloc.take_snapshot().traces if trace.size < MIB)
    record_property("runs", count)
    record_property("bytes", grown)
    assert grown <= A_RUN * count + WINDOW


class Forked:
    """A forked worker, seen as one that was started as always is."""

    pids: ClassVar[list[int]] = []
    """Of all that were started."""

    def __init__(self, folder: RunFolder, _device: str) -> None:
        self._process = forked.start(folder)
        self.pid = self._process.pid
        self.pids.append(self.pid)

    def poll(self) -> int | None:
        return self._process.exitcode


def serve(serving: dispatcher.Dispatcher, runs: Path, count: int) -> None:
    """Put small runs in line and wait until the dispatcher has started each, one after the other."""
    for number in range(count):
        put_in_line(RunFolder.create(runs, spec_of("ab2.1", "epochs=1"), datetime.now(UTC)), "cpu", number)
    serving.serve()


def ended(runs: Path) -> bool:
    return all(run.state == "finished" for run in list_runs(runs))


@pytest.mark.parametrize("count", [4, pytest.param(60, marks=pytest.mark.long)])
def test_no_file_and_no_process_is_left_of_any_number_of_runs(
    tmp_path: Path, count: int, record_property: Callable[[str, object], None]
) -> None:
    serving = dispatcher.Dispatcher(tmp_path)

    def left() -> Held | None:
        """What this process holds, once every run has ended and its worker is gone."""
        serving.serve()  # there is nothing to serve, but workers to forget
        over = ended(tmp_path) and not any(map(psutil.pid_exists, Forked.pids))
        return held_by(os.getpid()) if over else None

    with patch.object(dispatcher, "spawn_from_line", Forked), patch.object(dispatcher, "LOOK_EVERY", 0.02):
        serve(serving, tmp_path, 2)
        before = until(left, "the first runs to end")
        serve(serving, tmp_path, count)
        after = until(left, "all runs to end")
    record_property("runs", count)
    assert (after.files, after.threads, after.children) == (before.files, before.threads, before.children)
    assert len(list_runs(tmp_path)) == 2 + count


@pytest.mark.long
def test_a_process_that_starts_runs_itself_leaves_one_zombie_at_most(tmp_path: Path) -> None:
    before = held_by(os.getpid())
    for number in range(1, 5):
        launcher.start(spec_of("ab2.1", "epochs=1"), tmp_path, "cpu")
        until(lambda: ended(tmp_path), f"run {number} to end")
        after = until(lambda: _without_workers(before), "its worker to go")
    assert (after.files, after.threads) == (before.files, before.threads)
    assert after.zombies - before.zombies <= 1


def _without_workers(before: Held) -> Held | None:
    """What this process holds, once no more of its children live than before."""
    now = held_by(os.getpid())
    return now if now.children - now.zombies <= before.children - before.zombies else None
