from __future__ import annotations

import os
from math import isnan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import events as run_events
from tests.builders import let_go, make_run, run_spec
from tests.journal.strategies import events
from tp1tui.journal import tail
from tp1tui.journal.events import Batches, Event, Finished
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lines import encode
from tp1tui.journal.lock import RunLock
from tp1tui.journal.record import RunRecord
from tp1tui.journal.writer import JournalWriter

SPEC = run_spec("cd18-baseline", ["epochs=2", "dataset.train_examples=2560"])
RUN: list[Event] = list(run_events(SPEC.experiment, "finished", begin=1000.0))
JOURNAL = b"".join(map(encode, RUN))


def followed(folder: RunFolder) -> Follower:
    follower = Follower(folder)
    follower.poll()
    return follower


def contents(record: RunRecord) -> str:
    return repr(vars(record))  # repr, since NaN equals nothing


def empty_run(folder: Path) -> RunFolder:
    folder.mkdir()
    return RunFolder(folder)


def test_a_run_without_a_journal_is_followed_from_its_first_line_on(queued: RunFolder) -> None:
    follower = Follower(queued)
    assert not follower.poll()
    with JournalWriter(queued.journal_path) as journal:
        journal.append(RUN[0])
    assert follower.poll()
    assert follower.record.started == RUN[0]
    assert not follower.poll()


@given(st.lists(events, max_size=12), st.data())
@settings(max_examples=60)
def test_a_journal_that_grows_byte_by_byte_is_folded_as_one_read_at_once(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Event], data: st.DataObject
) -> None:
    folder = empty_run(tmp_path_factory.mktemp("follow") / "run")
    journal = b"".join(map(encode, lines))
    cuts = sorted(data.draw(st.lists(st.integers(min_value=0, max_value=len(journal)), max_size=10)))
    follower = Follower(folder)
    for begin, end in zip([0, *cuts], [*cuts, len(journal)], strict=True):
        with folder.journal_path.open("ab") as file:
            file.write(journal[begin:end])
        follower.poll()
    assert contents(follower.record) == contents(followed(folder).record)
    assert len(journal.splitlines()) == len(lines)
    assert follower.torn_bytes == 0


def test_a_torn_last_line_waits_for_its_rest_at_every_byte(tmp_path: Path) -> None:
    folder = empty_run(tmp_path / "run")
    first, second = encode(RUN[0]), encode(RUN[2])
    for cut in range(1, len(second)):
        folder.journal_path.write_bytes(first + second[:cut])
        follower = followed(folder)
        assert (follower.torn_bytes, follower.record.epochs) == (cut, [])
        folder.journal_path.write_bytes(first + second)
        assert follower.poll()
        assert follower.record.damages == []
        assert follower.record.epochs == [RUN[2]]


def test_a_torn_line_that_the_next_writer_cuts_off_is_not_mixed_with_the_next(tmp_path: Path) -> None:
    folder = empty_run(tmp_path / "run")
    torn = encode(RUN[2])[:-9]
    folder.journal_path.write_bytes(encode(RUN[0]) + torn)
    follower = followed(folder)
    with JournalWriter(folder.journal_path) as journal:
        assert journal.cut_bytes == len(torn)
        journal.append(RUN[-1])
    assert follower.poll()
    assert follower.record.damages == []
    assert follower.record.finished == RUN[-1]


