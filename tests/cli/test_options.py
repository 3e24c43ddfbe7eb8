"""Options that hold for every verb: each counts wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.builders import make_run
from tests.cli.calls import answer, refusal
from tp1tui.cli.main import app
from tp1tui.journal.trash import thrown_away

GIVEN: dict[str, tuple[list[str], object]] = {
    "runs_dir": (["--runs-dir", "given"], Path("given")),
    "device": (["--device", "cuda:3"], "cuda:3"),
    "ascii_only": (["--ascii"], True),
    "theme": (["--theme", "light"], "light"),
}
"""By the name of the parameter: what is typed, and what the verb gets."""


def verbs_that_take(command: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every verb, and every verb of a verb, with each option that it shares with the bare command."""
    for name, verb in command.commands.items():
        words, is_group = (*before, name), hasattr(verb, "commands")
        if not is_group or verb.invoke_without_command:
            yield from ((words, parameter.name) for parameter in verb.params if parameter.name in GIVEN)
        if is_group:
            yield from verbs_that_take(verb, words)


CASES = [
    pytest.param(words, option, place, id=f"{option}-{place}-of-{len(words)}-{'-'.join(words)}")
    for words, option in verbs_that_take(typer.main.get_command(app))
    for place in range(len(words) + 1)
]


def test_verbs_of_verbs_are_among_them() -> None:
    assert {(("trash", "empty"), "runs_dir"), (("run",), "device"), (("watch",), "theme")} <= {
        tuple(case.values[:2]) for case in CASES
    }


@pytest.mark.parametrize(("words", "option", "place"), CASES)
def test_an_option_counts_before_and_after_every_verb(words: tuple[str, ...], option: str, place: int) -> None:
    bare: Any = typer.main.get_command(app)
    verb = bare
    for word in words:
        verb = verb.commands[word]
    got: dict[str, object] = {}
    verb.callback = lambda **arguments: got.update(arguments)
    needed = ["1"] * sum(parameter.required for parameter in verb.params)
    typed, meant = GIVEN[option]
    bare.main([*chain(words[:place], typed, words[place:]), *needed], standalone_mode=False)
    assert got[option] == meant


def test_the_nearest_of_several_counts(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "near", epochs=1)
    told = answer("--runs-dir", tmp_path / "far", "runs", "--json", "--runs-dir", tmp_path / "near")
    assert folder.id in told
    answer("--runs-dir", tmp_path / "far", "trash", "--runs-dir", tmp_path / "near", "add", folder.id)
    assert len(thrown_away(tmp_path / "near")) == 1


def test_the_trash_that_is_emptied_is_the_one_that_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_run(tmp_path / "runs", epochs=1)
    there = make_run(tmp_path / "elsewhere", epochs=1)
    answer("trash", "add", "cd18")
    assert "There is no run" in refusal(2, "--runs-dir", "nowhere", "trash", "add", there.id)
    answer("--runs-dir", "elsewhere", "trash", "add", there.id)
    assert "Removed 1 run for good." in answer("--runs-dir", "elsewhere", "trash", "empty", "--yes")
    assert (len(thrown_away(tmp_path / "runs")), len(thrown_away(tmp_path / "elsewhere"))) == (1, 0)
