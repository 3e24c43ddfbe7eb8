"""The trash from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import let_go, make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tp1tui.journal.folder import short_name
from tp1tui.journal.trash import thrown_away


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def test_a_run_is_thrown_away_listed_and_brought_back(runs: Path) -> None:
    folder = make_run(runs, epochs=1)
    assert "The trash is empty." in answer("trash", "list", "--runs-dir", runs)
    assert f"Moved the run {short_name(folder.id)} to the trash." in answer("trash", "add", "cd18", "--runs-dir", runs)
    assert short_name(folder.id) in answer("trash", "list", "--runs-dir", runs)
    assert json.loads(answer("trash", "list", "--runs-dir", runs, "--json"))[0]["runs"] == [folder.id]
    assert json.loads(answer("runs", "--runs-dir", runs, "--json")) == []
    assert f"Brought back the run {short_name(folder.id)}" in answer("trash", "restore", "--runs-dir", runs)
    assert folder.path.exists()


def test_restore_takes_the_last_or_the_one_that_is_named(runs: Path) -> None:
    one, two = make_run(runs, epochs=1, seed=1), make_run(runs, "digits", epochs=1, seed=2)
    sweep = make_sweep(runs, states=["finished"], epochs=1)
    for name in (one.id, sweep.id, two.id):
        answer("trash", "add", name, "--runs-dir", runs)
    assert "2 times" in refusal(2, "trash", "restore", "digits", "--runs-dir", runs)
    assert "Nothing in the trash has 'cd99'" in refusal(2, "trash", "restore", "cd99", "--runs-dir", runs)
    answer("trash", "restore", "cd18", "--runs-dir", runs)
    assert one.path.exists()
    answer("trash", "restore", "--runs-dir", runs)
    assert two.path.exists()
    assert not sweep.path.exists()
    assert "Brought back the sweep" in answer("trash", "restore", "--runs-dir", runs)
    assert len(sweep.runs()) == 5
    assert "The trash is empty, so" in refusal(1, "trash", "restore", "--runs-dir", runs)


def test_empty_asks_before_it_removes_for_good(runs: Path) -> None:
    folder = make_run(runs, epochs=1)
    answer("trash", "add", folder.id, "--runs-dir", runs)
    assert call("trash", "empty", "--runs-dir", runs).exit_code == 1
    assert len(thrown_away(runs)) == 1
    assert "Removed 1 run for good." in answer("trash", "empty", "--yes", "--runs-dir", runs)
    assert thrown_away(runs) == []
    assert "The trash is empty." in answer("trash", "empty", "--runs-dir", runs)


def test_a_run_that_is_trained_is_refused(runs: Path) -> None:
    folder = make_run(runs, state="running")
    assert "is running, so it cannot be thrown away." in refusal(1, "trash", "add", folder.id, "--runs-dir", runs)
    let_go(folder)
