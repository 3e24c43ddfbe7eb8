"""Sweeps, measures and the report's table, as a shell meets them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.builders import let_go_of, make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tests.endings import end_all
from tests.waiting import until
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.journal.summary import SummaryReader
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import SweepFollower
from tp1tui.journal.tickets import line, ticket_of
from tp1tui.worker import launcher


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs that nobody serves any more at the end."""
    folder = tmp_path / "runs"
    yield folder
    end_all(folder)


def state(sweep: SweepFolder) -> str:
    follower = SweepFollower(sweep)
    follower.poll()
    return follower.state


def test_list_says_of_which_kind_a_preset_is() -> None:
    kinds = {row["id"]: row["kind"] for row in json.loads(answer("list", "--json"))}
    assert (kinds["cd18-baseline"], kinds["cd16-rate-and-batch"], kinds["cd01-convolution"]) == (
        "run",
        "sweep",
        "measure",
    )


def test_show_names_every_run_of_a_sweep() -> None:
    text = answer("show", "cd18", "--vary", "optimizer.lr=0.1,0.01", "--vary", "batch_size=32,64", "--seeds", "2")
    assert "8 runs" in text
    assert "batch_size" in text
    spec = json.loads(answer("show", "cd18", "--vary", "optimizer.lr=0.1,0.01", "--json"))
    assert (spec["kind"], spec["sweep"]["fields"]) == ("sweep", {"optimizer.lr": [0.1, 0.01]})


