from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tp1tui.journal.labels import (
    LABELS_FILE,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_TAGS,
    LabelError,
    LabelReader,
    Labels,
    labels_of,
    relabel,
)


def test_a_folder_without_labels_has_blank_ones(tmp_path: Path) -> None:
    assert labels_of(tmp_path) == Labels()


def test_labels_are_written_whole_and_read_back(tmp_path: Path) -> None:
    relabel(tmp_path, lambda labels: labels.named("wide net").tagged(["best", "lr"]).noted("Try it longer.").with_pin())
    assert labels_of(tmp_path) == Labels(name="wide net", tags=("best", "lr"), note="Try it longer.", pinned=True)
    relabel(tmp_path, Labels.without_pin)
    assert not labels_of(tmp_path).pinned
    assert os.listdir(tmp_path) == [LABELS_FILE]  # noqa: PTH208


def test_blank_labels_leave_no_file(tmp_path: Path) -> None:
    relabel(tmp_path, lambda labels: labels.named("x"))
    relabel(tmp_path, lambda labels: labels.named(" "))
    assert list(tmp_path.iterdir()) == []
    relabel(tmp_path, Labels.without_pin)


@given(st.text())
def test_a_name_is_one_line_that_shows_or_is_refused_in_a_sentence(text: str) -> None:
    try:
        name = Labels().named(text).name
    except LabelError as error:
        name, refusal = "", str(error)
        event(refusal[:30])
    else:
        refusal = ""
    line = " ".join(text.split())
    assert bool(refusal) == (len(line) > LONGEST_NAME or any(map(shows_nothing, line)))
    assert refusal == "" or (refusal.startswith("A name must ") and refusal.endswith(".") and refusal.isprintable())
    assert name == ("" if refusal else line)


def shows_nothing(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


@given(
    st.from_regex(r"\w{1,10}(\.\w{1,5})?", fullmatch=True).map(lambda word: " ".join(word.split())),
    st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40),
)
def test_what_is_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, tag: str, text: str) -> None:
    folder = tmp_path_factory.mktemp("run")
    written = relabel(folder, lambda labels: labels.named(text).noted(text).tagged([tag]))
    assert labels_of(folder) == written


@pytest.mark.parametrize("text", ["\x1b]0;owned\x07", "a\x1b[31mb", "\u202egnp.exe", "zero\u200bwidth", "\x00"])
def test_what_steers_a_terminal_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(LabelError, match="must hold no character that shows nothing") as refused:
        Labels().noted(text)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["two words"], "Tags must be words of letters"),
        (["-x"], "Tags must be words of letters"),
        (["x" * 30], "Tags must have at most 24 characters, and this one has 30."),
        ([f"t{number}" for number in range(MOST_TAGS + 1)], "Tags must be 12 at most, and these are 13."),
    ],
)
def test_tags_that_are_no_words_are_refused(words: list[str], sentence: str) -> None:
    with pytest.raises(LabelError) as refused:
        Labels().tagged(words)
    assert str(refused.value).startswith(sentence)


def test_a_tag_stands_once_and_without_its_hash() -> None:
    assert Labels().tagged(["#lr", "lr", "", "best"]).tags == ("lr", "best")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('name = "a\\u001b[2Jb"', "line 1: name holds control characters, which would steer a terminal."),
        ('name = "a\\u200bb"', "line 1: name must hold no character that shows nothing, as U+200B does."),
        ("name = 3", "name is 3, but must be a text in quotes."),
        (f'\nnote = "{"x" * (LONGEST_NOTE + 1)}"', "line 2: note must have at most 500 characters, and this one has"),
        ("pinned =", "is not valid TOML"),
    ],
)
def test_a_file_that_holds_what_is_not_allowed_is_told_and_never_overwritten(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / LABELS_FILE).write_text(text)
    with pytest.raises(LabelError) as told:
        labels_of(tmp_path)
    assert sentence in str(told.value)
    assert "\x1b" not in str(told.value)
    with pytest.raises(LabelError):
        relabel(tmp_path, Labels.with_pin)
    assert (tmp_path / LABELS_FILE).read_text() == text


def test_labels_of_a_later_version_are_read_as_far_as_they_are_known(tmp_path: Path) -> None:
    (tmp_path / LABELS_FILE).write_text('name = "x"\ncolour = "red"\n')
    assert labels_of(tmp_path).name == "x"


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match=r"Nothing can be written on gone: No such file or directory\."):
        relabel(tmp_path / "gone", Labels.with_pin)


def test_a_reader_reads_what_has_changed_and_nothing_else(tmp_path: Path) -> None:
    reader = LabelReader(tmp_path)
    assert not reader.changed()
    relabel(tmp_path, lambda labels: labels.named("one"))
    assert (reader.changed(), reader.labels.name, reader.changed()) == (True, "one", False)
    relabel(tmp_path, lambda labels: labels.named("two"))
    assert (reader.changed(), reader.labels.name) == (True, "two")
    (tmp_path / LABELS_FILE).write_text("name =")
    assert (reader.changed(), reader.labels) == (True, Labels())
    assert "is not valid TOML" in reader.problem
    (tmp_path / LABELS_FILE).unlink()
    assert (reader.changed(), reader.problem) == (True, "")
