"""How a question's card and the answer to it look, at every size that they are made for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import make_run
from tests.tui.bench_lab import LARGE, MIDDLE, SMALL, at_home, lab
from tests.tui.lab import until
from tests.tui.pictured import every_size
from tp1tui.journal.answers import Answer, Answers
from tp1tui.journal.prediction import freeze
from tp1tui.tui.app import Tp1Tui

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

NAMES = {SMALL: "80x24", MIDDLE: "120x40", LARGE: "200x60"}
ANSWER = """\
## What is wrong

It **overfits**: after epoch 8 test loss rises while training loss goes on falling.

| run | train top-1 | test top-1 |
| --- | ---: | ---: |
| cd18-baseline_k3f9 | 99.2 % | 72.4 % |
"""


def after(*keys: str) -> Any:
    async def run_before(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await app.workers.wait_for_complete()
        await until(pilot, lambda: not app._watch or getattr(app.screen, "watched", None))
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
        await pilot.pause()

    return run_before


@every_size
def test_a_card_without_an_answer(size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(lab(), terminal_size=size, run_before=after("down", "A"))


@every_size
def test_an_answer_being_written(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    Answers(at_home / "runs").write("cd18-baseline", ANSWER, Answer())
    assert snap_compare(lab(), terminal_size=size, run_before=after("down", "A", "enter", "down", "end"))


@every_size
def test_a_run_s_card_with_the_answer_as_it_will_look(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    freeze(folder.path, "about 72 %, and it overfits")
    Answers(at_home / "runs").write("cd18-baseline", ANSWER, Answer())
    app = Tp1Tui(Path("runs"), "cpu", watch=folder)
    assert snap_compare(app, terminal_size=size, run_before=after("A", "ctrl+o"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=NAMES.get)
def test_a_run_with_what_was_expected_of_it(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    freeze(folder.path, "about 72 %, and it overfits after ten epochs")
    assert snap_compare(Tp1Tui(Path("runs"), "cpu", watch=folder), terminal_size=size, run_before=after())


def test_the_light_look(snap_compare: Any, at_home: Path) -> None:
    Answers(at_home / "runs").write("cd18-baseline", ANSWER, Answer())
    assert snap_compare(lab(), terminal_size=MIDDLE, run_before=after("ctrl+t", "down", "A", "ctrl+o"))
