from __future__ import annotations

import errno
import os
from collections.abc import Generator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import let_go, make_run
from tests.journal.strategies import events
from tests.journal.test_follow import RUN, contents, empty_run, followed
from tp1tui.journal import fetch
from tp1tui.journal.events import Event, Finished
from tp1tui.journal.fetch import Fetched, Fetcher
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lines import encode
from tp1tui.journal.lock import RunLock
from tp1tui.journal.tail import Tail
from tp1tui.journal.writer import JournalWriter


@given(st.lists(events, max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_however_late_what_was_fetched_is_taken_in_the_record_is_that_of_the_journal(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Event], data: st.DataObject
) -> None:
    folder = empty_run(tmp_path_factory.mktemp("fetch") / "run")
    follower = Follower(folder)
    waiting: list[Fetched] = []
    journal = b""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch, "PIECE", data.draw(st.integers(1, 2_000)))
        for number, event in enumerate(lines, 1):
            begins_anew = data.draw(st.integers(0, 4)) == 0
            journal = encode(event) if begins_anew else journal + encode(event)
            folder.journal_path.write_bytes(journal)
            os.utime(folder.journal_path, ns=(number, number))  # files that are written so fast have the same time
            for _ in range(data.draw(st.integers(0, 2))):
                waiting += fetched_from_a_bad_disk(follower.fetcher, data.draw(st.integers(0, 12)))
            if data.draw(st.booleans()):
                waiting = take_all(follower, waiting)
        take_all(follower, waiting)
        follower.state()
    assert contents(follower.record) == contents(followed(folder).record)
    assert follower.lines == journal.count(b"\n")


def take_all(follower: Follower, waiting: list[Fetched]) -> list[Fetched]:
    """Take in what waits; returns what waits then."""
    for fetched in waiting:
        follower.take(fetched)
    return []


def fetched_from_a_bad_disk(fetcher: Fetcher, bad: int) -> list[Fetched]:
    """What is fetched where the disk fails after so many lines: nothing, unless that is all that is fetched at once."""
    whole = Tail.lines

    def broken(tail: Tail) -> Generator[bytes, None, None]:
        yield from islice(whole(tail), bad)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tail, "lines", broken)
        try:
            return [fetcher.run()]
        except OSError:
            return []


def test_a_long_journal_is_fetched_in_pieces_and_the_last_one_says_who_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(tmp_path, state="running")
    monkeypatch.setattr(fetch, "PIECE", folder.journal_path.stat().st_size // 3)
    fetcher = Fetcher(folder)
    pieces = [fetcher.run()]
    while pieces[-1].more:
        pieces.append(fetcher.run())
    assert len(pieces) > 2
    assert [piece.alive for piece in pieces] == [None] * (len(pieces) - 1) + [True]
    numbers = [number for piece in pieces for number, _ in piece.lines]
    assert numbers == list(range(1, len(numbers) + 1))


def test_in_the_middle_of_a_journal_a_run_that_is_over_does_not_seem_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(tmp_path, state="finished")
    monkeypatch.setattr(fetch, "PIECE", 1)
    follower, states = Follower(folder), set()
    more = True
    while more:
        fetched = follower.fetcher.run()
        follower.take(fetched)
        states.add(follower.last_state)
        more = fetched.more
    assert "interrupted" not in states
    assert follower.last_state == "finished"


def test_looks_at_what_has_not_changed_are_equal(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="running")
    fetcher = Fetcher(folder)
    assert fetcher.run() != fetcher.run()
    assert fetcher.run() == fetcher.run()
    before = fetcher.run()
    let_go(folder)
    assert fetcher.run() != before


def test_fetching_touches_no_record(tmp_path: Path) -> None:
    follower = Follower(make_run(tmp_path))
    fetched = follower.fetcher.run()
    assert follower.record.last is None
    assert follower.take(fetched)
    assert follower.record.last is not None
    assert follower.last_state == "finished"


def test_a_worker_that_comes_and_writes_while_one_looks_is_alive(
    queued: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock was free when it was asked, and lines of whoever took it were read after that."""
    queued.journal_path.write_bytes(encode(RUN[0]))
    lock, changed = RunLock(queued), Tail.changed

    def comes(tail: Tail) -> bool:
        lock.acquire()
        return changed(tail)

    monkeypatch.setattr(Tail, "changed", comes)
    try:
        assert Fetcher(queued).run().alive
    finally:
        lock.release()


def test_a_run_that_ends_between_fetching_and_taking_in_is_over_at_the_next_look(queued: RunFolder) -> None:
    lock = RunLock(queued)
    lock.acquire()
    follower = Follower(queued)
    with JournalWriter(queued.journal_path) as journal:
        journal.append(RUN[0])
        early = follower.fetcher.run()
        journal.append(Finished(time=2e9, step=0, outcome="finished"))
    lock.release()
    late = follower.fetcher.run()
    follower.take(early)
    assert follower.last_state == "running"
    follower.take(late)
    assert follower.last_state == "finished"
