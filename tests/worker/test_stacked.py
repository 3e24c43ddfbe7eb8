"""Runs that train together, as their journals tell: each as it would be alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch

from tests.endings import end_all
from tests.waiting import until, until_state
from tests.worker.conftest import spec_of
from tp1tui.engine.stack import Stack
from tp1tui.journal.commands import Command, Pause, Resume, Stop, SwitchTo, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import RunLock, is_held
from tp1tui.journal.record import RunRecord
from tp1tui.journal.state import RunState
from tp1tui.journal.tickets import put_in_line, ticket_of
from tp1tui.worker import launcher, stacked, together
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.spawning import LaunchError

pytestmark = pytest.mark.usefixtures("one_thread")

CIRCLES = ("ab2.4", "epochs=12")
DIGITS = ("digits", "epochs=3", "dataset.train_examples=200", "dataset.test_examples=100", "dropout.enabled=true")
REL = 1e-3
"""Of losses: sums are taken in another order, and the weights carry it on."""


@pytest.fixture
def runs_dir(tmp_path: Path) -> Iterator[Path]:
    runs = tmp_path / "runs"
    yield runs
    end_all(runs)


def made(runs_dir: Path, preset: str, *changes: str) -> RunFolder:
    return RunFolder.create(runs_dir, spec_of(preset, *changes), datetime.now().astimezone())


def waiting(runs_dir: Path, count: int, preset: str, *changes: str) -> list[RunFolder]:
    folders = [made(runs_dir, preset, *changes, f"seed={seed}") for seed in range(count)]
    for place, folder in enumerate(folders):
        put_in_line(folder, "cpu", place)
    return folders


def seen(folder: RunFolder) -> tuple[RunState, RunRecord]:
    follower = Follower(folder)
    follower.poll()
    return follower.state(), follower.record


def work_together(folders: Sequence[RunFolder], serve: Callable[[Path], object] = lambda _: None) -> int:
    """Do as the worker of several runs does, in this process."""
    with ExitStack() as held, patch.object(together, "serve_line", serve):
        taken = [one for folder in folders if (one := together.take(folder.path, held))]
        return together.work(taken, "cpu")


def work_alone(folder: RunFolder) -> RunRecord:
    inbox = Inbox(folder)
    with RunLock(folder), PatientJournal(folder, inbox) as journal:
        prepare(folder, folder.spec().experiment, journal, "cpu", inbox).run()
    return seen(folder)[1]


def assert_same_figures(found: RunRecord, expected: RunRecord, rel: float = REL) -> None:
    assert list(found.losses) == pytest.approx(list(expected.losses), rel=rel, abs=1e-6)
    assert list(found.batch_top1) == pytest.approx(list(expected.batch_top1))
    for mine, its in zip(found.epochs, expected.epochs, strict=True):
        left, right = (
            epoch.model_dump(
                exclude={"time", "images_per_s", "seconds", "elapsed", "test_top1_by_class"}, exclude_none=True
            )
            for epoch in (mine, its)
        )
        assert left == pytest.approx(right, rel=rel)
        assert mine.test_top1_by_class == pytest.approx(its.test_top1_by_class)


def after_steps(steps: int, act: Callable[[], object]) -> Callable[..., tuple[torch.Tensor, torch.Tensor]]:
    """In the place of a stack's update: does something once the stack has made so many steps."""
    update, count = Stack.update, [0]

    def counting(stack: Stack, *arguments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        done = update(stack, *arguments)
        count[0] += 1
        if count[0] == steps:
            act()
        return done

    return counting


@pytest.mark.parametrize("settings", [CIRCLES, DIGITS])
def test_each_journal_is_that_of_the_run_alone(runs_dir: Path, tmp_path: Path, settings: tuple[str, ...]) -> None:
    folders = waiting(runs_dir, 3, *settings)
    assert work_together(folders) == 0
    for seed, folder in enumerate(folders):
        state, record = seen(folder)
        assert state == "finished"
        assert record.warnings == []
        assert ticket_of(folder) is None
        assert_same_figures(record, work_alone(made(tmp_path / "alone", *settings, f"seed={seed}")))
        assert {path.name for path in folder.checkpoints_dir.iterdir()} == {"last.pt", "previous.pt", "best.pt"}


@pytest.fixture
def always_attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are looked at after every step, however long the disk took at the last one."""
    monkeypatch.setattr(stacked, "ATTEND_EVERY", 0.0)
    monkeypatch.setattr(stacked, "LOOK_EVERY", 0.0)
    monkeypatch.setattr("tp1tui.worker.session.ATTEND_AT_LATEST", 0.0)


@pytest.mark.usefixtures("always_attentive")
def test_a_run_that_is_stopped_ends_and_the_others_go_on(runs_dir: Path, tmp_path: Path) -> None:
    folders = waiting(runs_dir, 3, *DIGITS)
    with patch.object(Stack, "update", after_steps(9, lambda: send(folders[1], Stop()))):
        assert work_together(folders) == 0
    assert [seen(folder)[0] for folder in folders] == ["finished", "stopped", "finished"]
    assert seen(folders[1])[1].step == 9
    for seed in (0, 2):
        alone = work_alone(made(tmp_path / "alone", *DIGITS, f"seed={seed}"))
        assert_same_figures(seen(folders[seed])[1], alone)
    assert_same_figures(work_alone(folders[1]), work_alone(made(tmp_path / "alone", *DIGITS, "seed=1")))


@pytest.mark.usefixtures("always_attentive")
@pytest.mark.parametrize(
    "asked",
    [[Pause(), Resume()], [SwitchTo(switch="augmentation", on=True)], [SwitchTo(switch="dropout", on=False)]],
)
def test_what_one_run_is_asked_is_its_own_matter(runs_dir: Path, tmp_path: Path, asked: list[Command]) -> None:
    folders = waiting(runs_dir, 3, *DIGITS)

    def ask() -> None:
        for command in asked:
            send(folders[1], command)

    with patch.object(Stack, "update", after_steps(9, ask)):
        assert work_together(folders) == 0
    assert [seen(folder)[0] for folder in folders] == ["finished"] * 3
    for seed in (0, 2):
        alone = work_alone(made(tmp_path / "alone", *DIGITS, f"seed={seed}"))
        assert_same_figures(seen(folders[seed])[1], alone)
    record = seen(folders[1])[1]
    assert record.step == 21
    assert [change.step for change in record.changes] == [9] * isinstance(asked[0], SwitchTo)


@pytest.mark.usefixtures("always_attentive")
def test_a_run_that_stands_still_holds_up_no_other_and_goes_on_by_itself(runs_dir: Path, tmp_path: Path) -> None:
    folders = waiting(runs_dir, 2, *DIGITS)
    states: list[RunState] = []
    obey = stacked.Session.obey

    def obeying(session: stacked.Session) -> None:
        if session.is_paused and seen(folders[0])[0] == "finished":
            states.append(seen(folders[1])[0])
            send(folders[1], Resume())
        obey(session)

    with (
        patch.object(Stack, "update", after_steps(9, lambda: send(folders[1], Pause()))),
        patch.object(stacked.Session, "obey", obeying),
    ):
        assert work_together(folders) == 0
    assert states == ["paused"]
    record = seen(folders[1])[1]
    assert seen(folders[1])[0] == "finished"
    assert_same_figures(record, work_alone(made(tmp_path / "alone", *DIGITS, "seed=1")))


@pytest.mark.usefixtures("always_attentive")
def test_a_signal_leaves_all_of_them_ready_to_be_resumed(runs_dir: Path, tmp_path: Path) -> None:
    folders = waiting(runs_dir, 2, *DIGITS)
    inboxes: list[Inbox] = []
    begin = Inbox.__init__

    def noted(inbox: Inbox, folder: RunFolder) -> None:
        begin(inbox, folder)
        inboxes.append(inbox)

    def leave() -> None:
        for inbox in inboxes:
            inbox.leave = True

    with patch.object(Inbox, "__init__", noted), patch.object(Stack, "update", after_steps(9, leave)):
        assert work_together(folders) == 0
    for seed, folder in enumerate(folders):
        state, record = seen(folder)
        assert (state, record.step) == ("interrupted", 9)
        assert_same_figures(work_alone(folder), work_alone(made(tmp_path / "alone", *DIGITS, f"seed={seed}")))


def test_a_step_that_fails_sends_each_back_to_the_line_to_go_on_alone(runs_dir: Path) -> None:
    folders = waiting(runs_dir, 2, *CIRCLES)

    def fail() -> None:
        raise torch.OutOfMemoryError("there is no more")

    held_when_served: list[bool] = []
    with patch.object(Stack, "update", after_steps(30, fail)):
        work_together(folders, lambda _: held_when_served.extend(map(is_held, folders)))
    assert held_when_served == [False, False]
    for folder in folders:
        state, record = seen(folder)
        assert state == "queued"
        assert record.last is not None
        assert record.last.epoch == 1
        assert "This run goes on alone" in record.warnings[0]
        assert ticket_of(folder) is not None


@pytest.mark.usefixtures("always_attentive")
def test_what_goes_back_to_the_line_is_served_while_another_stands_still(runs_dir: Path) -> None:
    folders = waiting(runs_dir, 3, *DIGITS)
    served: list[Path] = []
    served_by_look: list[bool] = []
    update, obey, made = Stack.update, stacked.Session.obey, [0]

    def updating(stack: Stack, *arguments: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        made[0] += 1
        if made[0] == 9:
            send(folders[1], Pause())
        if made[0] == 12:
            raise torch.OutOfMemoryError("there is no more")
        return update(stack, *arguments)

    def obeying(session: stacked.Session) -> None:
        if session.is_paused and made[0] >= 12:
            served_by_look.append(bool(served))
            send(folders[1], Stop())
        obey(session)

    with patch.object(Stack, "update", updating), patch.object(stacked.Session, "obey", obeying):
        work_together(folders, served.append)
    assert served == [runs_dir]
    assert served_by_look[0]
    assert [seen(folder)[0] for folder in folders] == ["queued", "stopped", "queued"]


def test_where_nobody_can_be_found_to_serve_the_line_the_worker_goes_on(
    runs_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(runs_dir: Path) -> None:
        raise LaunchError("Nothing can be started.")

    with patch.object(stacked, "Stack", side_effect=MemoryError):
        assert work_together(waiting(runs_dir, 2, *CIRCLES), refuse) == 0
    assert "Nothing can be started." in capsys.readouterr().err


def test_on_a_slow_disk_all_of_them_together_write_less_often(runs_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is counted: a step takes a fifth of a second, and so does what each of them writes."""
    folders = waiting(runs_dir, 3, *DIGITS)
    clock, attended = [0.0], [0]
    attend = stacked.Session.attend

    def tick() -> float:
        return clock[0]

    def slow(session: stacked.Session) -> None:
        attended[0] += 1
        attend(session)
        clock[0] += 0.2
        session._journal.seconds += 0.2

    def step(update: Callable[..., tuple[torch.Tensor, torch.Tensor]]) -> Callable[..., Any]:
        def stepping(*arguments: Any) -> tuple[torch.Tensor, torch.Tensor]:
            clock[0] += 0.2
            return update(*arguments)

        return stepping

    monkeypatch.setattr(stacked.time, "monotonic", tick)
    monkeypatch.setattr(stacked.Session, "attend", slow)
    monkeypatch.setattr(Stack, "update", step(Stack.update))
    assert work_together(folders) == 0
    assert attended[0] == 3  # all of them once, and then not before five seconds are over: the run has 21 steps


def test_without_room_for_a_stack_each_goes_back_to_the_line(runs_dir: Path) -> None:
    folders = waiting(runs_dir, 2, *CIRCLES)
    with patch.object(stacked, "Stack", side_effect=MemoryError):
        assert work_together(folders) == 0
    for folder in folders:
        state, record = seen(folder)
        assert state == "queued"
        assert "There is not enough memory for all. This run goes on alone." in record.warnings[0]
        assert ticket_of(folder) is not None


def test_where_torch_cannot_be_imported_each_journal_says_so(runs_dir: Path) -> None:
    folders = waiting(runs_dir, 2, *CIRCLES)
    with patch.dict(sys.modules, {"tp1tui.worker.stacked": None}):
        assert work_together(folders) == 1
    for folder in folders:
        state, record = seen(folder)
        assert state == "failed"
        assert record.failed is not None
        assert "torch cannot be used here" in record.failed.reason


def test_a_run_with_troubles_of_its_own_ends_alone(runs_dir: Path) -> None:
    folders = waiting(runs_dir, 3, *CIRCLES)
    (folders[1].checkpoints_dir).rmdir()
    folders[1].checkpoints_dir.write_text("in the way")
    assert work_together(folders) == 1
    assert [seen(folder)[0] for folder in folders] == ["finished", "failed", "finished"]
    assert "Traceback" in folders[1].log_path.read_text()


def test_a_run_that_diverges_says_so_and_disturbs_no_other(runs_dir: Path, tmp_path: Path) -> None:
    folders = [made(runs_dir, *CIRCLES, f"optimizer.lr={lr}") for lr in (0.1, 1e38, 0.3)]
    for folder in folders:
        put_in_line(folder, "cpu")
    work_together(folders)
    assert [warned.topic for warned in seen(folders[1])[1].warned] == ["not-finite"]
    for lr, folder in ((0.1, folders[0]), (0.3, folders[2])):
        alone = work_alone(made(tmp_path / "alone", *CIRCLES, f"optimizer.lr={lr}"))
        assert_same_figures(seen(folder)[1], alone)


def test_runs_that_somebody_has_that_were_begun_or_that_wait_no_more_are_left_alone(runs_dir: Path) -> None:
    folders = waiting(runs_dir, 4, *CIRCLES)
    folders[1].journal_path.touch()
    (folders[2].path / "ticket.json").unlink()
    with RunLock(folders[3]), patch("tp1tui.journal.lock._PATIENCE", 0.0), ExitStack() as held:
        taken = [together.take(folder.path, held) for folder in folders]
        assert [one is not None for one in taken] == [True, False, False, False]
        assert ticket_of(folders[1]) is not None
        assert ticket_of(folders[3]) is not None
    assert not any(is_held(folder) for folder in folders)


def test_killed_they_are_interrupted_and_each_is_resumed_by_an_ordinary_worker(runs_dir: Path) -> None:
    folders = waiting(runs_dir, 2, "ab2.4", "epochs=100000")
    command = [sys.executable, "-m", "tp1tui.worker.together", *(str(folder.path) for folder in folders)]
    process = subprocess.Popen([*command, "--device", "cpu"])
    until(lambda: all(len(seen(folder)[1].epochs) > 1 for folder in folders), "an epoch of both")
    assert [seen(folder)[0] for folder in folders] == ["running"] * 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = [until_state(folder, "interrupted") for folder in folders]
    launcher.resume(folders[0], "cpu")
    until(lambda: seen(folders[0])[1].step > before[0].step + 20, "steps of the resumed run")
    assert seen(folders[0])[1].resumes == 1
