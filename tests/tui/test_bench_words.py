from pathlib import Path

import pytest

from tests.builders import let_go_of, make_run, make_sweep, run_spec
from tests.tui.bench_lab import library
from tp1tui.data.store import Store
from tp1tui.journal.estimate import paces
from tp1tui.journal.listing import list_runs
from tp1tui.spec.report import Report
from tp1tui.tui.bench.about import about
from tp1tui.tui.bench.before import before
from tp1tui.tui.bench.catalog import read_questions
from tp1tui.tui.bench.history import marks, overview
from tp1tui.tui.look import Look
from tp1tui.tui.words import flowing, report_text

QUESTIONS = {question.id: question for question in read_questions(library())}
CD18 = run_spec("cd18")


def test_a_question_is_told_with_what_to_look_for_and_what_the_report_found() -> None:
    text = about(QUESTIONS["cd18-baseline"], ("It costs nothing.",), newcomer=False).plain
    for part in ("cd18", "It costs nothing.", "Look for", "The report found", "98 to 100 %", "Note"):
        assert part in text
    assert "Press Enter" not in text


def test_a_newcomer_is_told_to_press_enter() -> None:
    text = about(QUESTIONS["digits"], (), newcomer=True).plain
    assert "Press Enter to watch a network learn in seconds; no download needed." in text


def test_an_unreadable_preset_says_what_is_wrong_and_where() -> None:
    text = about(QUESTIONS["broken"], (), newcomer=False).plain
    assert "must be above 0" in text
    assert str(QUESTIONS["broken"].file.path) in text


def test_lines_of_a_preset_file_flow_into_paragraphs() -> None:
    assert flowing("\none\ntwo\n\nthree\n") == "one two\n\nthree"


def test_a_report_without_figures_is_its_text_alone() -> None:
    assert report_text(Report(text="Too slow.")) == "Too slow."
    assert report_text(Report(test_top1=(10, 10), epoch=5)) == "Test top-1 10 % after 5 epochs."
    assert report_text(Report()) == ""


def test_a_missing_dataset_is_announced_with_its_size(tmp_path: Path) -> None:
    look = Look(data={"cifar10": Store(tmp_path).status("cifar10")})
    assert before(CD18, "cpu", look)[0] == "CIFAR-10 is not here yet; a start downloads it first, about 170 MB."


def test_the_time_is_told_once_a_run_on_this_device_has_shown_it(tmp_path: Path) -> None:
    import socket

    unknown = before(CD18, "cpu", Look())[-1]
    assert unknown == "30 epochs of 391 steps on device cpu; how long, a first run will tell."
    make_run(tmp_path, "cd18", host=socket.gethostname())
    runs = list_runs(tmp_path)
    known = before(CD18, "cpu", Look(tuple(runs), tuple(paces(runs))))[-1]
    assert known.startswith("30 epochs of 391 steps on device cpu; about 13 min")


def test_what_takes_no_time_is_said_to_take_less_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tp1tui.journal.estimate.seconds_in_all", lambda *_: 0.03)
    assert before(CD18, "cpu", Look())[-1] == "30 epochs of 391 steps on device cpu; less than a second."


def test_the_mark_of_a_question_is_its_newest_runs_state_and_the_best_of_all(tmp_path: Path) -> None:
    make_run(tmp_path, "cd18", state="finished", seed=1)
    make_run(tmp_path, "cd18", state="failed", seed=2, epochs=4)
    make_run(tmp_path, "cd22", state="queued", seed=3)
    runs = list_runs(tmp_path)
    best = max(run.best_top1 or 0 for run in runs)
    texts = {preset: mark.text for preset, mark in marks(runs).items()}
    assert texts == {"cd18-baseline": f"failed, best on test {best:.1f} %", "cd22-crop-mirror": "unstarted"}
    assert overview(runs) == "3 runs"
    assert overview([]) == "no runs yet"


def test_a_sweep_is_told_as_one_and_how_far_it_is_comes_first(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path)
    make_run(tmp_path, "cd18")
    runs = list_runs(tmp_path)
    assert overview(runs) == "sweep 3/5 done, 6 runs, 1 running, 1 queued"
    assert marks(runs)["digits"].text.startswith("running, 3/5 runs, best on test 7")
    let_go_of(sweep)
    assert overview(list_runs(tmp_path)) == "sweep 3/5 done, 6 runs, 1 queued"


def test_several_sweeps_are_told_in_one_phrase(tmp_path: Path) -> None:
    make_sweep(tmp_path)
    make_sweep(tmp_path, number=1)
    assert overview(list_runs(tmp_path)).startswith("2 sweeps 6/10 done, 10 runs")
