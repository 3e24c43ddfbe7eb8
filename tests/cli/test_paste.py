"""What is printed to be pasted into the shell does what it says, from the folder that one is in."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.builders import make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tp1tui.cli import show
from tp1tui.journal.folder import RunFolder
from tp1tui.tui.paste import command, command_on


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TP1TUI_RUNS", raising=False)
    return tmp_path


def printed(text: str) -> list[str]:
    """The words of the only command in a text."""
    (found,) = re.findall(r"`(tp1tui [^`]*)`", text)
    return shlex.split(found)[1:]


def test_a_run_is_named_by_its_id_in_the_usual_place_and_else_by_its_path(here: Path) -> None:
    usual, other = (make_run(here / place, epochs=1) for place in ("runs", "my runs"))
    assert command_on(usual.path, "watch") == f"tp1tui watch {usual.id.partition('_')[2]}"
    assert command_on(other.path, "watch") == f"tp1tui watch '{other.path}'"
    assert command_on(RunFolder(Path("runs") / usual.id).path, "stop") == f"tp1tui stop {usual.id.partition('_')[2]}"


def test_an_id_that_the_shell_would_take_apart_is_quoted_and_one_of_others_is_whole(here: Path) -> None:
    folder = here / "runs" / "2026-11-23T10-15-00_ünïcode näme_3yks"
    assert command_on(folder, "watch") == "tp1tui watch 'ünïcode näme_3yks'"
    assert command_on(here / "runs" / "my_run", "watch") == "tp1tui watch my_run"


def test_the_folder_of_runs_is_named_where_it_is_not_the_usual_one(here: Path) -> None:
    assert command("line", runs_dir=Path("runs")) == command("line", runs_dir=here / "runs") == "tp1tui line"
    assert command("line", runs_dir=Path("my runs")) == f"tp1tui line --runs-dir '{here / 'my runs'}'"
    assert command("run", "my preset") == "tp1tui run 'my preset'"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["trash", "restore", "nothing"], ["trash", "list"]),
        (["line", "drop", "cd18"], ["line"]),
        (["reproduce", "--report", "cd18"], ["runs"]),
        (["probe", "learning-rates", "1"], ["runs"]),
    ],
)
def test_what_a_refusal_names_is_about_the_same_folder(here: Path, words: list[str], told: list[str]) -> None:
    runs = here / "my runs"
    answer("trash", "add", make_run(runs, "digits", epochs=1).id, "--runs-dir", runs)
    make_run(runs, epochs=1)
    make_sweep(runs, "learning-rates", states=["finished"], epochs=1)
    assert printed(call(*words, "--runs-dir", runs).stderr) == [*told, "--runs-dir", str(runs)]


def test_what_is_printed_can_be_pasted(here: Path) -> None:
    runs = here / "my runs"
    folder = make_run(runs, epochs=1)
    back = printed(answer("--runs-dir", runs, "trash", "add", folder.id))
    assert "Brought back" in answer(*back)
    interrupted = make_run(runs, "digits", state="interrupted")
    verb, path = printed(answer("show", interrupted.id, "--runs-dir", runs))
    assert (verb, path) == ("resume", str(interrupted.path))
    queued = make_sweep(runs, states=["queued"], epochs=1)
    assert printed(call("runs", "--runs-dir", runs).stderr) == ["line", "serve", "--runs-dir", str(runs)]
    assert printed(refusal(1, "line", "drop", folder.id, "--runs-dir", runs)) == ["line", "--runs-dir", str(runs)]
    assert queued.id in answer("line", "--runs-dir", runs, "--json")


def test_a_measure_that_lies_in_no_folder_of_presets_is_computed_by_its_path(here: Path) -> None:
    preset = Path(__file__).parents[2] / "presets" / "ab" / "ab2.6-svm.toml"
    copy = here / "a measure.toml"
    copy.write_text(preset.read_text())
    told = answer("show", copy)
    assert f"from a file, {copy}" in " ".join(told.split())
    assert shlex.split(re.findall(r"`(tp1tui run [^`]*)`", " ".join(told.split()))[0]) == ["tp1tui", "run", str(copy)]


def test_a_command_is_never_broken_between_two_of_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show.sentence("It goes on as it did before. `tp1tui watch '/home/ada/my runs/cd18'` opens it.")
    assert "`tp1tui watch '/home/ada/my runs/cd18'`" in capsys.readouterr().out.splitlines()
