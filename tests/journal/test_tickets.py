from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_run
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.tickets import line, put_in_line, take_out_of_line, ticket_of


def folders(runs_dir: Path, number: int) -> list[RunFolder]:
    made = [RunFolder(runs_dir / f"run-{place:02}") for place in range(number)]
    for folder in made:
        folder.path.mkdir()
    return made


@given(st.lists(st.integers(min_value=0, max_value=6), max_size=12))
def test_the_line_is_ordered_by_place_and_then_by_name(places: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = folders(Path(name), len(places))
        for folder, place in zip(made, places, strict=True):
            put_in_line(folder, "cpu", place)
        expected = [folder for _, folder in sorted(zip(places, made, strict=True), key=lambda pair: pair[0])]
        assert [folder for folder, _ in line(Path(name))] == expected


@pytest.mark.chaos
@given(st.lists(st.integers(0, 2**61), max_size=8))
def test_whoever_comes_later_stands_behind_whatever_the_clock_says(clocks: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = folders(Path(name), len(clocks))
        for folder, clock in zip(reversed(made), clocks, strict=True):
            with patch("tp1tui.journal.tickets.time.time_ns", lambda: clock):  # noqa: B023 - called here
                put_in_line(folder, "cpu")
        assert [folder for folder, _ in line(Path(name))] == made[::-1]


@given(st.lists(st.tuples(st.booleans(), st.integers(min_value=0, max_value=4)), max_size=30))
def test_whoever_was_put_in_and_not_taken_out_waits(deeds: list[tuple[bool, int]]) -> None:
    waiting: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as name:
        made = folders(Path(name), 5)
        for number, (enters, who) in enumerate(deeds):
            if enters:
                put_in_line(made[who], "auto", number)
                waiting[who] = number
            else:
                assert take_out_of_line(made[who]) == (who in waiting)
                waiting.pop(who, None)
        assert [made.index(folder) for folder, _ in line(Path(name))] == sorted(waiting, key=lambda who: waiting[who])


def test_who_comes_later_stands_behind(tmp_path: Path) -> None:
    late, early = folders(tmp_path, 2)
    put_in_line(early, "cpu")
    put_in_line(late, "cuda:1")
    assert [folder for folder, _ in line(tmp_path)] == [early, late]
    ticket = ticket_of(late)
    assert ticket is not None
    assert ticket.device == "cuda:1"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"device":"cpu","place":"first"}', "\0" * 10_000])
def test_a_ticket_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (folder,) = folders(tmp_path, 1)
    (folder.path / "ticket.json").write_text(content)
    assert ticket_of(folder) is None
    assert line(tmp_path) == []


def test_a_deleted_folder_waits_no_more(tmp_path: Path) -> None:
    gone, there = folders(tmp_path, 2)
    for folder in (gone, there):
        put_in_line(folder, "cpu")
    shutil.rmtree(gone.path)
    assert [folder for folder, _ in line(tmp_path)] == [there]
    assert not take_out_of_line(gone)
    with pytest.raises(RunFolderError, match="cannot be put in line"):
        put_in_line(gone, "cpu")


def test_no_runs_folder_is_an_empty_line(tmp_path: Path) -> None:
    assert line(tmp_path / "nothing") == []


def test_a_run_with_a_journal_may_wait_too(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=2, state="interrupted")
    put_in_line(folder, "cpu")
    assert [waiting for waiting, _ in line(tmp_path)] == [folder]
