"""The line goes on when the screen that filled it is killed: real processes, a real terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.tmux import Tmux, needs_tmux
from tests.endings import end_all
from tests.waiting import until, until_record, until_state
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.tickets import line

pytestmark = [pytest.mark.end_to_end, needs_tmux]

SCRIPT = Path(sys.executable).with_name("tp1tui")
# Circles: points of the plane, which need no download.
PRESET = """
title = "circles {name}"
question = "What do {name} circles teach?"
[experiment]
extends = "ab2.4-circles-torch-optim"
epochs = {epochs}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """A folder to work in, with two presets; whatever waits or works there at the end is ended."""
    (tmp_path / "presets").mkdir()
    for name, epochs in (("endless", 1_000_000), ("short", 2)):
        (tmp_path / "presets" / f"{name}.toml").write_text(PRESET.format(name=name, epochs=epochs))
    yield tmp_path
    end_all(tmp_path / "runs")


def find(window: Tmux, text: str) -> None:
    """Put the bench's cursor on a preset."""
    window.press("/")
    window.press(*text)
    window.press("Enter")
    window.wait_for(f"What do {text} circles teach?")
    window.wait_for("Enter start")


def test_what_was_put_in_line_is_trained_in_the_order_it_was_given_after_the_screen_is_killed(desk: Path) -> None:
    window = Tmux(f"{SCRIPT} --device cpu", desk, 120, 40)
    try:
        window.wait_for("welcome to tp1tui")
        window.press("Escape")
        window.wait_for("Start here")
        find(window, "endless")
        window.press("Enter")
        first = until(lambda: next(iter((desk / "runs").glob("[!.]*_endless_*")), None), "a run")
        until_state(RunFolder(first), "running")
        window.wait_for("images/s")
        window.press("Escape")
        window.wait_for("What do endless circles teach?")
        window.press("Escape")
        find(window, "short")
        window.press("Enter")
        window.wait_for("First in line on cpu; starts when endless is done.")
        window.press("Enter")
        window.wait_for("Second in line on cpu; starts when short is done.")
        (second, _), (third, _) = line(desk / "runs")
        window.press("Q")
        window.wait_for("2 in line, 1 goes on")
        window.press("End")
        window.wait_for(third.id)
        window.press("K")
        until(lambda: [folder for folder, _ in line(desk / "runs")] == [third, second], "the order to change")
        os.kill(window.pid(), signal.SIGKILL)
    finally:
        window.close()
    send(RunFolder(first), Stop())
    begun = [until_record(folder, lambda record: record.finished is not None, "its end") for folder in (second, third)]
    times = [record.started.time for record in begun if record.started]
    assert len(times) == 2
    assert times[1] < times[0]
