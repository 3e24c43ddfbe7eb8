from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journal.test_record import batches, epoch
from tp1tui.journal.events import Paused, Warned
from tp1tui.journal.lines import encode
from tp1tui.journal.writer import JournalWriter

FIRST, SECOND, THIRD = Paused(time=1, step=1), Warned(time=2, step=2, message="é" * 20), Paused(time=3, step=3)


def test_a_line_torn_at_any_byte_is_cut_off_and_the_next_one_stands_alone(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    for cut in range(len(encode(SECOND))):
        journal.write_bytes(encode(FIRST) + encode(SECOND)[:cut])
        with JournalWriter(journal) as writer:
            assert writer.cut_bytes == cut
            writer.append(THIRD)
        assert journal.read_bytes() == encode(FIRST) + encode(THIRD)


def test_a_torn_first_line_is_cut_off_too(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(encode(FIRST)[:-1])
    with JournalWriter(journal) as writer:
        assert writer.cut_bytes == len(encode(FIRST)) - 1
    assert journal.read_bytes() == b""


def test_a_torn_line_longer_than_what_is_read_at_once_is_cut_off(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(encode(FIRST) + b"x" * 300_000)
    with JournalWriter(journal) as writer:
        assert writer.cut_bytes == 300_000
    assert journal.read_bytes() == encode(FIRST)


def test_a_whole_journal_is_left_as_it_is(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(encode(FIRST))
    with JournalWriter(journal) as writer:
        assert writer.cut_bytes == 0
    assert journal.read_bytes() == encode(FIRST)


def test_each_event_is_one_write_so_that_no_reader_sees_two_mixed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, line: written.append(bytes(line)) or write(file, line))
    with JournalWriter(tmp_path / "journal.jsonl") as writer:
        writer.append(FIRST)
        writer.append(SECOND)
        writer.sync()
    assert written == [encode(FIRST), encode(SECOND)]


def test_only_its_owner_may_read_a_journal(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    JournalWriter(journal).close()
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_a_full_disk_raises_and_leaves_only_whole_lines(tmp_path: Path) -> None:
    """The size limit of a process makes the system write a line in part, as a full disk does."""
    journal = tmp_path / "journal.jsonl"
    whole = len(encode(FIRST))
    code = f"""
import resource
from pathlib import Path
from tests.journal.test_record import batches, epoch
from tp1tui.journal.events import Paused, Warned
from tp1tui.journal.writer import JournalWriter
with JournalWriter(Path({str(journal)!r})) as writer:
    writer.append(Paused(time=1, step=1))
    resource.setrlimit(resource.RLIMIT_FSIZE, ({whole + 10}, resource.RLIM_INFINITY))
    try:
        writer.append(Warned(time=2, step=2, message="too long"))
    except OSError as error:
        raised = error
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    writer.append(Paused(time=3, step=3))
assert raised.strerror == "File too large", raised
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert journal.read_bytes() == encode(FIRST) + encode(THIRD)


def test_a_journal_that_cannot_be_opened_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        JournalWriter(tmp_path / "nowhere" / "journal.jsonl")


def test_its_step_is_not_taken_back_by_an_epoch_0_that_is_told_late(tmp_path: Path) -> None:
    with JournalWriter(tmp_path / "journal.jsonl") as writer:
        writer.append(batches(1, [2.0, 1.9]))
        writer.append(epoch(0, 0))
        assert writer.step == 2
