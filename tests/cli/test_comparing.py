"""`tp1tui compare`, as a shell meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.builders import make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tp1tui.journal.folder import short_name


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    for seed, rate in enumerate((0.01, 0.1)):
        make_run(tmp_path / "runs", "digits", seed=seed, settings=[f"optimizer.lr={rate}"])
    return tmp_path / "runs"


def names(runs: Path) -> list[str]:
    return sorted(path.name for path in runs.iterdir() if "digits" in path.name)


def test_the_fields_that_differ_and_the_figures_are_printed(runs: Path) -> None:
    text = answer("compare", *names(runs), "--runs-dir", runs)
    lines = [line.split() for line in text.splitlines() if line]
    assert ["learning", "rate", "0.01", "0.1"] in lines
    assert ["seed", "0", "1"] in lines
    assert any(line[:3] == ["best", "test", "top-1"] for line in lines)
    assert "batch size" not in text


def test_a_folder_is_refused_where_the_csv_s_file_belongs_before_anything_is_printed(
    runs: Path, tmp_path: Path
) -> None:
    told = refusal(2, "compare", *names(runs), "--csv", tmp_path, "--runs-dir", runs)
    assert told == f"--csv is '{tmp_path}', which is a folder: name a file in it, as in {tmp_path / 'curves.csv'}.\n"
    assert call("compare", *names(runs), "--csv", tmp_path, "--runs-dir", runs).stdout == ""


def test_a_baseline_shows_what_the_others_have_above_it(runs: Path) -> None:
    one, other = names(runs)
    assert "(+" in answer("compare", one, other, "--baseline", one, "--runs-dir", runs) or "(-" in answer(
        "compare", one, other, "--baseline", one, "--runs-dir", runs
    )
    make_run(runs, "cd18", seed=3)
    assert "none of the runs" in refusal(2, "compare", one, other, "--baseline", "cd18", "--runs-dir", runs)


def test_csv_is_written_where_it_was_asked_for(runs: Path, tmp_path: Path) -> None:
    text = answer("compare", *names(runs), "--csv", tmp_path / "out.csv", "--runs-dir", runs)
    assert text.splitlines()[-2:] == [str(tmp_path / "out.csv"), str(tmp_path / "out-differences.csv")]
    with (tmp_path / "out.csv").open() as file:
        assert {row["run"] for row in csv.DictReader(file)} == {short_name(name) for name in names(runs)}


def test_json_has_the_whole_digits(runs: Path) -> None:
    rows = json.loads(answer("compare", *names(runs), "--json", "--runs-dir", runs))
    assert [row["optimizer.lr"] for row in rows] == [0.01, 0.1]
    assert all(isinstance(row["best test top-1"], float) for row in rows)


def test_a_sweep_stands_for_its_members(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=["finished"])
    rows = json.loads(answer("compare", sweep.id, "--json", "--runs-dir", tmp_path))
    assert [row["optimizer.lr"] for row in rows] == [0.003, 0.02, 1, 0.05, 0.1]


def test_a_diverged_run_is_told_as_the_journal_tells_it(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=["finished", "diverged"])
    rows = json.loads(answer("compare", sweep.id, "--json", "--runs-dir", tmp_path))
    assert rows[1]["test loss"] == "NaN"
    assert "NaN" in answer("compare", sweep.id, "--runs-dir", tmp_path)


def test_one_run_is_no_comparison_and_one_named_twice_is_one(runs: Path) -> None:
    one, _ = names(runs)
    assert "two runs or more" in refusal(2, "compare", one, one, "--runs-dir", runs)
    assert "There is no run" in refusal(2, "compare", one, "nothing", "--runs-dir", runs)


def test_what_cannot_be_read_is_told_and_the_rest_compared(runs: Path) -> None:
    lost = make_run(runs, "digits", seed=2)
    lost.journal_path.unlink()
    lost.journal_path.mkdir()
    result = call("compare", *[name for name in names(runs) if name != lost.id], lost.path, "--runs-dir", runs)
    assert result.exit_code == 1
    assert lost.id in result.stderr


def test_a_terminal_is_needed_to_see_curves(runs: Path) -> None:
    assert "draws on a terminal" in refusal(2, "watch", *names(runs), "--runs-dir", runs)
