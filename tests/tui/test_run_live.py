"""The decision boundary and the probe on the run screen, their keys pressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import let_go, make_run
from tests.tui.boundaries import some_boundary
from tests.tui.lab import Lab, journal, opened, possible, shown, until
from tp1tui.journal import commands
from tp1tui.journal.events import Measured, Probed
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.live import PROBE, PROBE_LINE, PROBE_PICTURE, ProbeOf
from tp1tui.spec.results import Axis, Column, Grid, Line, Result, Series, Table
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.probe import draw_probe
from tp1tui.tui.run.lines import width_of
from tp1tui.tui.screens.run import RunScreen

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 60)
CLASSES = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def probe_of(chosen: ProbeOf = ProbeOf()) -> tuple[Result, ...]:  # noqa: B008 - immutable
    shares = [0.01] * 10
    shares[3] = 0.91
    return (
        Table(
            name=PROBE,
            note=f"{chosen.text}: cat, right. It adds 0.09431 to the sum of losses.",
            columns=tuple(Column(name=name) for name in ("class", "logit ytilde", "probability yhat", "target y")),
            rows=tuple((name, at / 3 - 1.5, shares[at], int(at == 3)) for at, name in enumerate(CLASSES)),
        ),
        Series(
            name=PROBE_LINE,
            x=Axis(name="epoch"),
            y=Axis(name="probability yhat of its class"),
            lines=(Line(name=chosen.text, x=(0, 1, 2, 3), y=(0.1, 0.4, 0.8, 0.91)),),
        ),
        Grid(
            name=PROBE_PICTURE,
            content="colours",
            down=Axis(name="y", unit="px"),
            across=Axis(name="x", unit="px"),
            values=tuple(tuple(float(y * 8 << 16 | x * 8) for x in range(32)) for y in range(32)),
        ),
    )


def show(folder: RunFolder, chosen: ProbeOf, *results: Result) -> None:
    journal(
        folder,
        Probed(time=1.8e9, step=0, of=chosen, count=200),
        *(Measured(time=1.8e9, step=0, result=result) for result in results),
    )


def run_on_points(tmp_path: Path, state: Any = "running") -> RunFolder:
    folder = make_run(tmp_path, "ab2.4", state=state, epochs=30)
    show(folder, ProbeOf(), *probe_of(), some_boundary())
    return folder


def asked_of(folder: RunFolder) -> list[ProbeOf]:
    return [command.of for command in commands.take(folder) if isinstance(command, commands.ProbeExample)]


@pytest.mark.parametrize("size", [(80, 50), MIDDLE, LARGE])
async def test_a_boundary_is_in_sight_where_there_is_room(tmp_path: Path, size: tuple[int, int]) -> None:
    folder = run_on_points(tmp_path)
    async with Lab(folder).run_test(size=size) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: "wrong: test, training" in shown(screen, "#boundary"))
        assert screen.query_one("#boundary").display
    let_go(folder)


async def test_5_brings_the_boundary_to_the_front_and_1_the_loss_again(tmp_path: Path) -> None:
    folder = run_on_points(tmp_path)
    async with Lab(folder).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert "5 boundary" in shown(screen, "#tabs")
        assert not screen.query_one("#boundary").display
        await pilot.press("5")
        await until(pilot, lambda: "wrong: test, training" in shown(screen, "#boundary"))
        assert not screen.query_one("#loss").display
        await pilot.press("1")
        assert not screen.query_one("#boundary").display
    let_go(folder)


async def test_a_new_boundary_is_drawn_while_one_watches(tmp_path: Path) -> None:
    folder = run_on_points(tmp_path)
    async with Lab(folder).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        later = some_boundary().model_copy(update={"note": "After epoch 17: none is wrong.", "points": ()})
        journal(folder, Measured(time=1.8e9, step=0, result=later))
        await until(pilot, lambda: "After epoch 17" in shown(screen, "#boundary"))
    let_go(folder)


async def test_a_run_on_images_has_no_boundary_and_an_old_one_no_probe(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=3)).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert {"5", "6", "g", "s"}.isdisjoint(possible(screen))
        assert "probe" not in shown(screen, "#tabs")


async def probing(pilot: Pilot[Any]) -> RunScreen:
    screen = await opened(pilot)
    assert "g" not in possible(screen)
    await pilot.press("6")
    await until(pilot, lambda: "ytilde" in shown(screen, "#probe"))
    assert {"left", "right", "g", "s"} <= possible(screen).keys()
    return screen


async def test_left_and_right_choose_the_example_beside_round_and_round(tmp_path: Path) -> None:
    folder = run_on_points(tmp_path)
    async with Lab(folder).run_test(size=SMALL) as pilot:
        screen = await probing(pilot)
        await pilot.press("right", "right", "left", "left", "left")
        assert [of.number for of in asked_of(folder)] == [2, 3, 2, 1, 200]
        show(folder, ProbeOf(number=200), *probe_of(ProbeOf(number=200)))
        await until(pilot, lambda: "test example 200" in shown(screen, "#probe"))
        await pilot.press("left")
        assert asked_of(folder) == [ProbeOf(number=199)]
    let_go(folder)


async def test_g_asks_for_a_number_and_says_which_are_allowed(tmp_path: Path) -> None:
    folder = run_on_points(tmp_path)
    async with Lab(folder).run_test(size=SMALL) as pilot:
        await probing(pilot)
        await pilot.press("g")
        await until(pilot, lambda: pilot.app.screen.query("#fault"))
        await pilot.press(*"201", "enter")
        fault = pilot.app.screen.query_one("#fault")
        assert "whole number from 1 to 200, not '201'" in str(fault.render())
        await pilot.press("backspace", "backspace", "backspace", *"17", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        assert asked_of(folder) == [ProbeOf(number=17)]
    let_go(folder)


async def test_s_goes_over_to_the_other_set(tmp_path: Path) -> None:
    folder = run_on_points(tmp_path)
    async with Lab(folder).run_test(size=SMALL) as pilot:
        await probing(pilot)
        await pilot.press("s")
        assert asked_of(folder) == [ProbeOf(part="train")]
    let_go(folder)


async def test_of_a_finished_run_the_last_look_is_shown_and_nothing_can_be_chosen(tmp_path: Path) -> None:
    async with Lab(run_on_points(tmp_path, "finished")).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await pilot.press("6")
        await until(pilot, lambda: "ytilde" in shown(screen, "#probe"))
        assert "without a worker, no other example can be probed" in " ".join(shown(screen, "#probe").split())
        assert {"left", "right", "g", "s"}.isdisjoint(possible(screen))


async def test_what_is_seen_of_a_network_is_no_reason_to_open_the_results(tmp_path: Path) -> None:
    folder = run_on_points(tmp_path)
    async with Lab(folder).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert "4" not in possible(screen)
        assert "results" not in shown(screen, "#tabs")
    let_go(folder)


@pytest.mark.parametrize("ink", [Ink(), Ink(coloured=False), Ink(glyphs=Glyphs.ASCII)])
@pytest.mark.parametrize(("width", "height"), [(78, 15), (118, 30), (56, 40)])
def test_a_probe_fits_its_room(width: int, height: int, ink: Ink) -> None:
    lines = draw_probe({result.name: result for result in probe_of()}, width, height, ink)
    assert len(lines) <= height
    assert all(width_of(line) <= width for line in lines)
    text = "\n".join("".join(piece for piece, _ in line) for line in lines)
    assert all(name in text for name in CLASSES)
    assert "yhat_i = exp" in text
    assert text.isascii() or ink.glyphs is not Glyphs.ASCII


SIZES = pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])


def pressing(*keys: str) -> Any:
    async def run_before(pilot: Pilot[Any]) -> None:
        await opened(pilot)
        await pilot.press(*keys)
        await pilot.pause()

    return run_before


@SIZES
@pytest.mark.parametrize("pane", ["5", "6"])
def test_what_both_look_like(snap_compare: Any, tmp_path: Path, size: tuple[int, int], pane: str) -> None:
    folder = run_on_points(tmp_path)
    assert snap_compare(Lab(folder), terminal_size=size, run_before=pressing(pane))
    let_go(folder)


@SIZES
def test_what_a_boundary_looks_like_without_colour(
    snap_compare: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    folder = run_on_points(tmp_path)
    assert snap_compare(Lab(folder), terminal_size=size, run_before=pressing("5"))
    let_go(folder)


def test_all_panes_beside_each_other(snap_compare: Any, tmp_path: Path) -> None:
    folder = run_on_points(tmp_path)
    assert snap_compare(Lab(folder), terminal_size=LARGE, run_before=pressing())
    let_go(folder)
