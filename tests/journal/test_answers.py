from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import make_run
from tp1tui.journal.answers import MOST_BYTES, Answer, AnswerChanged, AnswerError, Answers
from tp1tui.journal.listing import list_runs

IN_ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@IN_ONE_FOLDER
@given(
    texts=st.lists(
        st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("\r\n\t\0\x1b\x85\u2028")), max_size=3
    )
)
def test_any_text_comes_back_as_it_was_written_control_characters_and_line_ends_too(
    tmp_path: Path, texts: list[str]
) -> None:
    answers = Answers(tmp_path)
    answer = answers.read("cd18-baseline")
    for text in texts:
        answer = answers.write("cd18-baseline", text, answer)
        assert answer.text == text
        assert Answers(tmp_path).read("cd18-baseline") == answer


@IN_ONE_FOLDER
@given(id=st.text(max_size=12))
def test_whatever_a_preset_s_id_is_its_answer_lies_in_the_folder_of_answers(tmp_path: Path, id: str) -> None:
    answers = Answers(tmp_path)
    with suppress(AnswerError):
        path = answers.path(id)
        assert (path.parent, path.name) == (answers.folder, f"{id}.md")


@pytest.mark.parametrize("id", ["", ".", "..", "../x", "a/b", ".hidden", "/etc/x", "a\0b"])
def test_an_id_that_leads_elsewhere_has_no_answer(tmp_path: Path, id: str) -> None:
    with pytest.raises(AnswerError, match="cannot be a file's name"):
        Answers(tmp_path).path(id)


def test_an_answer_is_a_plain_markdown_file_beside_the_runs_and_no_run(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    Answers(tmp_path).write("cd18-baseline", "It **overfits**.\r\n", Answer())
    assert (tmp_path / "answers" / "cd18-baseline.md").read_bytes() == b"It **overfits**.\r\n"
    assert [summary.id for summary in list_runs(tmp_path)] == [run.id]


def test_a_file_that_was_changed_elsewhere_is_never_written_over(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    mine = answers.write("digits", "mine", Answer())
    answers.path("digits").write_text("theirs")
    assert answers.has_changed("digits", mine)
    with pytest.raises(AnswerChanged, match="changed elsewhere"):
        answers.write("digits", "mine again", mine)
    assert answers.read("digits").text == "theirs"


def test_a_file_that_came_or_went_elsewhere_counts_as_changed(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    mine = answers.write("digits", "mine", Answer())
    with pytest.raises(AnswerChanged):
        answers.write("digits", "mine", Answer())
    answers.path("digits").unlink()
    assert answers.has_changed("digits", mine)
    with pytest.raises(AnswerChanged):
        answers.write("digits", "mine again", mine)
    assert not answers.path("digits").exists()


def test_an_empty_answer_makes_no_file_but_empties_one(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    assert answers.write("digits", "", Answer()) == Answer()
    assert not answers.folder.exists()
    full = answers.write("digits", "some words", Answer())
    assert answers.written() == {"digits"}
    answers.write("digits", "", full)
    assert answers.path("digits").read_text() == ""
    assert answers.written() == frozenset()


def test_an_answer_that_is_too_long_is_not_kept_and_what_stood_there_stays(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    kept = answers.write("digits", "x" * MOST_BYTES, Answer())
    with pytest.raises(AnswerError, match="longer than 1,000,000 bytes"):
        answers.write("digits", "é" * (MOST_BYTES // 2) + "x", kept)
    assert answers.read("digits") == kept
    answers.path("digits").write_text("x" * (MOST_BYTES + 1))
    with pytest.raises(AnswerError, match="open it with another editor"):
        answers.read("digits")


def test_what_is_no_text_is_told_and_left_alone(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    answers.folder.mkdir()
    answers.path("digits").write_bytes(b"caf\xe9")
    with pytest.raises(AnswerError, match="not text in UTF-8"):
        answers.read("digits")
    with pytest.raises(AnswerError, match="half of a character"):
        answers.write("other", "\ud83d", Answer())


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file where the folder should be")
    with pytest.raises(AnswerError, match=r"cannot be kept in .*answers"):
        Answers(tmp_path).write("digits", "words", Answer())


def test_what_gives_way_is_kept_aside_each_time_in_a_file_of_its_own(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    paths = {answers.set_aside("digits", text) for text in ("one", "two", "three")}
    assert {path.read_text() for path in paths} == {"one", "two", "three"}
    assert {path.parent for path in paths} == {tmp_path / "answers" / "aside"}
    assert answers.written() == frozenset()
