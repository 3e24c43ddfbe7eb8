"""Machines that misbehave: folders that cannot be written, clocks that go back, disks that take their time."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import BEGIN, events, make_run, run_spec
from tests.cli.calls import answer, call
from tests.forked import start
from tests.measured import figures
from tests.tui.lab import Lab, opened, shown
from tests.tui.lab import until as until_shown
from tests.waiting import until_state
from tests.worker.conftest import spec_of
from tp1tui.journal.events import Epoch
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.listing import list_runs
from tp1tui.journal.lock import RunLock
from tp1tui.journal.record import RunRecord
from tp1tui.tui.run.look import Look
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.main import WRONG_USAGE, work
from tp1tui.worker.room import PatientJournal

PATIENCE = 120.0
COPY = "Copy the run's folder to where you may write, and resume it there."
Record = Callable[[str, object], None]


# A folder that can only be read.


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs on a file system that nobody can write, root included; only root can make one."""
    runs = tmp_path / "runs"
    make_run(runs, epochs=4, state="interrupted")
    make_run(runs, epochs=4, state="finished", seed=1)
    RunFolder.create(runs, spec_of("ab2.4"), datetime(2026, 11, 1, tzinfo=UTC))
    mounted = subprocess.run(["mount", "--bind", runs, runs], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a read-only folder cannot be made here: {mounted.stderr.decode().strip()}")
    subprocess.run(["mount", "-o", "remount,ro,bind", runs], check=True)
    yield runs
    subprocess.run(["umount", "-l", runs], check=True)


def run_in(runs: Path, state: str) -> RunFolder:
    folders = [RunFolder(path) for path in sorted(runs.glob("[!.]*"))]
    return next(folder for folder in folders if Follower(folder).state() == state)


@pytest.mark.parametrize(
    "words",
    [
        ("runs",),
        ("show", "FINISHED"),
        ("doctor", "FINISHED"),
        ("doctor", "INTERRUPTED"),
        ("export", "INTERRUPTED", "--to", "ELSEWHERE"),
        ("plot", "FINISHED", "-o", "ELSEWHERE.svg"),
        ("compare", "FINISHED", "INTERRUPTED"),
        ("line",),
    ],
    ids=" ".join,
)
def test_what_only_looks_works_where_nothing_can_be_written(
    read_only: Path, tmp_path: Path, words: tuple[str, ...], record_property: Record
) -> None:
    assert answer(*_named(words, read_only, tmp_path / "elsewhere"), "--runs-dir", read_only)
    record_property("read_only_looks", 1)


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        (("run", "ab2.4", "--device", "cpu"), "--runs-dir DIR"),
        (("run", "ab2.4", "--device", "cpu", "--now", "--detach"), "--runs-dir DIR"),
        (("resume", "INTERRUPTED"), COPY),
        (("resume", "QUEUED"), COPY),
        (("export", "FINISHED"), "--to DIR"),
        (("plot", "FINISHED"), "-o"),
        (("label", "FINISHED", "--name", "mine"), ""),
        (("doctor", "FINISHED", "--repair"), ""),
        (("trash", "empty"), ""),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else words,
)
def test_what_writes_says_so_and_what_to_do(
    read_only: Path, tmp_path: Path, words: tuple[str, ...], way_out: str, record_property: Record
) -> None:
    result = call(*_named(words, read_only, tmp_path / "elsewhere"), "--runs-dir", read_only)
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert way_out in result.output
    record_property("read_only_writes", 1)


def _named(words: tuple[str, ...], runs: Path, elsewhere: Path) -> list[str]:
    """Verbs with the runs that they are about."""
    names = {state.upper(): run_in(runs, state).id for state in ("finished", "interrupted", "queued")}
    names |= {"ELSEWHERE": str(elsewhere), "ELSEWHERE.svg": f"{elsewhere}.svg"}
    return [names.get(word, word) for word in words]


def test_a_worker_that_is_offered_a_read_only_run_says_so(read_only: Path) -> None:
    folder = run_in(read_only, "queued")
    answered = subprocess.run(
        [sys.executable, "-m", "tp1tui.worker", folder.path], capture_output=True, text=True, check=False
    )
    assert answered.returncode == WRONG_USAGE
    assert COPY in answered.stderr
    assert "Traceback" not in answered.stderr


async def test_the_screen_shows_a_read_only_run_and_says_why_it_does_not_go_on(read_only: Path) -> None:
    folder = run_in(read_only, "interrupted")
    async with Lab(folder).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        assert "interrupted" in shown(screen, "#head")
        for key, said in (("r", COPY), ("e", "cannot be written"), ("S", "Read-only file system")):
            await pilot.press(key)
            await until_shown(pilot, lambda: any(said in notice.message for notice in pilot.app._notifications))  # noqa: B023 - waited for


# A clock that is set back, or ahead, while a run goes on.

DAY = 86_400.0


def test_a_clock_that_is_set_back_changes_no_figure_and_makes_none_absurd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    spec = spec_of("ab2.4", "epochs=6")
    undisturbed = RunFolder.create(tmp_path / "undisturbed", spec, datetime.now(UTC))
    start(undisturbed).join(PATIENCE)
    folder = RunFolder.create(tmp_path / "runs", spec, datetime.now(UTC))
    clock, asked, began = time.time, 0, time.monotonic()

    def set_back() -> float:
        """A day less each time that it was asked ten times."""
        nonlocal asked
        asked += 1
        return clock() - DAY * (asked // 10)

    with monkeypatch.context() as patched:
        patched.setattr(time, "time", set_back)
        inbox = Inbox(folder)
        with RunLock(folder), PatientJournal(folder, inbox) as journal:
            assert work(folder, journal, "cpu", inbox) == 0
    took = time.monotonic() - began
    assert asked > 30
    record = until_state(folder, "finished")
    assert figures(record) == figures(until_state(undisturbed, "finished"))
    assert all(0 < epoch.seconds <= took for epoch in record.epochs)
    assert all(0 < epoch.images_per_s < math.inf for epoch in record.epochs if epoch.epoch)
    elapsed = [epoch.elapsed for epoch in record.epochs]
    assert elapsed == sorted(elapsed)
    assert 0 < record.elapsed(clock()) <= took
    (summary,) = list_runs(tmp_path / "runs")
    assert 0 < (summary.elapsed or 0.0) <= took
    assert 0 < (summary.epoch_seconds or 0.0) <= took
    record_property("clocks_set_back", asked // 10)


SPEC = run_spec("digits", ["epochs=3"])
EVENTS = list(events(SPEC.experiment, "finished", BEGIN.timestamp()))
TIMES = st.floats(0, 32_503_680_000)


@settings(deadline=None)
@given(st.data())
def test_whatever_the_clock_says_no_duration_is_negative_and_an_epoch_sets_it_right(
    data: st.DataObject,
) -> None:
    record = RunRecord()
    look = Look("run", run_spec("cd18-baseline", ["epochs=4"]), "running", record, 0.0)
    for event in EVENTS:
        record.apply(event.model_copy(update={"time": data.draw(TIMES)}))
        now = replace(look, now=data.draw(TIMES))
        assert now.elapsed >= 0
        assert now.seconds_left is None or 0 <= now.seconds_left < DAY
        assert 0 <= now.progress <= 1
        if isinstance(event, Epoch):
            assert record.elapsed(0.0) == event.elapsed
