"""Whatever a stranger writes into runs, presets and answers: every screen shows it as text, and none obeys it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.geometry import Size
from textual.pilot import Pilot

from tests.builders import make_measure, make_run, make_sweep
from tests.chaos.evil import EVIL, LONG, MARKUP, PLACE, PRESET, bewitch, evil_preset
from tests.chaos.lone_terminal import LoneTerminal
from tests.cli.calls import answer, call
from tests.tui.all_screens import drawn
from tests.tui.bench_lab import at_home, library
from tests.tui.lab import until
from tp1tui.journal.answers import Answer, Answers
from tp1tui.journal.events import Failed
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import put_in_line
from tp1tui.spec.steering import steers
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.confirm import ConfirmModal
from tp1tui.tui.terminal.difference import Shown

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

SIZE = (160, 48)
SIGN = "[bold red]mine[/]"
"""What is to be read where evil words are shown, markup and all."""
OURS = re.compile(r"\x1b\[[0-9;]*[mH]")
"""What the screens send besides text: colours, and moves of the cursor."""
Record = Callable[[str, object], None]


@dataclass(frozen=True)
class Walk:
    """From screen to screen."""

    make: Callable[[], Any]
    """Makes what the app opens on, if anything."""
    stops: tuple[tuple[str, str, str], ...]
    """Keys, the screen that they lead to, and what is to be read there."""


@pytest.fixture(autouse=True)
def strangers(at_home: Path) -> None:
    """Their presets, and an answer."""
    evil_preset(at_home / "presets")
    Answers(Path("runs")).write(PRESET, f"{EVIL}\n\n<b>{MARKUP}</b> [x](file:///etc/passwd)\n\n# {MARKUP}\n", Answer())


def evil_run(seed: int = 0, state: RunState = "failed") -> RunFolder:
    """A run of the evil preset."""
    folder = make_run(Path("runs"), PRESET, 4, state, seed, host=PLACE)
    bewitch(
        folder, *([Failed(time=1.8e9, step=0, reason=f"{PLACE} {LONG}", details=PLACE)] if state == "failed" else [])
    )
    return folder


def evil_folder() -> None:
    """All kinds of runs in one folder, one of them with labels that cannot be read."""
    evil_run()
    (evil_run(1, "stopped").path / "labels.toml").write_text(f"name = {json.dumps(EVIL)}\n")
    waiting = make_run(Path("runs"), PRESET, state="queued", seed=2)
    put_in_line(waiting, f"cpu {MARKUP}")
    evil_measure()


def evil_sweep() -> SweepFolder:
    sweep = make_sweep(Path("runs"), PRESET, ["batch_size=16,32", 'precision="tf32","fp32"'], ["failed"], epochs=4)
    for _, folder in sweep.runs():
        bewitch(folder, Failed(time=1.8e9, step=0, reason=PLACE))
    return sweep


def evil_measure() -> RunFolder:
    folder = make_measure(Path("runs"))
    bewitch(folder)
    return folder


WALKS: dict[str, Walk] = {
    "bench": Walk(
        evil_folder,
        (
            ("slash ] e v enter", "BenchScreen", SIGN),
            ("2 3 4 1 e", "BenchScreen", SIGN),
            ("L", "EditModal", SIGN),
            ("escape escape i", "PicturesScreen", ""),
            ("escape A", "QuestionScreen", "\ufffd31m\ufffdgpj.exe"),
            ("ctrl+o", "QuestionScreen", "\ufffd31m\ufffdgpj.exe"),
            ("ctrl+o escape escape r", "RunsScreen", SIGN),
            ("down", "RunsScreen", SIGN),
            ("down", "RunsScreen", SIGN),
            ("down", "RunsScreen", "failed: "),
            ("N", "EditModal", SIGN),
            ("escape Q", "LineScreen", SIGN),
            ("7", "DeviceScreen", ""),
        ),
    ),
    "run": Walk(
        evil_run,
        (
            ("", "RunScreen", SIGN),
            ("t", "RunScreen", SIGN),
            ("question_mark", "HelpModal", SIGN),
            ("escape ctrl+p", "Palette", SIGN),
            ("escape 4", "ResultsScreen", SIGN),
            ("down down down down down", "ResultsScreen", SIGN),
            ("escape A", "QuestionScreen", SIGN),
            ("escape", "RunScreen", SIGN),
            ("e", "RunScreen", "Exported"),
        ),
    ),
    "sweep": Walk(
        evil_sweep,
        (("", "SweepScreen", SIGN), ("2 3 4 6 t", "SweepScreen", SIGN), ("A", "QuestionScreen", SIGN)),
    ),
    "compare": Walk(
        lambda: [evil_run(), evil_run(1)],
        (("", "CompareScreen", "[red]"), ("d y t b o w", "CompareScreen", "[red]")),
    ),
    "measure": Walk(
        evil_measure,
        (("", "MeasureScreen", "linear SVM"), ("down", "MeasureScreen", SIGN), ("f", "PlotScreen", "training images")),
    ),
}


REST = ("bench", "sweep", "compare")
"""Left to the long tests: their widgets are those of the others."""


def audit(pilot: Pilot[Any]) -> None:
    """See that the screen shows text and nothing else."""
    strips = pilot.app.screen._compositor.render_strips()
    rows = [strip.text for strip in strips]
    assert [row for row in rows if steers(row)] == []
    assert {cell_len(row) for row in rows} <= {0, SIZE[0]}
    for style in (segment.style for strip in strips for segment in strip if segment.style):
        assert style.link is None
        assert "app.quit" not in str(style.meta)


def is_there(pilot: Pilot[Any], name: str, words: str) -> bool:
    return type(pilot.app.screen).__name__ == name and words in "\n".join(drawn(pilot))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a terminal is sent, piece by piece."""
    pieces: list[str] = []
    changes, console = Shown.changes, Console(color_system="truecolor", force_terminal=True)

    def remembered(self: Shown, update: CompositorUpdate, size: Size) -> CompositorUpdate | None:
        found = changes(self, update, size)
        pieces.append(found.render_segments(console) if found else "")
        return found

    monkeypatch.setattr(Shown, "changes", remembered)
    monkeypatch.setattr(Tp1Tui, "_sends", property(lambda app: not app._batch_count))
    return pieces