@given(st.integers(min_value=0, max_value=8 * len(JOURNAL) - 1))
@settings(max_examples=300, deadline=None)
def test_a_bit_flipped_anywhere_is_noticed_and_never_gives_a_wrong_figure(
    tmp_path_factory: pytest.TempPathFactory, bit: int
) -> None:
    folder = empty_run(tmp_path_factory.mktemp("flip") / "run")
    flipped = bytearray(JOURNAL)
    flipped[bit // 8] ^= 1 << bit % 8
    folder.journal_path.write_bytes(flipped)
    follower = followed(folder)
    record, whole = follower.record, _whole()
    assert record.damages or follower.torn_bytes
    assert all(epoch in whole.epochs for epoch in record.epochs)
    assert all(change in whole.changes for change in record.changes)
    pairs = zip(record.losses, whole.losses, strict=False)
    assert all(loss == right or isnan(loss) for loss, right in pairs)


def test_a_damaged_line_is_told_by_its_number(tmp_path: Path) -> None:
    folder = empty_run(tmp_path / "run")
    lines = JOURNAL.splitlines(keepends=True)
    lines[4] = lines[4].replace(b"0", b"1", 1)
    folder.journal_path.write_bytes(b"".join(lines))
    follower = followed(folder)
    assert [damage.text for damage in follower.record.damages] == [
        "Line 5 of the journal is damaged and was skipped: its checksum does not match."
    ]
    assert follower.record.finished


def test_troubles_tell_damaged_lines_and_what_a_dead_worker_left(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="running")
    follower = followed(folder)
    assert (follower.state(), follower.troubles) == ("running", [])
    with folder.journal_path.open("ab") as journal:
        journal.write(b"x\n" * 5 + encode(RUN[2])[:30])
    follower.poll()
    damages = follower.troubles
    assert len(damages) == 4
    assert damages[-1] == "So were 2 more lines."
    let_go(folder)
    assert follower.state() == "interrupted"
    assert follower.troubles[:-1] == damages
    assert follower.troubles[-1].startswith("The last line of the journal, 30 bytes, has no end")


def test_a_journal_that_shrank_or_was_replaced_is_read_anew(tmp_path: Path) -> None:
    folder = empty_run(tmp_path / "run")
    folder.spec_path.touch()
    folder.journal_path.write_bytes(JOURNAL)
    follower = followed(folder)
    folder.journal_path.write_bytes(encode(RUN[0]))
    assert follower.poll()
    assert contents(follower.record) == contents(followed(folder).record)

    longer = encode(RUN[1]) + JOURNAL
    other = tmp_path / "other"
    other.write_bytes(longer)
    other.replace(folder.journal_path)
    assert follower.poll()
    assert contents(follower.record) == contents(followed(folder).record)

    folder.journal_path.unlink()
    assert follower.poll()
    assert follower.record.started is None


def test_following_costs_nothing_while_nothing_happens(finished: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    follower = followed(finished)
    monkeypatch.setattr(tail, "opened", lambda *_: pytest.fail("read a journal that had not changed"))
    assert not follower.poll()


def test_a_run_that_ends_between_two_looks_never_seems_interrupted(queued: RunFolder) -> None:
    lock = RunLock(queued)
    lock.acquire()
    with JournalWriter(queued.journal_path) as journal:
        journal.append(RUN[0])
        follower = followed(queued)
        assert follower.state() == "running"
        journal.append(Finished(time=2000, step=0, outcome="finished"))
    lock.release()
    assert follower.state() == "finished"
    assert follower.poll(), "what state() has read is news still"
    assert not follower.poll()


def test_each_state_is_recognized_in_a_folder(tmp_path: Path) -> None:
    for state in ("queued", "running", "paused", "finished", "stopped", "failed", "interrupted"):
        assert followed(make_run(tmp_path, state=state)).state() == state


def test_a_worker_that_dies_leaves_an_interrupted_run(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="paused")
    follower = followed(folder)
    assert follower.state() == "paused"
    let_go(folder)
    assert follower.state() == "interrupted"


@pytest.mark.skipif(os.name != "posix", reason="a folder stands for a journal that cannot be read")
def test_a_journal_that_cannot_be_read_raises(tmp_path: Path) -> None:
    folder = empty_run(tmp_path / "run")
    folder.journal_path.mkdir()
    with pytest.raises(IsADirectoryError):
        Follower(folder).poll()


def _whole() -> RunRecord:
    record = RunRecord()
    for event in RUN:
        record.apply(event)
    return record


def test_the_run_of_these_tests_has_batches_before_and_after_an_epoch() -> None:
    assert sum(isinstance(event, Batches) for event in RUN) == 2


def test_lines_longer_than_what_is_read_at_once_are_read_whole(
    finished: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = followed(finished).record
    monkeypatch.setattr(tail, "_BUFFER", 97)
    assert contents(followed(finished).record) == contents(whole)
