"""Training images as the network gets them: how they are laid out, the process, and the keys of their screen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import let_go, make_run, run_spec
from tests.tui.bench_lab import MIDDLE, SMALL, at_home, bench, lab
from tests.tui.lab import journal, until
from tests.tui.pictured import LOOKS, every_look_and_size
from tests.tui.results_lab import app_on
from tests.tui.runs import look_at
from tp1tui.journal.events import Changed
from tp1tui.spec.results import Axis, Grid
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.pictures.painter import Answer, Painter, Request
from tp1tui.tui.pictures.pairs import layout, pair_lines
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.run.lines import width_of
from tp1tui.tui.run.look import as_it_goes
from tp1tui.tui.screens.pictures import PicturesScreen
from tp1tui.tui.screens.run import RunScreen

__all__ = ["at_home"]


def picture(name: str, side: int) -> Grid:
    axis = Axis(name="pixel")
    return Grid(name=name, content="colours", down=axis, across=axis, values=((float(0x808080),) * side,) * side)


@pytest.mark.parametrize("side", [8, 28, 32])
@pytest.mark.parametrize("size", [(78, 20), (118, 35), (198, 56), (20, 8), (40, 100)])
def test_as_many_pairs_as_fit_and_no_line_too_wide(size: tuple[int, int], side: int) -> None:
    width, height = size
    place = layout(width, height, side)
    assert place.count >= 1
    pairs = [picture(f"class {number}", side) for number in range(place.count + 5)]
    lines = pair_lines(pairs, pairs, place, Ink())
    assert max(map(width_of, lines)) <= width
    if height > 15:
        assert len(lines) <= height


def test_more_room_shows_whole_pictures() -> None:
    assert layout(78, 20, 32).width == 16
    assert layout(118, 35, 32).width == 32
    assert layout(198, 80, 32).rows == 2


def test_a_crop_stays_smaller_than_the_image_and_carries_its_own_label() -> None:
    lines = pair_lines([picture("cat", 32)], [picture("cat 0.7 + dog 0.3", 28)], layout(118, 35, 32), Ink())
    assert [width_of(line[:1]) for line in (lines[0], lines[20])] == [32, 28]
    text = "\n".join("".join(part for part, _ in line) for line in lines)
    assert "cat 0.7 + dog 0.3" in text


ECHO = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    asked = json.loads(line)\n"
    "    print(json.dumps({'doing': 'thinking'}), flush=True)\n"
    "    print(json.dumps({'problem': f\"epoch {asked['epoch']}\"}), flush=True)\n"
)


async def test_while_it_draws_only_the_latest_request_is_kept() -> None:
    heard: list[Answer] = []
    experiment = run_spec("digits").experiment

    def hear(answer: Answer) -> None:
        heard.append(answer)
        if answer.problem == "epoch 3":
            painter.close()

    painter = Painter(hear, (sys.executable, "-c", ECHO))
    painter.ask(Request(experiment, 1, 0))
    running = painter.run()
    painter.ask(Request(experiment, 1, 1))
    first = True

    original = painter._heard

    def ask_more(answer: Answer) -> None:
        nonlocal first
        if first:
            first = False
            painter.ask(Request(experiment, 1, 2))
            painter.ask(Request(experiment, 1, 3))
        original(answer)

    painter._heard = ask_more
    await running
    assert [answer.problem or answer.doing for answer in heard] == ["thinking", "epoch 1", "thinking", "epoch 3"]
    assert not painter.is_busy


async def test_a_process_that_ends_or_cannot_be_started_is_told() -> None:
    heard: list[Answer] = []
    for command in ((sys.executable, "-c", "pass"), ("/nowhere/at/all",)):
        painter = Painter(heard.append, command)
        painter.ask(Request(run_spec("digits").experiment, 1, 1))
        await painter.run()
    assert [bool(answer.problem) for answer in heard] == [True, True]


def images(app: Tp1Tui) -> str:
    assert isinstance(app.screen, PicturesScreen)
    return str(app.screen.query_one("#images").text)  # type: ignore[attr-defined]


def head(app: Tp1Tui) -> str:
    return str(app.screen.query_one("#head").text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [SMALL, pytest.param(MIDDLE, marks=pytest.mark.long)])
async def test_the_bench_shows_images_draws_anew_and_flips(size: tuple[int, int], at_home: Path) -> None:
    app = lab()
    async with app.run_test(size=size) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, PicturesScreen) and "drawing …" in note(app))
        await until(pilot, lambda: "▀" in images(app))
        await pilot.press("space")
        await until(pilot, lambda: "epoch 2" in head(app) and "drawing" not in note(app))
        before = head(app)
        await pilot.press("n")
        await until(pilot, lambda: head(app) != before)
        await pilot.press("m")
        await until(pilot, lambda: "▀" not in images(app))
        await pilot.press("escape")
        await pilot.pause()
        question = bench(app).question
        assert question is not None
        assert bench(app).desk.is_changed(question)


def note(app: Tp1Tui) -> str:
    return str(app.screen.query_one("#note").text)  # type: ignore[attr-defined]


async def test_a_dataset_that_is_not_here_is_told(at_home: Path) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("down", "i")
        await until(pilot, lambda: isinstance(app.screen, PicturesScreen) and "not here yet" in images(app))


def test_the_live_switches_are_as_the_run_has_them_now(tmp_path: Path) -> None:
    look = look_at(tmp_path, "running", epochs=6)
    assert look.record.changes
    assert as_it_goes(look).is_on("dropout") == look.record.changes[-1].new
    assert as_it_goes(look).dropout.enabled != look.spec.experiment.dropout.enabled


async def test_on_a_run_the_switches_follow_its_record_and_are_not_flipped_here(tmp_path: Path) -> None:
    folder = make_run(tmp_path, "digits", epochs=4, state="running")
    app = app_on(folder)
    async with app.run_test(size=MIDDLE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and app.screen.watched)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, PicturesScreen) and "augmentation off" in head(app))
        assert not {"a", "n"} & {binding.key for _, binding, on, _ in app.screen.active_bindings.values() if on}
        journal(folder, Changed(time=2e9, step=1, switch="augmentation", old=False, new=True, epoch=0.1))
        await until(pilot, lambda: "augmentation on" in head(app))
    let_go(folder)


def shades(name: str, side: int) -> Grid:
    """A picture that is lighter towards its right, and redder towards its foot."""
    rows = tuple(
        tuple(float((255 * down // side << 16) + (255 * across // side) * 0x101) for across in range(side))
        for down in range(side)
    )
    axis = Axis(name="pixel")
    return Grid(name=name, content="colours", down=axis, across=axis, values=rows)


@pytest.mark.usefixtures("at_home")
@every_look_and_size
def test_how_it_looks(size: tuple[int, int], look: str, snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def serves_nobody(painter: Painter) -> None:
        painter.close()

    async def run_before(pilot: Pilot[Any]) -> None:
        await pilot.press("i")
        screen = pilot.app.screen
        await until(pilot, lambda: isinstance(screen, PicturesScreen) and screen._asked)
        assert isinstance(screen, PicturesScreen)
        assert screen._asked
        asked = screen._asked
        originals = tuple(shades(f"class {number}", 8) for number in range(asked.count))
        seen = tuple(shades(f"class {number}", 7) for number in range(asked.count))
        screen._heard(Answer(asked, originals, seen, note="As they are, and as the network gets them."))
        await pilot.pause()

    monkeypatch.setattr(Painter, "run", serves_nobody)
    monkeypatch.setattr(Painter, "is_busy", False)
    assert snap_compare(lab(**LOOKS[look]), terminal_size=size, run_before=run_before)