def test_show_computes_what_is_arithmetic() -> None:
    text = answer("show", "cd01", "--set", "measure.kernel=7")
    assert "measure.kernel" in text
    assert "(changed)" in text
    assert "4,736" in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "digits", "--vary", "optimizer.rate=1,2"], "optimizer.rate is not a known key"),
        (["run", "digits", "--vary", "batch_sise=1,2"], "did you mean batch_size?"),
        (["run", "digits", "--vary", "optimizer.lr="], "has no values to take"),
        (["run", "digits", "--vary", "optimizer.lr=0.1,0.1"], "is 0.1 a second time"),
        (["run", "digits", "--vary", "epochs=1", "--vary", "batch_size=8", "--vary", "dropout.p=0"], "at most 2"),
        (["run", "digits", "--seeds", "0"], "--seeds is '0', but must be a whole number from 1 on."),
        (["run", "digits", "--seeds", "many"], "--seeds is 'many', but must be a whole number from 1 on."),
        (["run", "digits", "--seeds", "9" * 5000], "but must be a whole number from 1 on."),
        (["run", "cd01", "--seeds", "2"], "which is a measure"),
        (["run", "cd28-optimizers", "--vary", "batch_size=32"], "named variants"),
        (["run", "cd01", "--set", "measure.kernel=0"], "measure.kernel is 0"),
        (["run", "digits", "--set", "measure.kernel=3"], "is for measures"),
        (["reproduce", "cd16"], "nothing to reproduce"),
        (["reproduce", "start"], "no accuracy for any preset of start"),
        (["reproduce", "cd99"], "There is no preset 'cd99'"),
        (["reproduce", "cd18", "--epochs", "0"], "--epochs is '0', but must be a whole number from 1 on."),
        (["reproduce", "cd18", "--epochs", "few"], "--epochs is 'few', but must be a whole number from 1 on."),
        (["reproduce", "cd18", "--seeds", "0"], "--seeds is '0', but must be a whole number from 1 on."),
        (["reproduce", "--report", "nothing"], "There is no run 'nothing'"),
        (["reproduce", "cd18", "--report", "nothing"], "--report trains nothing: name the sweep alone"),
        (["reproduce", "--report", "nothing", "--seeds", "3"], "--report trains nothing: name the sweep alone"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence_and_makes_no_folder(runs: Path, words: list[str], sentence: str) -> None:
    told = refusal(2, *words, *(() if words[0] == "show" else ("--runs-dir", runs)))
    assert sentence in told
    assert told.strip().count("\n") == 0
    assert not runs.exists()


def test_runs_stand_under_their_sweep(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    sweep, run = make_sweep(runs), make_run(runs, epochs=2)
    text = answer("runs", "--runs-dir", runs)
    let_go_of(sweep)
    rows = text.splitlines()
    place = next(number for number, row in enumerate(rows) if row.startswith(f"{sweep.id[-4:]} "))
    assert "3/5 runs" in rows[place]
    assert rows[place].split()[1:3] == ["digits", "running"]
    members = rows[place + 1 : place + 6]
    assert [row.split()[0] for row in members] == [f"{sweep.id[-4:]}-{number}" for number in range(1, 6)]
    assert "queued" in rows[place + 5]
    assert any(row.startswith(f"{run.id[-4:]} ") for row in rows)


def test_runs_that_wait_in_vain_are_told_with_the_way_out(runs: Path) -> None:
    make_sweep(runs, states=("finished", "queued"))
    result = call("runs", "--runs-dir", runs)
    assert result.exit_code == 0
    serve = f"`tp1tui line serve --runs-dir {runs}`"
    assert f"4 runs wait in line, but no process starts what waits. {serve} goes on." in result.stderr


def test_stop_takes_a_sweep_or_one_of_its_runs_out_of_line(runs: Path) -> None:
    sweep = make_sweep(runs, states=("finished", "queued"))
    members = [folder for _, folder in sweep.runs()]
    assert "waits in line no more" in answer("stop", members[2].id, "--runs-dir", runs)
    assert ticket_of(members[2]) is None
    assert ticket_of(members[3]) is not None
    assert "3 runs wait in line no more" in answer("stop", sweep.id, "--runs-dir", runs)
    assert line(runs) == []
    assert state(sweep) == "stopped"
    assert "Nothing of" in refusal(1, "stop", sweep.id, "--runs-dir", runs)


def test_resume_puts_all_that_is_left_in_line_in_the_sweep_s_order(runs: Path) -> None:
    sweep = make_sweep(runs, states=("finished", "interrupted", "failed", "stopped", "queued"))
    with patch.object(launcher, "serve_line") as served:
        assert "4 runs are in line" in answer("resume", sweep.id, "--runs-dir", runs)
    served.assert_called_once()
    assert [folder for folder, _ in line(runs)] == [folder for _, folder in sweep.runs()[1:]]
    assert {ticket.device for _, ticket in line(runs)} == {"cpu"}


def test_a_finished_sweep_can_be_neither_resumed_nor_paused(runs: Path) -> None:
    sweep = make_sweep(runs, states=("finished",))
    assert "has finished already" in refusal(1, "resume", sweep.id, "--runs-dir", runs)
    assert "the sweep is finished" in refusal(1, "pause", sweep.id, "--runs-dir", runs)


def test_export_of_a_sweep_names_its_files(runs: Path) -> None:
    sweep = make_sweep(runs, vary=("optimizer.lr=0.1,0.2", "batch_size=8,16"), states=("finished",))
    paths = [Path(path) for path in answer("export", sweep.id, "--runs-dir", runs).split()]
    assert [path.name for path in paths][:3] == ["points.csv", "members.csv", "epochs.csv"]
    assert all(path.is_file() for path in paths)


def test_a_sweep_is_made_followed_and_told(runs: Path) -> None:
    words = ("run", "ab2.4", "--set", "epochs=1", "--vary", "optimizer.lr=0.1,0.01", "--device", "cpu")
    text = answer(*words, "--runs-dir", runs)
    assert "1/2  optimizer.lr = 0.1, seed 0  finished" in text
    assert "2/2  optimizer.lr = 0.01, seed 0  finished" in text
    assert "outcome" in text
    assert "Best on test: optimizer.lr" in text


def test_a_detached_sweep_is_stopped_and_resumed_and_its_figures_come_as_json(runs: Path) -> None:
    words = ("run", "ab2.1", "--set", "epochs=100000", "--seeds", "2", "--device", "cpu", "--runs-dir", runs)
    started = json.loads(answer(*words, "--detach", "--json"))
    sweep = SweepFolder(Path(started["path"]))
    until(lambda: state(sweep) == "running", "the first run")
    assert "is paused" in answer("pause", sweep.id, "--runs-dir", runs)
    assert "is running" in answer("resume", short_name(sweep.id), "--runs-dir", runs)
    text = answer("stop", sweep.id, "--runs-dir", runs)
    assert "1 run waits in line no more" in text
    assert "is stopped" in text
    assert state(sweep) == "stopped"
    assert "2 runs are in line" in answer("resume", sweep.id, "--runs-dir", runs)
    until(lambda: state(sweep) == "running", "the first run again")
    answer("stop", sweep.id, "--runs-dir", runs)
    rows = [row for row in json.loads(answer("runs", "--runs-dir", runs, "--json")) if row["sweep"] == sweep.id]
    assert {row["state"] for row in rows} <= {"stopped", "unstarted"}


def test_members_that_train_together_are_all_paused_and_stopped(runs: Path) -> None:
    words = ("run", "ab2.4", "--set", "epochs=100000", "--seeds", "2", "--device", "cpu", "--runs-dir", runs)
    sweep = SweepFolder(Path(json.loads(answer(*words, "--detach", "--json"))["path"]))
    members = [SummaryReader(folder) for _, folder in sweep.runs()]
    until(lambda: all(member.read().state == "running" for member in members), "both runs")
    assert answer("pause", sweep.id, "--runs-dir", runs).count("is paused") == 2
    assert answer("stop", sweep.id, "--runs-dir", runs).count("is stopped") == 2


def test_a_measure_prints_its_results(runs: Path) -> None:
    text = answer("run", "cd01", "--set", "measure.kernel=7", "--runs-dir", runs)
    assert "4,736" in text
    assert "finished" in text
    end = json.loads(answer("run", "cd01", "--runs-dir", runs, "--json"))
    assert (end["state"], end["results"][0]["kind"]) == ("finished", "text")
    assert RunFolder(Path(end["path"])).spec().kind == "measure"


PRESET = """
title = "a small one"
question = "Does it?"
[report]
test_top1 = [0, 100]
epoch = 3
[experiment]
extends = "digits"
epochs = 3
[experiment.dataset]
train_examples = 200
"""


def test_reproduce_trains_and_writes_one_table(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "presets" / "mine").mkdir(parents=True)
    (tmp_path / "presets" / "mine" / "small.toml").write_text(PRESET)
    monkeypatch.chdir(tmp_path)
    asked = ("reproduce", "mine", "--seeds", "2", "--epochs", "1", "--device", "cpu", "--runs-dir", runs)
    assert "reproduced or not" in answer(*asked)
    (sweep,) = (path for path in runs.iterdir() if (path / "sweep.toml").is_file())
    page = (sweep / "reproduced.md").read_text()
    assert "| small |" in page
    assert "test reproduced after 1 of 3 epochs" in page
    assert "torch" in page
    assert (sweep / "reproduced.csv").read_text().count("\n") == 2
    again = json.loads(
        answer("reproduce", "--report", sweep.name, "--to", tmp_path / "t", "--json", "--runs-dir", runs)
    )
    assert again["state"] == "finished"
    assert (tmp_path / "t" / "reproduced.md").read_text() == page
