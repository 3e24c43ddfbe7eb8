from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import make_run
from tp1tui.journal.commands import Pause, Resume, Stop, SwitchTo, send
from tp1tui.journal.folder import RunFolder
from tp1tui.worker.inbox import Inbox, Left


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path, epochs=1)


def test_what_was_asked_of_an_earlier_worker_is_forgotten(folder: RunFolder) -> None:
    send(folder, Stop())
    assert list(Inbox(folder)) == []


def test_what_one_reader_leaves_is_for_the_next_in_order(folder: RunFolder) -> None:
    inbox = Inbox(folder)
    for command in (Pause(), Resume(), Stop()):
        send(folder, command)
    assert next(iter(inbox)) == Pause()
    send(folder, SwitchTo(switch="dropout", on=True))
    assert list(inbox) == [Resume(), Stop(), SwitchTo(switch="dropout", on=True)]


def test_a_stop_ends_what_comes_before_the_first_batch(folder: RunFolder) -> None:
    inbox = Inbox(folder)
    send(folder, Stop())
    with pytest.raises(Left) as left:
        inbox.check()
    assert left.value.stopped


def test_other_commands_wait_for_the_first_batch(folder: RunFolder) -> None:
    inbox = Inbox(folder)
    send(folder, Pause())
    inbox.check()
    assert list(inbox) == [Pause()]


def test_a_signal_to_leave_gives_the_run_no_end(folder: RunFolder) -> None:
    inbox = Inbox(folder)
    inbox.leave = True
    with pytest.raises(Left) as left:
        inbox.check()
    assert not left.value.stopped
