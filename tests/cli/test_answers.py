"""`tp1tui answers`, predictions on the command line, and `tp1tui show RUN`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import make_measure, make_run, make_sweep
from tests.cli.calls import answer, refusal
from tp1tui.journal.answers import Answer, Answers
from tp1tui.journal.events import Resumed
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.prediction import freeze
from tp1tui.journal.writer import JournalWriter
from tp1tui.worker import launcher


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def test_without_answers_the_way_to_the_first_is_told(runs: Path, tmp_path: Path) -> None:
    assert "A opens a question's card" in answer("answers", "--runs-dir", runs)
    assert "no answers" in refusal(1, "answers", "export", tmp_path / "all.md", "--runs-dir", runs)


def test_what_was_tried_and_answered_is_listed_in_the_subject_s_order(runs: Path) -> None:
    make_run(runs, "cd18")
    make_run(runs, "cd18", seed=1)
    Answers(runs).write("cd18-baseline", "It overfits, badly.", Answer())
    Answers(runs).write("ab03-activations", "Lines alone stay lines.", Answer())
    rows = json.loads(answer("answers", "--json", "--runs-dir", runs))
    assert [(row["question"], row["tried"], row["answered"], row["words"]) for row in rows] == [
        ("ab03-activations", 0, True, 4),
        ("cd18-baseline", 2, True, 3),
    ]
    assert "2 of" in answer("answers", "--runs-dir", runs)


def test_an_answer_that_cannot_be_read_is_listed_with_why(runs: Path) -> None:
    Answers(runs).folder.mkdir(parents=True)
    Answers(runs).path("digits").write_bytes(b"caf\xe9")
    (row,) = json.loads(answer("answers", "--json", "--runs-dir", runs))
    assert "not text in UTF-8" in row["problem"]
    assert "not text in UTF-8" in refusal(1, "answers", "export", runs / "all.md", "--runs-dir", runs)
    assert not (runs / "all.md").exists()


def test_the_document_has_every_answer_under_its_question_with_the_figures_of_its_runs(
    runs: Path, tmp_path: Path
) -> None:
    run = make_run(runs, "cd18")
    freeze(run.path, "72 %")
    Answers(runs).write("cd18-baseline", "It **overfits**.\r\n", Answer())
    Answers(runs).write("ab03-activations", "Lines stay lines.\n", Answer())
    Answers(runs).write("of-a-preset-that-is-gone", "Still here.", Answer())
    to = tmp_path / "all.md"
    assert f"3 answers are in {to}" in answer("answers", "export", to, "--runs-dir", runs).replace("\n", " ")
    text = to.read_bytes().decode()
    places = [
        text.index(part)
        for part in (
            "# Answers\n",
            "## A-B",
            "### ab03-activations: identity",
            "> Two affine maps",
            "Lines stay lines.",
            "## C-D",
            "### cd18-baseline: the baseline",
            "It **overfits**.",
            f"| {run.id.partition('_')[2]} | epochs = 12 |",
            "### of-a-preset-that-is-gone\n\nStill here.",
        )
    ]
    assert places == sorted(places)
    assert f"Predicted of {run.id.partition('_')[2]}: 72 %" in text


def test_a_document_that_is_there_is_left_alone(runs: Path, tmp_path: Path) -> None:
    Answers(runs).write("digits", "Yes.", Answer())
    to = tmp_path / "all.md"
    to.write_text("mine")
    assert "is there already" in refusal(1, "answers", "export", to, "--runs-dir", runs)
    nowhere = tmp_path / "nowhere" / "all.md"
    said = refusal(1, "answers", "export", nowhere, "--runs-dir", runs)
    assert " ".join(said.split()).startswith(f"{nowhere} cannot be written: ")
    assert to.read_text() == "mine"


def test_what_is_expected_is_frozen_with_the_run(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: None)
    said = json.loads(answer("run", "digits", "--predict", "95 %", "--detach", "--json", "--now", "--runs-dir", runs))
    assert (Path(said["path"]) / "prediction.md").read_text() == "95 %\n"


def test_show_tells_of_a_run_what_was_expected_and_what_it_reached(runs: Path) -> None:
    run = make_run(runs, "cd18")
    freeze(run.path, "99 %")
    text = answer("show", run.id, "--runs-dir", runs)
    for part in (run.id, "The report found", "Predicted", "Short by", "Reached", "epochs = 12"):
        assert part in text
    page = json.loads(answer("show", run.id[-4:], "--json", "--runs-dir", runs))
    assert page["prediction"] == "99 %"
    assert page["reached"][0]["epochs"] == 12


def test_show_says_of_a_resumed_run_how_often_and_where_it_went_on(runs: Path) -> None:
    run, steps = make_run(runs, "cd18"), 391
    assert "Resumed" not in answer("show", run.id, "--runs-dir", runs)
    for place, told in (
        (3, "Resumed once: at step 1,173 (epoch 3)."),
        (2, "Resumed twice: at step 1,173 (epoch 3) and"),
    ):
        with JournalWriter(run.journal_path) as journal:
            journal.append(Resumed(time=2e9, step=place * steps, from_checkpoint=True, pid=1, device="cpu"))
        assert told in answer("show", run.id, "--runs-dir", runs)
    page = json.loads(answer("show", run.id, "--json", "--runs-dir", runs))
    assert page["resumed"] == [{"step": 3 * steps, "epoch": 3.0}, {"step": 2 * steps, "epoch": 2.0}]
    assert page["reached"][0]["resumes"] == 2
    assert json.loads(answer("runs", "--json", "--runs-dir", runs))[0]["resumes"] == 2


def test_of_a_run_that_was_resumed_often_show_names_the_latest_places(runs: Path) -> None:
    run = make_run(runs, "cd18", state="interrupted")
    with JournalWriter(run.journal_path) as journal:
        for step in range(1, 8):
            journal.append(Resumed(time=2e9, step=step, from_checkpoint=True, pid=1, device="cpu"))
    said = " ".join(answer("show", run.id, "--runs-dir", runs).split())
    assert "Resumed 7 times: the latest at step 3 (epoch 0.01), at step 4" in said
    assert "and at step 7 (epoch 0.02)." in said


def test_show_says_which_runs_of_a_sweep_were_resumed(runs: Path) -> None:
    sweep = make_sweep(runs, states=["finished"])
    assert "resumed" not in answer("show", sweep.id, "--runs-dir", runs)
    _, member = next(iter(sweep.runs()))
    with JournalWriter(member.journal_path) as journal:
        journal.append(Resumed(time=2e9, step=391, from_checkpoint=True, pid=1, device="cpu"))
    said = answer("show", sweep.id, "--runs-dir", runs)
    assert "resumed" in said
    assert said.count("once") == 1


def test_show_tells_of_a_sweep_the_figures_of_its_runs_and_of_a_measure_its_card(runs: Path) -> None:
    sweep = make_sweep(runs, states=["finished"])
    assert answer("show", sweep.id, "--runs-dir", runs).count("optimizer.lr = ") >= 5
    measure = make_measure(runs)
    assert measure.spec().title in answer("show", measure.id, "--runs-dir", runs)


def test_a_name_that_is_neither_preset_nor_run_is_told_as_before(runs: Path) -> None:
    make_run(runs, "cd18")
    said = " ".join(refusal(2, "show", "zzz", "--runs-dir", runs).split())
    assert "There is no preset 'zzz'" in said
    assert "There is no run 'zzz'" in said


def test_the_csv_of_a_run_has_what_was_expected(runs: Path) -> None:
    run = make_run(runs, "cd18")
    answer("export", run.id, "--runs-dir", runs)
    assert not (run.path / "prediction.csv").exists()
    freeze(run.path, "71 to 74 %, and it overfits")
    answer("export", run.id, "--runs-dir", runs)
    header, row = (RunFolder(run.path).path / "prediction.csv").read_text().splitlines()
    assert header == "prediction,low,high,last_test_top1"
    assert row.startswith('"71 to 74 %, and it overfits",71.0,74.0,')