@pytest.mark.parametrize(
    "walk",
    [pytest.param(walk, marks=pytest.mark.long) if name in REST else walk for name, walk in WALKS.items()],
    ids=WALKS,
)
async def test_screens_show_evil_words_and_obey_none(walk: Walk, sent: list[str], record_property: Record) -> None:
    watch = walk.make()
    app = Tp1Tui(Path("runs"), "cpu", watch=watch, library=library(Path()))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        for keys, name, words in walk.stops:
            for key in keys.split():
                await pilot.press(key)
                audit(pilot)
            await until(pilot, partial(is_there, pilot, name, words))
            audit(pilot)
            record_property("evil_stops", 1)
    assert "[red]" in "".join(sent)
    assert not steers(OURS.sub("", "".join(sent)))


async def test_what_is_said_in_passing_and_in_dialogs_is_no_markup() -> None:
    app = Tp1Tui(Path("runs"), "cpu", library=library(Path()))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app.notify(EVIL, title=EVIL)
        app.screen.notify(EVIL, title=EVIL)
        await until(pilot, partial(is_there, pilot, "BenchScreen", SIGN))
        audit(pilot)
        app.push_screen(ConfirmModal(MARKUP, "yes", "no"))
        await until(pilot, partial(is_there, pilot, "ConfirmModal", SIGN))
        audit(pilot)


@pytest.mark.long
def test_a_terminal_is_sent_nothing_of_a_stranger_but_text(tmp_path: Path) -> None:
    folder = evil_run()
    terminal = LoneTerminal("watch", folder.id, "--runs-dir", str(tmp_path / "runs"), folder=tmp_path)
    terminal.wait_for("gpj.exe")
    terminal.press("q")
    terminal.process.wait()
    assert "Traceback" not in terminal.written
    for piece in ("\x1b]0;", "yours\x07", "\x9b", "\u202e", "\u2066"):
        assert piece not in terminal.written


@pytest.mark.long
def test_plots_of_an_evil_run_are_whole_files(tmp_path: Path) -> None:
    folder = evil_run()
    for words in ([], ["--what", "accuracy"]):
        answer("plot", folder.id, *words, "--runs-dir", tmp_path / "runs", "-o", tmp_path / "plot.svg")
        text = " ".join(ET.parse(tmp_path / "plot.svg").getroot().itertext())
        assert PRESET in text
        assert not steers(text)


def test_verbs_list_evil_presets_and_show_them_as_text(record_property: Record) -> None:
    for words in (["list"], ["list", "--json"], ["show", PRESET], ["show", "[red]refused"], ["show", "[red]wrong"]):
        result = call(*words)
        record_property("evil_verbs", 1)
        assert not steers(result.output)
        assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "steers" not in answer("list")
