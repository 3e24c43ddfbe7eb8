"""The order of the line after any moves, and whoever takes a ticket meanwhile."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journal.test_tickets import folders
from tp1tui.journal import tickets
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.line_order import WAYS, Way, move, new_places
from tp1tui.journal.tickets import change_place, line, put_in_line, take_out_of_line, ticket_of

MANY = 6
Move = tuple[int, Way]
MOVES = st.lists(st.tuples(st.integers(0, MANY - 1), st.sampled_from(WAYS)), max_size=20)


def meant(order: list[int], moves: list[Move]) -> list[int]:
    """The same moves on a list."""
    for who, way in moves:
        at = order.index(who)
        order.remove(who)
        order.insert({"first": 0, "up": max(0, at - 1), "down": at + 1, "last": len(order)}[way], who)
    return order


@given(st.lists(st.integers(0, 3), min_size=MANY, max_size=MANY), MOVES)
def test_the_order_is_what_the_moves_say_whatever_the_places_were(places: list[int], moves: list[Move]) -> None:
    with tempfile.TemporaryDirectory() as name:
        runs_dir = Path(name)
        made = folders(runs_dir, MANY)
        for folder, place in zip(made, places, strict=True):
            put_in_line(folder, "cpu", place)
        order = [made.index(folder) for folder, _ in line(runs_dir)]
        for who, way in moves:
            move(line(runs_dir), made[who], way)
        assert [made.index(folder) for folder, _ in line(runs_dir)] == meant(order, moves)


@given(st.lists(st.integers(0, 10**19), min_size=1, max_size=8).map(sorted), st.data())
def test_places_rise_after_a_move_and_whoever_does_not_move_keeps_its_order(
    places: list[int], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(places) - 1))
    way = data.draw(st.sampled_from(WAYS))
    changed = new_places(places, number, way)
    after = {who: changed.get(who, place) for who, place in enumerate(places)}
    if changed:
        assert len(set(after.values())) == len(places)
    others = [who for who in after if who != number]
    assert sorted(others, key=lambda who: (after[who], who)) == others


def test_at_its_end_already_nothing_moves(tmp_path: Path) -> None:
    first, last = folders(tmp_path, 2)
    for folder in (first, last):
        put_in_line(folder, "cpu")
    assert not move(line(tmp_path), first, "up")
    assert not move(line(tmp_path), last, "last")
    assert move(line(tmp_path), last, "first")
    assert [folder for folder, _ in line(tmp_path)] == [last, first]


def test_one_that_does_not_wait_is_not_put_in_line_by_a_move(tmp_path: Path) -> None:
    waits, gone = folders(tmp_path, 2)
    put_in_line(waits, "cpu")
    assert not move(line(tmp_path), gone, "first")
    assert not change_place(gone, 1)
    assert ticket_of(gone) is None


def test_a_ticket_taken_while_it_is_written_stays_taken(tmp_path: Path) -> None:
    """The narrowest moment: the mover has opened the ticket, and a worker takes it before the new place is written."""
    (folder,) = folders(tmp_path, 1)
    put_in_line(folder, "cpu")
    write = os.pwrite

    def late(file: int, text: bytes, offset: int) -> int:
        assert take_out_of_line(folder)
        return write(file, text, offset)

    with patch.object(tickets.os, "pwrite", late):
        assert not change_place(folder, 1)
    assert ticket_of(folder) is None
    assert list(folder.path.iterdir()) == []


def test_a_ticket_that_was_put_in_anew_meanwhile_is_the_one_that_counts(tmp_path: Path) -> None:
    (folder,) = folders(tmp_path, 1)
    put_in_line(folder, "cpu", 5)
    write = os.pwrite

    def late(file: int, text: bytes, offset: int) -> int:
        put_in_line(folder, "cuda:1", 7)
        return write(file, text, offset)

    with patch.object(tickets.os, "pwrite", late):
        change_place(folder, 1)
    ticket = ticket_of(folder)
    assert ticket is not None
    assert (ticket.device, ticket.place) == ("cuda:1", 7)


def test_what_is_taken_while_others_move_never_comes_back_and_no_one_else_is_lost(tmp_path: Path) -> None:
    made = folders(tmp_path, 12)
    for folder in made:
        put_in_line(folder, "cpu")
    begin = threading.Barrier(3)
    unreadable: list[RunFolder] = []

    def shuffle(way: Way) -> None:
        begin.wait()
        for folder in made * 20:
            move(line(tmp_path), folder, way)

    def take() -> None:
        begin.wait()
        for folder in made[::2]:
            assert take_out_of_line(folder)
            unreadable.extend(other for other in made[1::2] if ticket_of(other) is None)

    threads = [
        threading.Thread(target=shuffle, args=("up",)),
        threading.Thread(target=shuffle, args=("first",)),
        threading.Thread(target=take),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {folder for folder, _ in line(tmp_path)} == set(made[1::2])
    assert unreadable == []


@pytest.mark.parametrize("place", [-5, 0, 10**18, 10**19 - 1])
def test_any_place_leaves_a_ticket_that_can_be_read(tmp_path: Path, place: int) -> None:
    (folder,) = folders(tmp_path, 1)
    put_in_line(folder, "cuda:999")
    assert change_place(folder, place)
    ticket = ticket_of(folder)
    assert ticket is not None
    assert (ticket.device, ticket.place) == ("cuda:999", place)
