from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import let_go_of, make_sweep
from tp1tui.journal.csv_files import ExportError
from tp1tui.journal.sweep_export import export_sweep
from tp1tui.journal.sweep_record import SweepFollower

TWO = ("optimizer.lr=0.1,0.01", "batch_size=32,64")


def test_a_sweep_over_one_number_is_four_files_in_its_own_folder(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path)
    files = export_sweep(sweep)
    let_go_of(sweep)
    assert [file.name for file in files] == ["points.csv", "members.csv", "epochs.csv", "final-error.csv"]
    assert all(file.parent == sweep.path for file in files)
    points = pd.read_csv(files[0])
    assert list(points["optimizer.lr"]) == [0.003, 0.02, 1, 0.05, 0.1]
    assert list(points["state"]) == ["finished", "finished", "finished", "running", "queued"]
    assert math.isnan(points["final test loss"][2])


def test_members_and_epochs_have_every_run(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, vary=TWO, seeds=2, states=("finished",), epochs=3)
    _, members_csv, epochs_csv, *_ = export_sweep(sweep, tmp_path / "out")
    members, epochs = pd.read_csv(members_csv), pd.read_csv(epochs_csv)
    follower = SweepFollower(sweep)
    follower.poll()
    assert len(members) == 8
    assert list(members["seed"]) == [0, 1] * 4
    assert len(epochs) == 8 * 4
    first = epochs[epochs["run"] == members["run"][0]]
    assert list(first["epoch"]) == [0, 1, 2, 3]
    assert list(first["test_top1"]) == pytest.approx([e.test_top1 for e in follower.members[0].record.epochs])
    assert set(epochs["point"]) == {member.run.member for member in follower.members}


def test_two_fields_give_the_matrices_that_one_sees(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, vary=TWO, states=("finished", "finished", "finished", "queued"))
    files = {file.name: file for file in export_sweep(sweep)}
    best = pd.read_csv(files["heat-best-test-top1.csv"], index_col=0)
    assert list(best.columns) == ["32", "64"]
    assert list(best.index) == [0.1, 0.01]
    points = pd.read_csv(files["points.csv"])
    assert best["64"][0.1] == points["best test top-1 (%)"][1]
    assert math.isnan(best["64"][0.01])
    assert "heat-final-test-top1.csv" in files


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=("finished",))
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="--to DIR"):
        export_sweep(sweep, tmp_path / "file")
