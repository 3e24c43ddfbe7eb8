"""Labels and the filter from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import make_run, make_sweep
from tests.cli.calls import answer, refusal
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.labels import LABELS_FILE, labels_of


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def test_label_writes_and_says_what_is_written(runs: Path) -> None:
    folder = make_run(runs, epochs=1)
    words = ("label", folder.id, "--runs-dir", runs)
    assert "nothing is written on it" in answer(*words)
    told = answer(*words, "--name", "wide net", "--tag", "best", "--tag", "lr", "--note", "try longer", "--pin")
    assert told.splitlines()[1:] == ["  name  wide net", "  tags  best lr", "  note  try longer", "  pinned"]
    assert answer(*words, "--no-tag", "lr", "--no-pin", "--note", "").splitlines()[1:] == [
        "  name  wide net",
        "  tags  best",
    ]
    assert answer(*words) == answer(*words)
    answer(*words, "--name", "", "--no-tag", "best")
    assert not (folder.path / LABELS_FILE).exists()


def test_a_sweep_is_labelled_as_a_whole(runs: Path) -> None:
    sweep = make_sweep(runs, states=["finished"], epochs=1)
    answer("label", sweep.id, "--runs-dir", runs, "--tag", "week3")
    assert labels_of(sweep.path).tags == ("week3",)
    assert len(json.loads(answer("runs", "--runs-dir", runs, "--filter", "tag:week3", "--json"))) == 5


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--name", "a\x1b[31m"], "A name must hold no character that shows nothing, as U+001B does."),
        (["--tag", "two words"], "Tags must be words of letters"),
        (["--note", "x" * 501], "A note must have at most 500 characters, and this one has 501."),
    ],
)
def test_labels_that_are_not_allowed_are_wrong_usage(words: list[str], sentence: str, runs: Path) -> None:
    folder = make_run(runs, epochs=1)
    assert sentence in refusal(2, "label", folder.id, "--runs-dir", runs, *words)
    assert not (folder.path / LABELS_FILE).exists()


def test_runs_lists_what_the_filter_looks_for_with_its_labels(runs: Path) -> None:
    one = make_run(runs, epochs=1, seed=1)
    make_run(runs, "digits", epochs=1, state="failed", seed=2)
    answer("label", one.id, "--runs-dir", runs, "--name", "wide net", "--tag", "best")
    text = answer("runs", "--runs-dir", runs, "--filter", "state:finished top1>1")
    assert "digits" not in text
    assert "“wide" in text
    (row,) = json.loads(answer("runs", "--runs-dir", runs, "--filter", "-state:finished", "--json"))
    assert (row["preset"], row["labels"]["tags"], row["dataset"]) == ("digits", [], "digits")
    assert "None of 2 runs" in answer("runs", "--runs-dir", runs, "--filter", "tag:none")


def test_a_filter_that_says_nothing_is_wrong_usage(runs: Path) -> None:
    assert "top1> wants a number" in refusal(2, "runs", "--runs-dir", runs, "--filter", "top1>high")
    assert "A minus wants a term after it" in refusal(2, "runs", "--runs-dir", runs, "--filter", "-")
    assert "A quote wants a text" in refusal(2, "runs", "--runs-dir", runs, "--filter", 'cd18 "')


def test_pinned_runs_are_listed_first(runs: Path) -> None:
    first: RunFolder = make_run(runs, "digits", epochs=1, seed=1)
    make_run(runs, epochs=1, seed=2)
    assert "cd18" in answer("runs", "--runs-dir", runs).splitlines()[1]
    answer("label", first.id, "--runs-dir", runs, "--pin")
    assert "digits" in answer("runs", "--runs-dir", runs).splitlines()[1]
