from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp1tui.journal import atomic
from tp1tui.journal.commands import (
    BadCommand,
    Command,
    CommandError,
    Pause,
    ProbeExample,
    Resume,
    Stop,
    SwitchTo,
    send,
    take,
)
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.experiment import SWITCHES
from tp1tui.spec.live import ProbeOf

any_command: st.SearchStrategy[Command] = st.one_of(
    *(st.just(command) for command in (Pause(), Resume(), Stop())),
    st.builds(ProbeExample, of=st.builds(ProbeOf, number=st.integers(1, 10**6))),
    st.builds(SwitchTo, switch=st.sampled_from(SWITCHES), on=st.booleans()),
)


@given(st.lists(any_command, max_size=6))
@settings(max_examples=25)
def test_commands_are_taken_in_the_order_in_which_they_were_given_and_only_once(
    tmp_path_factory: pytest.TempPathFactory, commands: list[Command]
) -> None:
    folder = RunFolder(tmp_path_factory.mktemp("run"))
    names = [send(folder, command) for command in commands]
    assert names == sorted(names)
    assert take(folder) == commands
    assert take(folder) == []


@pytest.mark.chaos
@given(st.lists(st.tuples(any_command, st.integers(0, 2**61)), max_size=6))
@settings(max_examples=25)
def test_no_clock_changes_the_order(
    tmp_path_factory: pytest.TempPathFactory, commands: list[tuple[Command, int]]
) -> None:
    folder = RunFolder(tmp_path_factory.mktemp("run"))
    for command, clock in commands:
        with patch("tp1tui.journal.commands.time.time_ns", lambda: clock):  # noqa: B023 - called here
            send(folder, command)
    assert take(folder) == [command for command, _ in commands]


def test_a_command_appears_whole_or_not_at_all(queued: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = atomic.flush
    looked: list[int] = []

    def look(file: object) -> None:
        flush(file)  # type: ignore[arg-type]
        looked.append(len(take(queued)))

    monkeypatch.setattr(atomic, "flush", look)
    send(queued, Pause())
    assert looked == [0]
    assert take(queued) == [Pause()]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"kind":"dance"}', b'{"kind":"pause","now":true}', b'{"kind":"switch"}', b"\xff", b" " * 9999],
)
def test_a_damaged_or_foreign_file_is_removed_and_told_and_the_others_are_obeyed(
    queued: RunFolder, content: bytes
) -> None:
    (queued.commands_dir / "00000-odd.json").write_bytes(content)
    send(queued, Stop())
    bad, stop = take(queued)
    assert isinstance(bad, BadCommand)
    assert "00000-odd.json" in bad.text
    assert stop == Stop()
    assert list(queued.commands_dir.iterdir()) == []


def test_what_is_no_plain_file_is_never_read(queued: RunFolder, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(Stop().model_dump_json())
    (queued.commands_dir / "1-link.json").symlink_to(secret)
    os.mkfifo(queued.commands_dir / "2-pipe.json")
    (queued.commands_dir / "3-folder").mkdir()
    (queued.commands_dir / ".4-being-written.json").write_text("{")
    assert [type(command) for command in take(queued)] == [BadCommand, BadCommand]
    assert secret.exists()
    assert take(queued) == []


def test_a_command_that_cannot_be_removed_is_not_obeyed_again_and_again(
    queued: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(queued, SwitchTo(switch="dropout", on=True))

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    assert take(queued) == []


def test_a_run_that_lost_its_empty_folder_of_commands_can_be_commanded_still(queued: RunFolder) -> None:
    shutil.rmtree(queued.commands_dir)
    assert take(queued) == []
    send(queued, Pause())
    assert take(queued) == [Pause()]


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(queued: RunFolder) -> None:
    shutil.rmtree(queued.commands_dir)
    queued.commands_dir.write_text("in the way")
    with pytest.raises(CommandError, match=r"cannot be given a command: .*commands cannot be written \(File exists\)"):
        send(queued, Pause())


def test_a_command_to_a_run_that_is_gone_begins_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is gone: it was moved or removed"):
        send(RunFolder(tmp_path / "run"), Stop())
    assert list(tmp_path.iterdir()) == []
