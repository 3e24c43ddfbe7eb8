from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import let_go, make_run, make_sweep
from tp1tui.journal.estimate import paces
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.listing import list_runs
from tp1tui.journal.tickets import put_in_line
from tp1tui.tui.line.rows import line_rows, row_lines
from tp1tui.tui.line.words import is_held_up, ordinal, place_in_words
from tp1tui.worker.line import LineReader

NOW = datetime(2026, 11, 23, 23, 59, 30, tzinfo=UTC)
TWO_GPUS = ("cuda:0", "cuda:1", "cpu")


def waits(runs_dir: Path, device: str, seed: int, preset: str = "digits") -> RunFolder:
    folder = make_run(runs_dir, preset, state="queued", seed=seed)
    put_in_line(folder, device, seed)
    return folder


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "first"),
        (3, "third"),
        (10, "tenth"),
        (11, "11th"),
        (21, "21st"),
        (22, "22nd"),
        (103, "103rd"),
        (112, "112th"),
    ],
)
def test_ordinals(number: int, word: str) -> None:
    assert ordinal(number) == word


def test_a_run_s_place_names_what_it_waits_for(tmp_path: Path) -> None:
    going = make_run(tmp_path, "cd18", state="running")
    first, second = waits(tmp_path, "cpu", 1, "cd29"), waits(tmp_path, "auto", 2)
    line = LineReader(tmp_path, ("cpu",)).read()
    let_go(going)
    assert place_in_words(line, first.id, served=True) == "first in line on cpu; starts when cd18-baseline is done"
    assert place_in_words(line, second.id, served=True).startswith("second in line on cpu; starts when cd29-")
    assert place_in_words(line, second.id, served=False) == "second in line on cpu; no process starts it"
    assert place_in_words(line, going.id, served=True) == ""


def test_a_paused_run_is_said_to_hold_up_what_waits(tmp_path: Path) -> None:
    paused = make_run(tmp_path, "cd18", state="paused")
    first, second = waits(tmp_path, "cpu", 1, "cd29"), waits(tmp_path, "cpu", 2)
    line = LineReader(tmp_path, ("cpu",)).read()
    let_go(paused)
    name = paused.id.partition("_")[2]
    assert place_in_words(line, first.id, served=True) == (
        f"first in line on cpu: {name} is paused, and it starts when that is resumed and done"
    )
    assert "second in line on cpu: " in place_in_words(line, second.id, served=True)
    assert is_held_up(line, second.id)
    assert place_in_words(line, second.id, served=False) == "second in line on cpu; no process starts it"


def test_a_paused_run_on_one_of_two_devices_holds_nothing_up(tmp_path: Path) -> None:
    paused, first = make_run(tmp_path, "cd18", state="paused"), waits(tmp_path, "cuda", 1)
    line = LineReader(tmp_path, TWO_GPUS).read()
    let_go(paused)
    assert not is_held_up(line, first.id)


def test_with_an_idle_device_a_run_starts_in_a_moment(tmp_path: Path) -> None:
    first = waits(tmp_path, "auto", 1)
    line = LineReader(tmp_path, TWO_GPUS).read()
    assert place_in_words(line, first.id, served=True) == "first in line on any GPU; starts in a moment"


def test_a_sweep_s_member_is_named_by_its_point(tmp_path: Path) -> None:
    make_sweep(tmp_path, states=("queued",))
    line = LineReader(tmp_path, ("cpu",)).read()
    second = line[0].waiting[1].run.id
    assert "starts when digits, learning rate 0.003 is done" in place_in_words(line, second, served=True)


def test_rows_tell_when_what_waits_will_start(tmp_path: Path) -> None:
    going = make_run(tmp_path, "cd18", state="running", epochs=12, host=socket.gethostname())
    like, unlike = waits(tmp_path, "cpu", 1, "cd18"), waits(tmp_path, "cpu", 2)
    last = waits(tmp_path, "cpu", 3)
    line, known = LineReader(tmp_path, ("cpu",)).read(), paces(list_runs(tmp_path))
    let_go(going)
    rows = {row.run.id: row for row in line_rows(line, known, served=True)}
    assert list(rows) == [going.id, like.id, unlike.id, last.id]
    assert rows[like.id].starts_in == rows[going.id].takes
    left, needed = rows[like.id].starts_in, rows[like.id].takes
    assert left is not None
    assert needed is not None
    assert rows[unlike.id].starts_in == left + needed
    assert (rows[unlike.id].takes, rows[last.id].starts_in) == (None, None)
    table = row_lines(list(rows.values()), 100, NOW)
    assert table.head.split()[:4] == ["run", "of", "state", "epoch"]
    assert "24 Nov 00:0" in table.rows[1]
    assert [row.split()[0] for row in table.rows] == ["cd18-baseline", "1", "2", "3"]


def test_of_a_line_that_nobody_serves_nothing_tells_when(tmp_path: Path) -> None:
    waits(tmp_path, "cpu", 1)
    (row,) = line_rows(LineReader(tmp_path, ("cpu",)).read(), [], served=False)
    assert row.starts_in is None


def test_at_80_columns_the_start_stays_in_sight(tmp_path: Path) -> None:
    waits(tmp_path, "cpu", 1)
    rows = line_rows(LineReader(tmp_path, ("cpu",)).read(), [], served=True)
    table = row_lines(rows, 56, NOW)
    assert "starts in" in table.head
    assert "changes" not in table.head
