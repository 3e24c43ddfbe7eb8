"""Who may write where runs lie: nobody but their owner."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import make_run, run_spec
from tp1tui.files import private
from tp1tui.files.private import intruders
from tp1tui.journal.commands import BadCommand, Stop, send, take
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.lock import RunLock
from tp1tui.worker.launcher import resume
from tp1tui.worker.spawning import LaunchError

STRANGER = os.getuid() + 1


@pytest.mark.parametrize(("mode", "said"), [(0o700, None), (0o755, None), (0o777, "Everybody"), (0o1777, "Everybody")])
def test_a_folder_is_private_when_nobody_else_may_write(tmp_path: Path, mode: int, said: str | None) -> None:
    tmp_path.chmod(mode)
    found = intruders(tmp_path)
    assert found is None if said is None else said in str(found)


def test_a_group_may_write_only_when_it_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o770)
    monkeypatch.setattr(private, "_group", lambda number: private._user(os.getuid()))
    assert intruders(tmp_path) is None
    monkeypatch.setattr(private, "_group", lambda number: "students")
    assert "The group students may write" in str(intruders(tmp_path))


def test_somebody_elses_run_is_not_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_run(tmp_path, state="interrupted")
    monkeypatch.setattr(os, "getuid", lambda: STRANGER)
    with pytest.raises(RunFolderError, match="it can be looked at, not worked on"):
        RunLock(folder).acquire()
    with pytest.raises(LaunchError, match="not worked on"):
        resume(folder)


def test_no_run_is_made_where_everybody_may_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(RunFolderError, match="chmod go-w"):
        RunFolder.create(tmp_path, run_spec("digits"), datetime.now(UTC))
    assert list(tmp_path.iterdir()) == []


def test_in_a_folder_for_all_that_keeps_them_apart_runs_are_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    folder = RunFolder.create(tmp_path, run_spec("digits"), datetime.now(UTC))
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_a_run_in_which_everybody_may_write_is_not_worked_on(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="interrupted")
    folder.path.chmod(0o777)
    with pytest.raises(RunFolderError, match="chmod go-w"):
        RunLock(folder).acquire()
    folder.path.chmod(0o700)
    folder.commands_dir.chmod(0o777)
    with pytest.raises(RunFolderError, match="chmod go-w"):
        RunLock(folder).acquire()


def test_a_command_of_somebody_else_is_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_run(tmp_path)
    send(folder, Stop())
    monkeypatch.setattr(os, "getuid", lambda: STRANGER)
    (told,) = take(folder)
    assert isinstance(told, BadCommand)
    assert take(folder) == []
