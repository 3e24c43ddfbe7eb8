"""The main job, by hand: real processes, a real terminal, real images."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.tmux import Tmux, needs_tmux
from tests.waiting import until, until_record, until_state
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import is_held

pytestmark = [pytest.mark.end_to_end, needs_tmux]

SCRIPT = Path(sys.executable).with_name("tp1tui")
# Digits again, for as long as the test needs; a preset of the folder one stands in.
LONG = """
title = "digits for a long time"
question = "How long can one learn digits?"
[experiment]
extends = "digits"
epochs = 100000
"""

OpenTerminal = Callable[..., Tmux]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder a student works in."""
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "long-digits.toml").write_text(LONG)
    return tmp_path


@pytest.fixture
def terminal(desk: Path) -> Iterator[OpenTerminal]:
    opened: list[Tmux] = []

    def open_terminal(*words: str, columns: int = 120, rows: int = 40) -> Tmux:
        opened.append(Tmux(" ".join([str(SCRIPT), *words]), desk, columns, rows))
        return opened[-1]

    yield open_terminal
    for window in opened:
        window.close()
    for folder in runs_in(desk):
        if is_held(folder):
            os.kill(int(folder.lock_path.read_text()), signal.SIGKILL)


def runs_in(desk: Path) -> list[RunFolder]:
    return [RunFolder(path) for path in sorted((desk / "runs").glob("[!.]*"))] if (desk / "runs").is_dir() else []


def the_run(desk: Path) -> RunFolder:
    """The one run, as soon as there is one."""
    return until(lambda: next(iter(runs_in(desk)), None), "a run folder")


def choose(window: Tmux, text: str, shown: str) -> None:
    """Find a preset on the bench by typing a part of it."""
    window.wait_for("welcome to tp1tui")
    window.press("Escape")
    window.wait_for("Start here")
    window.press("/")
    window.press(*text)
    window.press("Enter")
    window.wait_for(shown)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), pytest.param(160, 45, marks=pytest.mark.long)])
def test_choose_start_switch_leave_come_back_and_export(
    desk: Path, terminal: OpenTerminal, columns: int, rows: int
) -> None:
    window = terminal(columns=columns, rows=rows)
    choose(window, "long-digits", "How long can one learn digits?")
    window.press("Enter")

    folder = the_run(desk)
    until_record(folder, lambda record: len(record.epochs) > 2, "two epochs")
    window.wait_for("images/s")
    before = window.screen()
    window.wait_for(lambda screen: "images/s" in screen and screen != before)  # the curve moves

    window.press("a")
    switched = until_record(folder, lambda record: bool(record.changes), "the switch")
    assert (switched.changes[0].switch, switched.changes[0].new) == ("augmentation", True)
    window.wait_for("a on")  # marked on the plot

    window.press("q")
    window.wait_for("tp1tui watch")  # how to come back
    left = until_record(folder, lambda record: record.step > switched.step, "training after leaving")
    until_record(folder, lambda record: record.step > left.step + 50, "training going on with no screen")

    again = terminal("watch", folder.id[-4:], columns=columns, rows=rows)
    again.wait_for("images/s")
    again.press("Space")
    paused = until_state(folder, "paused")
    again.wait_for("paused")
    again.press("e")
    until(lambda: (folder.path / "epochs.csv").exists(), "the CSV")

    epochs = rows_of(folder.path / "epochs.csv")
    assert [int(row["epoch"]) for row in epochs] == [epoch.epoch for epoch in paused.epochs]
    for row, epoch in zip(epochs, paused.epochs, strict=True):
        assert float(row["test_loss"]) == epoch.test_loss
        assert float(row["train_top1"]) == epoch.train_top1
    batches = rows_of(folder.path / "batches.csv")
    assert [float(row["loss"]) for row in batches] == list(paused.losses)

    again.press("x")
    again.wait_for("Stop it")
    again.press("y")
    until_state(folder, "stopped")


def test_a_terminal_that_is_torn_away_takes_no_training_with_it(desk: Path, terminal: OpenTerminal) -> None:
    window = terminal()
    choose(window, "long-digits", "How long can one learn digits?")
    window.press("Enter")
    folder = the_run(desk)
    seen = until_record(folder, lambda record: record.step > 10, "some steps")
    window.close()
    until_record(folder, lambda record: record.step > seen.step + 100, "training without a terminal")
    assert Follower(folder).state() == "running"


def test_the_shell_s_ctrl_c_detaches_and_the_run_goes_on(desk: Path, terminal: OpenTerminal) -> None:
    window = terminal("run", "long-digits")
    window.wait_for("images/s")
    folder = the_run(desk)
    window.press("C-c")
    window.wait_for("detach")
    window.press("d", "Enter")
    window.wait_for("goes on.")
    seen = Follower(folder)
    seen.poll()
    until_record(folder, lambda record: record.step > seen.record.step + 50, "training after detaching")


def test_somebody_who_is_new_is_led_to_a_network_that_learns(desk: Path, terminal: OpenTerminal) -> None:
    window = terminal(columns=80, rows=24)
    window.wait_for("welcome to tp1tui")
    window.press("Enter")
    folder = the_run(desk)
    assert folder.spec().preset == "ab2.4-circles-torch-optim"
    until_state(folder, "finished")
    window.wait_for("Done:")
    window.press("5")
    window.wait_for("points are wrong.")
    window.press("Enter")
    window.wait_for(lambda screen: "fetching CIFAR-10" in screen or "CIFAR-10 is here already" in screen)


@pytest.mark.real_data
def test_the_subject_s_network_learns_real_photographs(desk: Path, real_cifar10: object) -> None:
    """A slice of CIFAR-10, and far better than chance after three short epochs."""
    settings = ["epochs=3", "dataset.train_examples=2000", "dataset.test_examples=500", "batch_size=32"]
    words = [word for setting in settings for word in ("--set", setting)]
    result = subprocess.run(
        [SCRIPT, "run", "cd34", *words, "--json"], cwd=desk, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    end = json.loads(result.stdout)
    assert end["state"] == "finished"
    assert end["best_test_top1"] > 30
