"""Anything may lie in the place of a file: whoever looks is told in a sentence, at once and in little memory."""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.builders import make_run, make_sweep
from tests.chaos.test_fuzz import told
from tests.cli.calls import call
from tests.tui.bench_lab import MIDDLE, at_home, lab
from tests.tui.test_runs_screen import looked
from tp1tui.journal.answers import Answer, AnswerError, Answers
from tp1tui.journal.commands import BadCommand, take
from tp1tui.journal.follow import Follower
from tp1tui.journal.lines import Damage
from tp1tui.journal.listing import list_runs
from tp1tui.journal.tail import MOST_BYTES, Tail
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset_files import PresetLibrary, UnknownPreset
from tp1tui.spec.steering import steers
from tp1tui.tui.keymap.keys_file import read_keys
from tp1tui.tui.preferences import PreferencesFile
from tp1tui.tui.widgets.run_table import RunTable

__all__ = ["at_home"]

HUGE = 1 << 28
MUCH = 100 << 20
"""Bytes of memory that nothing here may take: far less than the file has."""
PATIENCE = 60
"""Seconds after which a look counts as one that never ends."""


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def bound_socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # a socket's path may have 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def circle(path: Path) -> None:
    path.symlink_to(path.name)


STRANGE: dict[str, Callable[[Path], None]] = {
    "more than memory": huge,
    "a pipe": os.mkfifo,
    "a socket": bound_socket,
    "a folder": Path.mkdir,
    "a link in a circle": circle,
    "a link to what never ends": endless,
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00" * 100) and None,
    "nested": lambda path: path.write_text(f"a = {'[' * 20_000}") and None,
}
strange = pytest.mark.parametrize("put", STRANGE.values(), ids=STRANGE)
PLACES = (
    "experiment.toml", "journal.jsonl", "labels.toml", "ticket.json", "prediction.md", "worker.lock", "worker.log",
    "checkpoints/last.pt", "checkpoints", "commands", "plots",
)  # fmt: skip


@contextmanager
def at_once() -> Iterator[None]:
    """Fail where something waits for ever, or takes memory as large as the file."""

    def too_long(*_: object) -> None:
        raise AssertionError("it never ends")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(PATIENCE)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        yield
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < MUCH >> 10
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def put_at(path: Path, put: Callable[[Path], None]) -> None:
    if path.is_dir():
        path.rename(path.with_name("aside"))
    path.unlink(missing_ok=True)
    put(path)


