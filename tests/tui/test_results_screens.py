"""The screens of results, their keys pressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.builders import let_go, make_measure, make_run, some_results
from tests.tui.lab import journal, until, written
from tests.tui.results_lab import app_on, results_shown
from tp1tui.journal import commands
from tp1tui.journal.events import Measured, Preparing
from tp1tui.spec.results import Axis, Column, Line, Series, Table, Text
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.keys import possible_now
from tp1tui.tui.screens.confirm import ConfirmModal
from tp1tui.tui.screens.measure import MeasureScreen
from tp1tui.tui.screens.plot import PlotScreen
from tp1tui.tui.screens.results import ResultsScreen
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.widgets.plot_view import PlotView
from tp1tui.tui.widgets.result_names import ResultNames
from tp1tui.tui.widgets.result_pane import ResultPane
from tp1tui.worker import launcher

SMALL, MIDDLE = (80, 24), (120, 40)


def pane(app: Tp1Tui) -> ResultPane:
    return app.screen.query_one(ResultPane)


def keys(app: Tp1Tui) -> dict[str, str]:
    return {key: entry.description for entry in possible_now(app.screen) for key in entry.keys}


async def test_a_measure_shows_how_it_stands_and_what_it_found(tmp_path: Path) -> None:
    app = app_on(make_measure(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        page = await results_shown(pilot)
        assert isinstance(page, MeasureScreen)
        head = page.query_one("#head").text  # type: ignore[attr-defined]
        assert "a linear SVM on pixels" in head
        assert "✓ finished" in head
        assert "7 results" in head
        assert "30,730" in pane(app).text


async def test_every_result_is_reached_from_the_list_of_names(tmp_path: Path) -> None:
    app = app_on(make_measure(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        page = await results_shown(pilot)
        names = page.query_one(ResultNames)
        assert page.focused is names
        for name in pane(app).names:
            assert names.cursor == name
            top = pane(app).text.splitlines().index(name)
            assert 0 <= top - pane(app).scroll_offset.y < pane(app).size.height
            await pilot.press("down")
            await pilot.pause()


async def test_enter_leads_from_the_names_into_the_results_and_tab_back(tmp_path: Path) -> None:
    app = app_on(make_measure(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        page = await results_shown(pilot)
        await pilot.press("enter", "down", "down")
        assert page.focused is pane(app)
        await until(pilot, lambda: pane(app).scroll_offset.y == 2)
        await pilot.press("end")
        await until(pilot, lambda: pane(app).scroll_offset.y == pane(app).max_scroll_y)
        await pilot.press("tab")
        assert isinstance(page.focused, ResultNames)


async def test_a_wide_table_is_moved_with_left_and_right(tmp_path: Path) -> None:
    table = Table(name="wide", columns=tuple(Column(name=f"column{at}") for at in range(20)), rows=(tuple(range(20)),))
    app = app_on(make_measure(tmp_path, results=[table]))
    async with app.run_test(size=SMALL) as pilot:
        page = await results_shown(pilot)
        assert page.focused is pane(app)
        assert "column19" not in pane(app).text
        await pilot.press(*["right"] * 30)
        assert "column19" in pane(app).text
        assert "column0" in pane(app).text
        await pilot.press("left")
        assert "column19" not in pane(app).text


async def test_where_all_columns_fit_there_is_nothing_to_move(tmp_path: Path) -> None:
    app = app_on(make_measure(tmp_path, results=some_results()[:1]))
    async with app.run_test(size=MIDDLE) as pilot:
        await results_shown(pilot)
        assert {"left", "right"}.isdisjoint(keys(app))


async def test_m_draws_with_other_characters(tmp_path: Path) -> None:
    app = app_on(make_measure(tmp_path))
    async with app.run_test(size=MIDDLE) as pilot:
        await results_shown(pilot)
        assert "▀" in pane(app).text
        await pilot.press("m", "m")
        assert "▀" not in pane(app).text


async def test_results_come_while_one_watches(tmp_path: Path) -> None:
    folder = make_measure(tmp_path, "running", results=[])
    app = app_on(folder)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MeasureScreen) and app.screen.watched)
        said = app.screen.query_one("#messages").text  # type: ignore[attr-defined]
        assert said == "Training the SVM on 5000 images …"
        assert not pane(app).display
        journal(folder, Measured(time=2e9, step=0, result=Text(name="first", text="found")))
        await until(pilot, lambda: "found" in pane(app).text)
        assert pane(app).display
        drawn = pane(app).text
        await pilot.pause(0.5)
        assert pane(app).text == drawn
    let_go(folder)


async def test_x_stops_a_measure_after_a_question(tmp_path: Path) -> None:
    folder = make_measure(tmp_path, "running")
    app = app_on(folder)
    async with app.run_test(size=SMALL) as pilot:
        await results_shown(pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmModal))
        await pilot.press("y")
        await until(pilot, lambda: list(folder.commands_dir.glob("*.json")))
        assert isinstance(next(iter(commands.take(folder))), commands.Stop)
    let_go(folder)


async def test_r_takes_a_stopped_measure_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(launcher, "resume", lambda folder, *_: asked.append(folder))
    folder = make_measure(tmp_path, "stopped")
    app = app_on(folder)
    async with app.run_test(size=SMALL) as pilot:
        await results_shown(pilot)
        assert keys(app)["r"] == "take it again"
        await pilot.press("r")
        assert asked == [folder]


async def test_e_exports_the_results(tmp_path: Path) -> None:
    folder = make_measure(tmp_path)
    app = app_on(folder)
    async with app.run_test(size=SMALL) as pilot:
        await results_shown(pilot)
        await pilot.press("e")
        await written(pilot)
        assert (folder.path / "result-confusion-matrix.csv").is_file()


async def test_how_far_a_measure_has_come_changes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_measure(tmp_path, "running")
    async with app_on(folder).run_test(size=SMALL) as pilot:
        page, refreshed = await results_shown(pilot), []
        journal(folder, Preparing(time=2e9, step=0, what="1,000 of 10,000 examples"))
        await until(pilot, lambda: "1,000 of" in page.query_one("#messages").text)  # type: ignore[attr-defined]
        monkeypatch.setattr(page, "refresh_bindings", lambda: refreshed.append(1))
        journal(folder, Preparing(time=2e9, step=0, what="9,000 of 10,000 examples"))
        await until(pilot, lambda: "9,000 of" in page.query_one("#messages").text)  # type: ignore[attr-defined]
        assert not refreshed
    let_go(folder)


async def test_a_failed_measure_says_why_and_what_to_do(tmp_path: Path) -> None:
    app = app_on(make_measure(tmp_path, "failed", results=[]))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, MeasureScreen) and app.screen.watched)
        await pilot.pause()
        said = app.screen.query_one("#messages").text  # type: ignore[attr-defined]
        assert "CIFAR-10 cannot be downloaded." in said
        assert "r tries again" in said


@pytest.mark.parametrize("key", ["escape", "4"])
async def test_a_measure_that_trains_brings_its_results_to_the_front_and_escape_leads_to_the_curves(
    tmp_path: Path, key: str
) -> None:
    app = app_on(make_measure(tmp_path, training=True))
    async with app.run_test(size=SMALL) as pilot:
        page = await results_shown(pilot)
        assert isinstance(page, ResultsScreen)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, RunScreen)
        assert "4 results" in app.screen.query_one("#tabs").text  # type: ignore[attr-defined]
        await pilot.press("4")
        assert isinstance(await results_shown(pilot), ResultsScreen)


async def test_the_results_of_a_run_are_opened_with_4_and_stay_live(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=2, state="running")
    app = app_on(folder)
    async with app.run_test(size=MIDDLE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and app.screen.watched)
        assert "4" not in keys(app)
        journal(folder, Measured(time=2e9, step=0, result=some_results()[2]))
        await until(pilot, lambda: "4" in keys(app))
        await pilot.press("4")
        await results_shown(pilot)
        assert "plane" in pane(app).text
        journal(folder, Measured(time=2e9, step=0, result=Text(name="more", text="another")))
        await until(pilot, lambda: "another" in pane(app).text)
    let_go(folder)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x40"])
def test_what_a_measure_looks_like(snap_compare: object, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(app_on(make_measure(tmp_path)), terminal_size=size, run_before=_down(2))  # type: ignore[operator]


def test_what_a_measure_looks_like_without_colours(
    snap_compare: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app_on(make_measure(tmp_path)), terminal_size=MIDDLE, run_before=_down(2))  # type: ignore[operator]


def _down(times: int) -> object:
    async def run_before(pilot: Pilot[object]) -> None:
        await results_shown(pilot)
        await pilot.press(*["down"] * times)
        await pilot.pause()

    return run_before


async def test_f_shows_a_plot_full_screen_to_be_read_off_and_saved_and_f_leads_back(tmp_path: Path) -> None:
    lines = (
        Line(name="train", x=(0, 1, 2, 3), y=(9.0, 4.0, 2.0, 1.0)),
        Line(name="test", x=(0, 1, 2), y=(9.0, 5.0, 4.0)),
    )
    series = Series(name="error by size", x=Axis(name="size"), y=Axis(name="error", unit="%"), lines=lines)
    folder = make_measure(tmp_path, results=[*some_results()[:1], series])
    app = app_on(folder)
    async with app.run_test(size=SMALL) as pilot:
        page = await results_shown(pilot)
        assert "f" not in keys(app)
        await pilot.press("down", "f")
        await until(pilot, lambda: isinstance(app.screen, PlotScreen) and app.screen.query_one(PlotView).text)
        view = app.screen.query_one(PlotView)
        await pilot.press("home", "right")
        assert "size 1" in view.text
        assert "a train 4" in view.text
        await pilot.press("plus", "S")
        await until(pilot, lambda: app._notifications)
        names = sorted(path.suffix for path in (folder.path / "plots").iterdir())
        assert names == [".png", ".svg"]
        assert "of 3 · 0 whole" in view.text
        await pilot.press("escape")
        assert isinstance(app.screen, PlotScreen)
        await pilot.press("f")
        await until(pilot, lambda: app.screen is page)
