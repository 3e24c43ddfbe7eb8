"""`tp1tui line`, and runs that wait for one another, as a shell meets them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import let_go, make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tests.endings import end_all
from tests.waiting import until, until_state
from tp1tui.cli import lining
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import is_held
from tp1tui.journal.tickets import line, put_in_line, ticket_of
from tp1tui.worker.line_lock import only_one


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs that nobody serves or works on any more at the end."""
    folder = tmp_path / "runs"
    yield folder
    end_all(folder)


def waiting(runs: Path, *names: str) -> list[RunFolder]:
    made = [make_run(runs, name, state="queued", seed=number) for number, name in enumerate(names)]
    for number, folder in enumerate(made):
        put_in_line(folder, "cpu", number)
    return made


def test_an_empty_line_is_told(runs: Path) -> None:
    assert "Nothing goes on and nothing waits" in answer("line", "--runs-dir", runs)
    assert json.loads(answer("line", "--runs-dir", runs, "--json")) == []


def test_the_line_tells_what_goes_on_and_what_waits_in_order(runs: Path) -> None:
    going = make_run(runs, "cd18", state="running", seed=9)
    waiting(runs, "digits", "cd29")
    with only_one(runs):
        text = answer("line", "--runs-dir", runs)
        rows = json.loads(answer("line", "--runs-dir", runs, "--json"))
    let_go(going)
    assert [row["state"] for row in rows] == ["running", "queued", "queued"]
    assert [row["number"] for row in rows] == [0, 1, 2]
    lines = text.splitlines()
    assert "running" in lines[1]
    assert "next" in lines[2]
    assert "waits" in lines[3]


def test_a_line_that_nobody_serves_is_told_and_one_verb_goes_on(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(runs, "digits")
    result = call("line", "--runs-dir", runs)
    assert f"No process starts what waits. `tp1tui line serve --runs-dir {runs}` goes on." in result.stderr
    served: list[Path] = []
    monkeypatch.setattr(lining, "serve_line", served.append)
    assert "1 run waits in line, and will be started." in answer("line", "serve", "--runs-dir", runs)
    assert served == [runs]


def test_there_must_be_something_to_serve(runs: Path) -> None:
    assert "Nothing waits in line" in refusal(1, "line", "serve", "--runs-dir", runs)


@pytest.mark.parametrize(("way", "order"), [("up", "acb"), ("first", "cab"), ("down", "abc"), ("last", "abc")])
def test_a_run_is_moved(runs: Path, way: str, order: str) -> None:
    made = dict(zip("abc", waiting(runs, "digits", "cd18", "cd29"), strict=True))
    text = answer("line", "move", made["c"].id, way, "--runs-dir", runs)
    assert [folder for folder, _ in line(runs)] == [made[name] for name in order]
    place = ("first", "second", "third")[order.index("c")]
    assert f"{made['c'].id} is {place} in line on cpu" in text


def test_the_runs_of_a_sweep_move_together_and_keep_their_order(runs: Path) -> None:
    alone = waiting(runs, "digits")
    sweep = make_sweep(runs, states=("queued",))
    members = [folder for _, folder in sweep.runs()]
    answer("line", "move", sweep.id, "last", "--runs-dir", runs)
    assert [folder for folder, _ in line(runs)] == [*alone, *members]
    answer("line", "move", sweep.id, "first", "--runs-dir", runs)
    assert [folder for folder, _ in line(runs)] == [*members, *alone]
    answer("line", "move", sweep.id, "down", "--runs-dir", runs)
    assert [folder for folder, _ in line(runs)] == [*alone, *members]


def test_only_four_ways_are_known(runs: Path) -> None:
    (folder,) = waiting(runs, "digits")
    assert "Allowed: first, up, down, last." in refusal(2, "line", "move", folder.id, "forward", "--runs-dir", runs)


def test_what_does_not_wait_is_neither_moved_nor_dropped(runs: Path) -> None:
    folder = make_run(runs, "digits")
    for words in (("move", folder.id, "up"), ("drop", folder.id)):
        assert "does not wait in line" in refusal(1, "line", *words, "--runs-dir", runs)


def test_dropped_runs_wait_no_more(runs: Path) -> None:
    first, second = waiting(runs, "digits", "cd18")
    assert f"{first.id} waits in line no more." in answer("line", "drop", first.id, "--runs-dir", runs)
    assert [folder for folder, _ in line(runs)] == [second]


def test_a_sweep_has_no_way_around_the_line(runs: Path) -> None:
    text = refusal(2, "run", "digits", "--vary", "optimizer.lr=0.1,0.2", "--now", "--runs-dir", runs)
    assert "A sweep takes its turn" in text
    assert not runs.exists()


def test_a_second_run_waits_for_the_first_and_one_with_now_does_not(runs: Path) -> None:
    """Real processes: a worker, the dispatcher, and the worker that it starts."""
    endless = ("ab2.4", "--device", "cpu", "--runs-dir", runs, "--detach", "--set", "epochs=100000")
    first = RunFolder(runs / json.loads(answer("run", *endless, "--json"))["id"])
    until_state(first, "running")
    said = answer("run", *endless)
    assert "is first in line on cpu; starts when ab2.4" in said
    ((second, _),) = line(runs)
    third = RunFolder(runs / json.loads(answer("run", *endless, "--now", "--json"))["id"])
    until_state(third, "running")
    assert ticket_of(second) is not None
    send(first, Stop())
    until_state(first, "stopped")
    send(third, Stop())
    until_state(second, "running")
    send(second, Stop())
    until_state(second, "stopped")
    until(lambda: not any(is_held(folder) for folder in (first, second, third)), "all workers to end")
