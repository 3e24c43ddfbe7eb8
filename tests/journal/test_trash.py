from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import let_go, let_go_of, make_run, make_sweep
from tp1tui.journal import trash
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.listing import list_runs
from tp1tui.journal.lock import RunLock
from tp1tui.journal.tickets import put_in_line
from tp1tui.journal.trash import TRASH, TrashError, bring_back, remove_for_good, throw_away, thrown_away

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def listed(runs_dir: Path) -> list[str]:
    return [run.id for run in list_runs(runs_dir)]


def files(folder: Path) -> dict[str, bytes]:
    """All that lies in a run's folder but for the lock's file."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "worker.lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_what_is_thrown_away_is_listed_no_more_and_comes_back_as_it_was(tmp_path: Path) -> None:
    one, two = make_run(tmp_path, seed=1, epochs=1), make_run(tmp_path, seed=2, epochs=1)
    before = files(one.path)
    thrown = throw_away(tmp_path, [one.path], NOW)
    assert listed(tmp_path) == [two.id]
    assert thrown_away(tmp_path) == [thrown]
    assert (thrown.runs, thrown.sweeps, thrown.at) == ((one.id,), (), NOW)
    bring_back(tmp_path, thrown)
    assert listed(tmp_path) == [two.id, one.id]
    assert files(one.path) == before
    assert thrown_away(tmp_path) == []


def test_a_sweep_goes_and_comes_back_with_its_members(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=["finished", "stopped"])
    members = [folder.path for _, folder in sweep.runs()]
    thrown = throw_away(tmp_path, [*members, sweep.path], NOW)
    assert (thrown.sweeps, len(thrown.runs)) == ((sweep.id,), 5)
    assert not sweep.path.exists()
    assert thrown.text == f"the sweep {sweep.id.partition('_')[2]}"
    bring_back(tmp_path, thrown)
    assert [folder.path for _, folder in sweep.runs()] == members


def test_what_was_thrown_away_last_comes_first(tmp_path: Path) -> None:
    folders = [make_run(tmp_path, seed=seed, epochs=1) for seed in range(3)]
    throw_away(tmp_path, [folders[2].path], NOW)
    throw_away(tmp_path, [folders[0].path, folders[1].path], NOW + timedelta(microseconds=1))
    assert [thrown.text for thrown in thrown_away(tmp_path)] == [
        "2 runs",
        f"the run {folders[2].id.partition('_')[2]}",
    ]


def test_a_run_that_is_trained_stays_and_so_does_all_that_was_to_go_with_it(tmp_path: Path) -> None:
    idle, running = make_run(tmp_path, seed=1, epochs=1), make_run(tmp_path, seed=2, state="running")
    with pytest.raises(TrashError, match="is running, so it cannot be thrown away"):
        throw_away(tmp_path, [idle.path, running.path], NOW)
    assert listed(tmp_path) == [running.id, idle.id]
    assert not (tmp_path / TRASH).exists()
    let_go(running)


def test_a_run_that_is_paused_stays_and_is_said_to_be_paused(tmp_path: Path) -> None:
    paused = make_run(tmp_path, state="paused")
    with pytest.raises(TrashError, match="is paused, so it cannot be thrown away"):
        throw_away(tmp_path, [paused.path], NOW)
    let_go(paused)


def test_a_run_that_waits_in_line_stays(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="queued")
    put_in_line(folder, "cpu")
    with pytest.raises(TrashError, match="waits in line, so it cannot be thrown away"):
        throw_away(tmp_path, [folder.path], NOW)
    assert listed(tmp_path) == [folder.id]


def test_a_sweep_of_which_one_run_goes_on_stays(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=["finished", "running", "finished"])
    with pytest.raises(TrashError, match="is running"):
        throw_away(tmp_path, [sweep.path, *(folder.path for _, folder in sweep.runs())], NOW)
    assert len(sweep.runs()) == 5
    let_go_of(sweep)


def test_a_run_that_a_worker_takes_up_at_that_moment_stays_and_what_had_gone_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle, taken = make_run(tmp_path, seed=1, epochs=1), make_run(tmp_path, seed=2, epochs=1)
    monkeypatch.setattr(trash, "is_held", lambda run: False)
    monkeypatch.setattr("tp1tui.journal.lock._PATIENCE", 0)
    with RunLock(taken), pytest.raises(TrashError, match="is being trained already"):
        throw_away(tmp_path, [idle.path, taken.path], NOW)
    assert listed(tmp_path) == [taken.id, idle.id]
    assert thrown_away(tmp_path) == []


def test_what_has_its_place_taken_meanwhile_stays_in_the_trash(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=1)
    thrown = throw_away(tmp_path, [folder.path], NOW)
    folder.path.mkdir()
    with pytest.raises(TrashError, match="There is another"):
        bring_back(tmp_path, thrown)
    assert thrown_away(tmp_path) == [thrown]


def test_the_trash_is_emptied_for_good(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=["finished"])
    keep, gone = make_run(tmp_path, seed=100, epochs=1), make_run(tmp_path, seed=101, epochs=1)
    throw_away(tmp_path, [sweep.path, *(folder.path for _, folder in sweep.runs())], NOW)
    throw_away(tmp_path, [gone.path], NOW + timedelta(seconds=1))
    assert remove_for_good(tmp_path) == 7
    assert thrown_away(tmp_path) == []
    assert listed(tmp_path) == [keep.id]
    assert remove_for_good(tmp_path) == 0


def test_what_lies_in_the_trash_and_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / TRASH / "notes").mkdir(parents=True)
    assert thrown_away(tmp_path) == []
    assert remove_for_good(tmp_path) == 0
    assert (tmp_path / TRASH / "notes").is_dir()


def test_a_run_that_cannot_be_read_can_be_thrown_away(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=1)
    folder.spec_path.write_text("epochs = ")
    throw_away(tmp_path, [folder.path], NOW)
    assert listed(tmp_path) == []


def test_a_run_that_is_gone_already_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrashError, match=r"Nothing was moved to the trash: No such file or directory\."):
        throw_away(tmp_path, [RunFolder(tmp_path / "gone").path], NOW)
    assert thrown_away(tmp_path) == []


def test_the_trash_is_its_owner_s_only_whatever_the_umask(tmp_path: Path) -> None:
    run = make_run(tmp_path, seed=1, epochs=1)
    before = os.umask(0)
    try:
        thrown = throw_away(tmp_path, [run.path], NOW)
    finally:
        os.umask(before)
    assert [folder.stat().st_mode & 0o777 for folder in (thrown.path.parent, thrown.path)] == [0o700, 0o700]