def sentences(*words: str | Path) -> str:
    """What a verb says; never a traceback, and nothing that steers the terminal."""
    result = call(*words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
    assert "Traceback" not in result.output
    assert not steers(result.output)
    return result.output


@strange
def test_every_verb_that_looks_at_a_run_tells_what_lies_there(
    tmp_path: Path, put: Callable[[Path], None], record_property: Callable[[str, object], None]
) -> None:
    for number, place in enumerate(PLACES):
        runs = tmp_path / str(number)
        folder = make_run(runs, "digits", epochs=1)
        put_at(folder.path / place, put)
        with at_once():
            for verb in ("show", "doctor", "export", "compare"):
                sentences(verb, folder.id, "--runs-dir", runs)
            sentences("runs", "--runs-dir", runs)
            assert [run.id for run in list_runs(runs)] in ([folder.id], [])
        record_property("tried", place)


@strange
def test_a_folder_of_runs_in_which_anything_lies_lists_its_runs(tmp_path: Path, put: Callable[[Path], None]) -> None:
    folder = make_run(tmp_path, "digits", epochs=1)
    for name in ("strange", "an old\nname", "\x1b[2J", "2026-11-23T10-15-00_digits_zzzz", ".index.json", "answers"):
        put(tmp_path / name)
    with at_once():
        assert [run.id for run in list_runs(tmp_path)] == [folder.id]
        assert folder.id[-4:] in sentences("runs", "--runs-dir", tmp_path)
        for verb in ("answers", "line"):
            sentences(verb, "--runs-dir", tmp_path)
        sentences("trash", "list", "--runs-dir", tmp_path)


@strange
def test_a_sweep_whose_page_is_none_is_told(tmp_path: Path, put: Callable[[Path], None]) -> None:
    sweep = make_sweep(tmp_path, states=["finished"], epochs=1)
    put_at(sweep.spec_path, put)
    with at_once():
        for verb in ("show", "doctor", "export"):
            sentences(verb, sweep.id, "--runs-dir", tmp_path)
        assert len(list_runs(tmp_path)) == 5


@strange
def test_a_command_that_is_none_is_told_and_goes(tmp_path: Path, put: Callable[[Path], None]) -> None:
    folder = make_run(tmp_path, "digits", epochs=1)
    put(folder.commands_dir / "1.json")
    with at_once():
        taken = take(folder)
    assert all(isinstance(command, BadCommand) for command in taken)


@strange
def test_settings_presets_and_answers_are_told(tmp_path: Path, put: Callable[[Path], None]) -> None:
    for name in ("preferences.toml", "keys.toml", "mine.toml"):
        put(tmp_path / name)
    answers = Answers(tmp_path)
    answers.folder.mkdir()
    put(answers.path("cd18"))
    library = PresetLibrary([("mine", tmp_path)])
    with at_once():
        assert PreferencesFile(tmp_path).fault.endswith(".")
        assert all(fault.endswith(".") for fault in read_keys(tmp_path).faults)
        assert "mine" in str(told(lambda: library.load(library.find("mine")), (SpecError, UnknownPreset)))
        assert isinstance(told(lambda: answers.read("cd18"), AnswerError), str | Answer)
        answers.has_changed("cd18", Answer())


def test_a_line_longer_than_any_is_damage_and_the_next_one_is_read(tmp_path: Path) -> None:
    folder = make_run(tmp_path, "digits", epochs=1)
    lines = folder.journal_path.read_bytes().splitlines(keepends=True)
    with folder.journal_path.open("wb") as journal:
        journal.write(lines[0])
        journal.truncate(len(lines[0]) + 3 * MOST_BYTES)
        journal.seek(0, os.SEEK_END)
        journal.write(b"\n" + b"".join(lines[1:]))
    with at_once():
        follower = Follower(folder)
        assert follower.state() == "finished"
    assert follower.record.damages == [Damage("it does not end with its checksum", line=2)]
    assert len(follower.record.epochs) == 2


def test_a_line_as_long_as_may_be_is_whole_and_of_a_longer_one_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"a" * 9 + b"\n" + b"b" * 10 + b"\n" + b"c" * 11 + b"\n" + b"d" * 30)
    monkeypatch.setattr("tp1tui.journal.tail.MOST_BYTES", 10)
    tail = Tail(path)
    assert list(tail.lines()) == [b"a" * 9 + b"\n", b"", b"", b""]
    assert tail.line == 4
    assert not tail.restarted()


async def test_the_screen_lists_what_can_be_read_among_all_that_cannot(at_home: Path) -> None:
    runs = at_home / "runs"
    whole = make_run(runs, "digits", epochs=1, seed=99)
    for seed, place in enumerate(PLACES[:6]):
        for kind, put in enumerate(STRANGE.values()):
            folder = make_run(runs, "digits", epochs=1, seed=100 + 10 * seed + kind)
            put_at(folder.path / place, put)
    for number, put in enumerate(STRANGE.values()):
        put(runs / f"2026-11-23T10-15-00_digits_zzz{number}")
    app: Any = lab()
    with at_once():
        async with app.run_test(size=MIDDLE) as pilot:
            await pilot.press("r")
            await looked(app, pilot)
            text = app.screen.query_one(RunTable).text
    assert "unreadable" in text
    assert whole.path.exists()


def test_a_run_without_permission_hides_no_other(tmp_path_factory: pytest.TempPathFactory) -> None:
    """As a user that may not do everything, where this is one who may."""
    import tempfile

    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        runs = Path(place) / "runs"
        whole, closed = make_run(runs, "digits", epochs=1), make_run(runs, "digits", epochs=1, seed=1)
        for path in (runs, whole.path, *whole.path.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        Path(place).chmod(0o755)
        closed.path.chmod(0)
        stranger = os.getuid() == 0
        try:
            if stranger:
                os.seteuid(65534)
            listed = {run.id: run.problem for run in list_runs(runs)}
            told = sentences("runs", "--runs-dir", runs)
            for verb in ("show", "doctor", "export"):
                sentences(verb, closed.id, "--runs-dir", runs)
        finally:
            if stranger:
                os.seteuid(0)
            closed.path.chmod(0o700)
    assert listed[whole.id] is None
    assert whole.id[-4:] in told
