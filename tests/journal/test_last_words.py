"""What a worker that died left in its log, and no more than that."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.builders import make_run
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.last_words import last_words

CRASH = """\
a warning from long ago
terminate called after throwing an instance of 'c10::Error'
Fatal Python error: Aborted

Current thread 0x00007f0000000000 (most recent call first):
  File "/lab/tp1tui/engine/loop.py", line 71 in _train_epoch
  File "/lab/tp1tui/worker/main.py", line 60 in work

Extension modules: numpy._core._multiarray_umath (total: 1)
"""


@pytest.fixture
def dead(tmp_path: Path) -> RunFolder:
    """A run whose worker is gone."""
    return make_run(tmp_path, epochs=4, state="interrupted")


def say(folder: RunFolder, text: str, seconds_after: int = 1) -> None:
    """Print something, so long after the journal's last line."""
    folder.log_path.write_bytes(text.encode("utf-8", "surrogateescape"))
    written = folder.journal_path.stat().st_mtime_ns + seconds_after * 10**9
    os.utime(folder.log_path, ns=(written, written))


def test_of_a_crash_it_is_what_crashed_and_where(dead: RunFolder) -> None:
    say(dead, CRASH)
    assert last_words(dead) == (
        "terminate called after throwing an instance of 'c10::Error'",
        "Fatal Python error: Aborted",
        'File "/lab/tp1tui/engine/loop.py", line 71 in _train_epoch',
    )


def test_of_anything_else_it_is_the_last_lines(dead: RunFolder) -> None:
    say(dead, "one\n\ntwo\nthree\nfour\n\n")
    assert last_words(dead) == ("two", "three", "four")


def test_what_was_said_before_the_journal_s_last_line_did_not_end_the_worker(dead: RunFolder) -> None:
    say(dead, CRASH, seconds_after=-1)
    assert last_words(dead) == ()


def test_no_log_and_an_empty_one_say_nothing(dead: RunFolder) -> None:
    assert last_words(dead) == ()
    say(dead, "")
    assert last_words(dead) == ()


def test_a_log_of_any_size_and_content_gives_a_few_lines_that_steer_no_terminal(dead: RunFolder) -> None:
    say(dead, "\x1b[2J" + "x" * 100_000 + "\udcff\n" + "y" * 5_000)
    words = last_words(dead)
    assert 0 < len(words) <= 3
    assert all(len(line) <= 300 and "\x1b" not in line for line in words)
