"""What those who follow runs make of a folder that goes: what was read stays, and lists drop it."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.builders import let_go, make_run, make_sweep
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.gone import gone, is_gone
from tp1tui.journal.listing import RunLister
from tp1tui.journal.several import RunsFollower
from tp1tui.journal.sweep_record import SweepFollower
from tp1tui.worker import launcher
from tp1tui.worker.line import LineReader
from tp1tui.worker.spawning import LaunchError

pytestmark = pytest.mark.chaos


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "runs", epochs=4, state="running")


def followed(folder: RunFolder) -> Follower:
    follower = Follower(folder)
    follower.poll()
    assert follower.state() == "running"
    assert not follower.is_gone
    return follower


def test_what_was_read_of_a_run_that_is_gone_stays_and_what_comes_after_it_is_back_is_added(folder: RunFolder) -> None:
    follower = followed(folder)
    epochs = len(follower.record.epochs)
    moved = folder.path.rename(folder.path.with_name("moved"))
    let_go(folder)
    follower.poll()
    assert follower.state() == "interrupted"
    assert follower.is_gone
    assert len(follower.record.epochs) == epochs
    moved.rename(folder.path)
    assert not follower.poll()
    assert not follower.is_gone
    assert len(follower.record.epochs) == epochs


@pytest.mark.parametrize("fault", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EACCES])
def test_a_disk_that_fails_does_not_say_that_a_run_is_gone(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    def failing(path: Any, **_named: Any) -> os.stat_result:
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", failing)
        assert not is_gone(folder)
    let_go(folder)


def test_a_run_that_has_lost_one_of_its_files_is_there(folder: RunFolder) -> None:
    let_go(folder)
    spec = folder.spec_path.read_bytes()
    folder.spec_path.unlink()
    assert not is_gone(folder)
    folder.spec_path.write_bytes(spec)
    folder.journal_path.unlink()
    assert not is_gone(folder)
    folder.spec_path.unlink()
    assert is_gone(folder)  # what an earlier program may have left: checkpoints, and nothing that says of what


def test_lists_and_the_line_drop_it_without_a_word(folder: RunFolder) -> None:
    runs = folder.path.parent
    other = make_run(runs, epochs=4, seed=1)
    lister, line = RunLister(runs), LineReader(runs, ("cpu",))
    assert {run.id for run in lister.refresh()} == {folder.id, other.id}
    assert [standing.run.id for standing in line.read()[0].going] == [folder.id]
    shutil.rmtree(folder.path)
    let_go(folder)
    assert [(run.id, run.problem) for run in lister.refresh()] == [(other.id, None)]
    assert line.read()[0].going == ()
    shutil.rmtree(runs)
    assert lister.refresh() == []
    assert line.read()[0].going == ()


def test_among_several_runs_it_is_left_out_and_told_until_it_is_back(tmp_path: Path) -> None:
    folders = [make_run(tmp_path, epochs=4, state="interrupted", seed=seed) for seed in range(2)]
    follower = RunsFollower(folders)
    follower.poll()
    assert [seen.folder for seen in follower.runs] == folders
    moved = folders[0].path.rename(tmp_path / "moved")
    assert follower.poll()
    assert [seen.folder for seen in follower.runs] == folders[1:]
    assert follower.troubles == [gone(folders[0])]
    assert not follower.poll()
    moved.rename(folders[0].path)
    assert follower.poll()
    assert [seen.folder for seen in follower.runs] == folders
    assert follower.troubles == []


def test_a_sweep_goes_on_without_a_member_that_is_gone(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=["finished", "interrupted"])
    follower = SweepFollower(sweep)
    follower.poll()
    _, member = sweep.runs()[1]
    shutil.rmtree(member.path)
    follower.poll()
    assert member not in [seen.folder for seen in follower.members]
    assert len(follower.members) == 4
    assert follower.troubles == [gone(member)]


def test_no_worker_is_started_for_it(folder: RunFolder) -> None:
    shutil.rmtree(folder.path)
    let_go(folder)
    with pytest.raises(LaunchError, match=r"is gone: it was moved or removed\."):
        launcher.resume(folder, "cpu", lambda *_: pytest.fail("a standby worker was asked"))
    assert not folder.path.exists()
