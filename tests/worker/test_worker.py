"""Real worker processes on small real runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.measured import figures
from tests.waiting import until, until_record, until_state
from tests.worker.conftest import StartRun, pid_of, spec_of
from tp1tui.journal.commands import Command, Pause, Resume, Stop, SwitchTo, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.state import RunState
from tp1tui.worker import launcher
from tp1tui.worker.spawning import LaunchError

LONG = "epochs=100000"
"""More than any test waits for."""


def test_a_run_goes_from_epoch_zero_to_finished(start_run: StartRun) -> None:
    folder = start_run("ab2.4", "epochs=4")
    record = until_state(folder, "finished", "failed")
    assert record.failed is None
    assert [epoch.epoch for epoch in record.epochs] == [0, 1, 2, 3, 4]
    assert [epoch.step for epoch in record.epochs] == [0, 20, 40, 60, 80]
    assert len(record.losses) == len(record.batch_top1) == 80
    assert record.started is not None
    assert record.started.device == "cpu"
    assert record.started.steps_per_epoch == 20
    assert {"python", "torch", "tp1tui"} <= record.started.versions.keys()
    assert {path.name for path in folder.checkpoints_dir.iterdir()} == {"last.pt", "previous.pt", "best.pt"}
    assert folder.log_path.read_text() == ""


def test_the_worker_has_a_session_of_its_own_and_shrugs_off_a_hangup(start_run: StartRun) -> None:
    folder = start_run("ab2.4", LONG)
    before = until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    pid = pid_of(folder)
    assert os.getsid(pid) == pid != os.getsid(0)
    os.kill(pid, signal.SIGHUP)
    until_record(folder, lambda record: record.step > before.step + 100, "training after SIGHUP")


def test_pause_holds_the_place_and_resume_goes_on(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, Pause())
    paused = until_state(folder, "paused")
    send(folder, Resume())
    resumed = until_record(folder, lambda record: record.step > paused.step, "a step after the pause")
    assert resumed.resumes == 0
    assert list(resumed.losses[: len(paused.losses)]) == list(paused.losses)


def test_stop_ends_a_run_and_resume_takes_it_up_again(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, Stop())
    stopped = until_state(folder, "stopped")
    launcher.resume(folder)
    again = until_record(folder, lambda record: record.step > stopped.step, "a step after the stop")
    assert again.resumes == 1
    assert list(again.losses[: stopped.step]) == list(stopped.losses)


def test_stop_is_obeyed_while_paused(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, Pause())
    until_state(folder, "paused")
    send(folder, Stop())
    until_state(folder, "stopped")


def test_a_run_whose_experiment_was_edited_says_so_and_does_not_go_on_as_another(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, Stop())
    until_state(folder, "stopped")
    assert Follower(folder).troubles == []
    asked = folder.spec_path.read_text()
    folder.spec_path.write_text(asked.replace("seed = 0", "seed = 1"))
    launcher.resume(folder)
    failed = until_state(folder, "failed").failed
    assert failed is not None
    assert failed.reason.startswith(f"The experiment.toml of {folder.id} was changed since the run began. Put it back")
    follower = Follower(folder)
    follower.poll()
    assert "Its figures are of what it said then." in follower.troubles[0]
    folder.spec_path.write_text(asked)
    follower.poll()
    assert follower.troubles == []
    launcher.resume(folder)
    until(lambda: follower.poll() and follower.record.resumes == 1, "the run to go on")


def together(folder: RunFolder, *asked: Command) -> None:
    """Give commands that the worker will find all at once."""
    aside = folder.path / "aside"
    folder.commands_dir.rename(aside)
    for command in asked:
        send(RunFolder(folder.path), command)
    gathered = folder.commands_dir
    for path in gathered.iterdir():
        path.rename(aside / path.name)
    gathered.rmdir()
    aside.rename(gathered)


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        ([Pause(), Resume()], "running"),
        ([Pause(), Stop()], "stopped"),
        ([Pause(), Resume(), Pause()], "paused"),
        ([Stop(), Resume()], "stopped"),
        ([Pause(), SwitchTo(switch="dropout", on=True), Stop()], "stopped"),
    ],
)
def test_commands_given_in_one_breath_are_obeyed_in_order(
    fork_run: StartRun, asked: list[Command], state: RunState
) -> None:
    folder = fork_run("digits", LONG)
    seen = until_record(folder, lambda record: record.step > 0, "a step")
    together(folder, *asked)
    until(lambda: not list(folder.commands_dir.glob("*.json")), "the commands to be taken")
    if state == "running":
        until_record(folder, lambda record: record.step > seen.step + 50, "training after all of them")
    record = until_state(folder, state)
    assert len(record.changes) == sum(isinstance(command, SwitchTo) for command in asked)


def test_a_file_of_the_student_s_is_not_taken_for_a_module(
    start_run: StartRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('this is not the random that was meant')")
    monkeypatch.chdir(tmp_path)
    record = until_state(start_run("ab2.4", "epochs=1"), "finished", "failed")
    assert record.failed is None


def test_a_damaged_first_line_hides_no_epoch_of_a_resumed_run(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: len(record.epochs) > 3, "three epochs")
    os.kill(pid_of(folder), signal.SIGKILL)
    before = until_state(folder, "interrupted")
    content = folder.journal_path.read_bytes()
    folder.journal_path.write_bytes(content.replace(b'"kind":"started"', b'"kind":"startle"', 1))
    launcher.resume(folder, "cpu")
    record = until_record(folder, lambda record: record.step > before.step + 20, "steps after the resume")
    assert [epoch.epoch for epoch in record.epochs[:4]] == [0, 1, 2, 3]
    assert list(record.losses[:60]) == list(before.losses[:60])


def test_switches_are_journaled_where_they_happen_and_survive_an_interruption(fork_run: StartRun) -> None:
    folder = fork_run("digits", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, SwitchTo(switch="dropout", on=True))
    changed = until_record(folder, lambda record: bool(record.changes), "the switch")
    assert [(change.switch, change.old, change.new) for change in changed.changes] == [("dropout", False, True)]
    assert changed.started is not None
    assert changed.changes[0].epoch == changed.changes[0].step / changed.started.steps_per_epoch
    done = until_record(
        folder,
        lambda record: record.last is not None and record.last.step > record.changes[0].step,
        "the epoch of the switch",
    )
    assert done.last is not None
    assert done.last.dropout
    os.kill(pid_of(folder), signal.SIGKILL)
    until_state(folder, "interrupted")
    launcher.resume(folder)
    resumed = until_record(folder, lambda record: record.resumes == 1 and record.step > done.step, "the resume")
    assert len(resumed.changes) == 1
    assert resumed.last is not None
    assert resumed.last.dropout


def test_a_switch_that_cannot_be_flipped_is_refused_in_a_sentence(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, SwitchTo(switch="augmentation", on=True))
    send(folder, SwitchTo(switch="batchnorm", on=True))
    record = until_record(folder, lambda record: len(record.warnings) == 2, "two warnings")
    assert "augmentation" in record.warnings[0]
    assert "cannot be switched while a run is going" in record.warnings[1]


def test_a_foreign_file_among_the_commands_is_told_and_not_obeyed(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    (folder.commands_dir / "0-stop.json").write_text("stop!")
    record = until_record(folder, lambda record: bool(record.warnings), "the warning")
    assert "is no command" in record.warnings[0]


@pytest.mark.parametrize("how", [pytest.param(signal.SIGTERM, marks=pytest.mark.long), signal.SIGKILL])
def test_an_interrupted_run_ends_with_the_figures_of_an_undisturbed_one(fork_run: StartRun, how: int) -> None:
    settings = ("epochs=6", "dropout.enabled=true", "batchnorm.enabled=true", "dataset.train_examples=600")
    undisturbed = until_state(fork_run("digits", *settings), "finished", "failed")
    folder = fork_run("digits", *settings)
    until_record(folder, lambda record: len(record.epochs) > 2, "two epochs")
    os.kill(pid_of(folder), how)
    until_state(folder, "interrupted", "finished")
    launcher.resume(folder)
    record = until_state(folder, "finished", "failed")
    assert record.failed is None
    assert figures(record) == figures(undisturbed)


def test_a_stop_that_a_dead_worker_never_took_does_not_end_the_next_one(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    os.kill(pid_of(folder), signal.SIGKILL)
    dead = until_state(folder, "interrupted")
    send(folder, Stop())
    launcher.resume(folder)
    until_record(folder, lambda record: record.step > dead.step + 100, "steps of the next worker")


def test_a_torn_last_line_is_cut_off_and_told(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    os.kill(pid_of(folder), signal.SIGKILL)
    until_state(folder, "interrupted")
    with folder.journal_path.open("ab") as journal:
        journal.write(b'{"kind":"epo')
    launcher.resume(folder)
    record = until_record(folder, lambda record: record.resumes == 1, "the resume")
    assert "12 bytes of it were cut off" in record.warnings[0]


def test_two_workers_offered_one_run_do_not_both_take_it(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    with pytest.raises(LaunchError, match="is being worked on already"):
        launcher.resume(folder)
    second = subprocess.run(
        [sys.executable, "-m", "tp1tui.worker", str(folder.path)], capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert f"is being trained already, by process {pid_of(folder)}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_dataset_that_cannot_be_had_fails_the_run_with_the_way_out(
    fork_run: StartRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    for name, size in (("train_images", 3), ("train_labels", 3), ("test_images", 3), ("test_labels", 3)):
        (data / "cifar10").mkdir(parents=True, exist_ok=True)
        (data / "cifar10" / f"{name}.uint8").write_bytes(b"\0" * size)
    monkeypatch.setenv("TP1TUI_DATA", str(data))
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    folder = fork_run("cd18")
    record = until_state(folder, "failed", "finished")
    assert record.failed is not None
    assert "tp1tui data import PATH" in record.failed.reason


def test_a_device_that_is_not_there_fails_the_run_in_a_sentence(tmp_path: Path) -> None:
    folder = launcher.start(spec_of("ab2.4"), tmp_path, "cuda:99")
    record = until_state(folder, "failed", "finished")
    assert record.failed is not None
    assert "--device cuda:99" in record.failed.reason


def test_a_device_that_has_no_such_name_is_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="There is no device 'tpu'"):
        launcher.start(spec_of("ab2.4"), tmp_path / "runs", "tpu")
    assert not (tmp_path / "runs").exists()


def test_a_runs_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LaunchError, match="--runs-dir"):
        launcher.start(spec_of("ab2.4"), tmp_path / "file" / "runs", "cpu")


def test_the_worker_refuses_a_folder_that_is_no_run(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tp1tui.worker", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert "is not a run's folder" in answer.stderr


def test_the_launcher_needs_no_torch() -> None:
    probe = "import sys, tp1tui.worker.launcher; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_journal_and_run_folder_are_private(fork_run: StartRun) -> None:
    folder: RunFolder = fork_run("ab2.4", "epochs=1")
    until_state(folder, "finished", "failed")
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert folder.journal_path.stat().st_mode & 0o077 == 0
