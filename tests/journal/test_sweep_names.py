"""What a name stands for where sweeps and their members lie beside runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders import make_run, make_sweep
from tp1tui.journal.folder import RunFolderError, short_name
from tp1tui.journal.listing import UnknownRun, find_run


def test_a_sweep_s_name_stands_for_the_sweep_not_for_its_members(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=("finished",))
    for name in (sweep.id, short_name(sweep.id), "digits", "hhhh", str(sweep.path)):
        assert find_run(name, tmp_path) == sweep


def test_a_member_has_its_own_name(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=("finished",))
    member = sweep.runs()[2][1]
    for name in (member.id, short_name(member.id), "hhhh-3", str(member.path)):
        assert find_run(name, tmp_path) == member


def test_a_text_that_a_run_and_a_sweep_have_stands_for_neither(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=("finished",))
    run = make_run(tmp_path, "digits", epochs=2)
    with pytest.raises(UnknownRun, match="2 runs have 'digits' in their name") as told:
        find_run("digits", tmp_path)
    assert sweep.id in str(told.value)
    assert run.id in str(told.value)
    assert find_run(short_name(run.id), tmp_path) == run


def test_members_whose_sweep_was_deleted_are_runs_like_others(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=("finished",))
    shutil.rmtree(sweep.path)
    with pytest.raises(UnknownRun, match="5 runs"):
        find_run("digits", tmp_path)
    assert find_run("hhhh-1", tmp_path).id.endswith("hhhh-1")


def test_a_spoilt_sweep_is_told(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=("finished",))
    sweep.spec_path.write_text("title = 3")
    with pytest.raises(RunFolderError, match=r"sweep\.toml"):
        find_run(sweep.id, tmp_path)
