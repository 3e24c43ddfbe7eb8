"""The line: every key, and what it does to the tickets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.builders import BEGIN, let_go, make_run
from tests.tui.bench_lab import SMALL, at_home, bench, lab
from tests.tui.lab import until
from tests.tui.pictured import every_size
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.tickets import line, put_in_line, take_out_of_line
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.keys import in_bar
from tp1tui.tui.screens.line import LineScreen
from tp1tui.tui.widgets.line_table import LineTable
from tp1tui.tui.widgets.topbar import TopBar
from tp1tui.worker import launcher, spawning
from tp1tui.worker.line_lock import only_one

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


@pytest.fixture
def going(at_home: Path) -> Iterator[RunFolder]:
    """A run that goes on, on the CPU."""
    folder = make_run(at_home / "runs", "cd18", state="running")
    yield folder
    let_go(folder)


@pytest.fixture
def waiting(at_home: Path) -> list[RunFolder]:
    """Three runs in line for the CPU, in this order."""
    made = [make_run(at_home / "runs", name, state="queued", seed=seed) for seed, name in enumerate(("digits",) * 3, 1)]
    for place, folder in enumerate(made):
        put_in_line(folder, "cpu", place)
    return made


@pytest.fixture
def served(at_home: Path) -> Iterator[None]:
    """Somebody serves the line."""
    (at_home / "runs").mkdir(exist_ok=True)
    with only_one(at_home / "runs"):
        yield


def possible(app: Tp1Tui) -> set[str]:
    return {entry.description for entry in in_bar(app.screen)}


def text(app: Tp1Tui) -> str:
    return app.screen.query_one(LineTable).text


def about(app: Tp1Tui) -> str:
    return str(app.screen.query_one("#about", Static).render())


async def opened(pilot: Pilot[Any], *keys: str) -> LineScreen:
    """The line, read once; then these keys, each with a look at what came of it."""
    await pilot.press("Q")
    screen = pilot.app.screen
    assert isinstance(screen, LineScreen)
    for key in ("", *keys):
        if key:
            await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    return screen


async def test_the_line_shows_what_goes_on_over_what_waits(
    going: RunFolder, waiting: list[RunFolder], served: None
) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        heading, device, first, *rest = text(app).splitlines()
        assert heading.split()[:3] == ["run", "of", "state"]
        assert device.split() == ["cpu", "3", "wait"]
        assert first.split()[:2] == ["cd18-baseline", "running"]
        assert [row.split()[:3] for row in rest] == [
            ["1", "digits", "next"],
            ["2", "digits", "waits"],
            ["3", "digits", "waits"],
        ]
        assert not app.screen.query_one("#unserved").display
        await pilot.press("end")
        assert "Third in line on cpu; starts when digits is done." in about(app)
        assert waiting[2].id in about(app)


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (("K",), "acb"),
        (("shift+up",), "acb"),
        (("K", "K"), "cab"),
        (("F",), "cab"),
        (("shift+home",), "cab"),
        (("F", "J"), "acb"),
        (("F", "shift+down"), "acb"),
        (("F", "E"), "abc"),
        (("F", "shift+end"), "abc"),
        (("J",), "abc"),
        (("K", "K", "K", "K"), "cab"),
    ],
)
@pytest.mark.usefixtures("served")
async def test_a_run_is_moved_and_the_cursor_stays_on_it(
    keys: tuple[str, ...], order: str, waiting: list[RunFolder], at_home: Path
) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot, "end", *keys)
        assert [folder for folder, _ in line(at_home / "runs")] == [waiting["abc".index(name)] for name in order]
        assert screen.row is not None
        assert screen.row.run.id == waiting[2].id
        assert screen.row.number == order.index("c") + 1


@pytest.mark.usefixtures("served")
async def test_only_what_is_possible_with_the_run_under_the_cursor_is_offered(
    going: RunFolder, waiting: list[RunFolder]
) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert {"move", "start now", "out of line", "go on with the line"}.isdisjoint(possible(app))
        assert "open" in possible(app)
        await pilot.press("down")
        assert {"move", "start now", "out of line", "to end"} <= possible(app)
        assert "to front" not in possible(app)
        assert screen.check_action("move", ("down",))
        assert not screen.check_action("move", ("up",))
        await pilot.press("end")
        assert screen.check_action("move", ("first",))
        assert not screen.check_action("move", ("last",))


@pytest.mark.usefixtures("served")
async def test_x_takes_a_run_out_of_line(waiting: list[RunFolder], at_home: Path) -> None:
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot, "x")
        assert [folder for folder, _ in line(at_home / "runs")] == waiting[1:]
        assert len(text(app).splitlines()) == 4
        (notice,) = app._notifications
        assert f"{waiting[0].id.partition('_')[2]} waits in line no more" in notice.message


@pytest.mark.parametrize(("keys", "then"), [(("down", "x"), 1), (("down", "down", "x"), 2), (("end", "x"), 1)])
@pytest.mark.usefixtures("served", "going")
async def test_the_cursor_goes_from_a_run_that_left_the_line_to_the_one_beside_it(
    keys: tuple[str, ...], then: int, waiting: list[RunFolder]
) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot, *keys)
        assert screen.row is not None
        assert screen.row.run.id == waiting[then].id


@pytest.mark.usefixtures("served", "waiting")
async def test_a_paused_run_is_said_to_hold_up_the_line(at_home: Path) -> None:
    paused = make_run(at_home / "runs", "cd18", state="paused")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot, "down")
        assert screen.query_one(TopBar).state == "3 in line, 1 paused"
        assert "is paused, and it starts when that is resumed and done; p starts it now." in about(app)
    let_go(paused)


@pytest.mark.usefixtures("served")
async def test_a_run_that_was_taken_up_while_one_pressed_x_is_told(waiting: list[RunFolder]) -> None:
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot)
        screen.take_a_look = lambda: None  # type: ignore[method-assign,assignment]
        take_out_of_line(waiting[0])
        await pilot.press("x")
        (notice,) = app._notifications
        assert "has begun already" in notice.message


@pytest.mark.usefixtures("served")
async def test_p_starts_a_run_at_once_on_the_device_that_it_waited_for(
    waiting: list[RunFolder], at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[tuple[RunFolder, str]] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append((folder, device)))
    app = lab("cuda:1")
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot, "p")
        assert spawned == [(waiting[0], "cpu")]
        assert [folder for folder, _ in line(at_home / "runs")] == waiting[1:]


@pytest.mark.usefixtures("waiting")
async def test_a_line_that_nobody_serves_is_told_and_r_goes_on(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(spawning, "serve_line", asked.append)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert screen.query_one("#unserved").display
        assert "go on with the line" in possible(app)
        assert "no process starts it" in about(app)
        await pilot.press("r")
        assert asked == [Path("runs")]
        with only_one(at_home / "runs"):
            screen.take_a_look()
            await until(pilot, lambda: not screen.query_one("#unserved").display)
        assert "go on with the line" not in possible(app)


async def test_enter_opens_the_run_and_escape_comes_back(waiting: list[RunFolder]) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert type(app.screen).__name__ == "RunScreen"
        await pilot.press("escape", "escape")
        await pilot.pause()
        bench(app)


@pytest.mark.parametrize("key", ["Q", "escape"])
async def test_the_line_closes_as_it_was_opened(key: str) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press(key)
        await pilot.pause()
        bench(app)


async def test_an_empty_line_says_how_it_is_filled() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "Nothing goes on, and nothing waits." in str(app.screen.query_one("#nothing", Static).render())


async def test_an_idle_device_is_listed(waiting: list[RunFolder]) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "cpu  idle, 3 wait" in text(app)


async def test_a_run_that_cannot_be_read_can_be_taken_out_but_not_opened(waiting: list[RunFolder]) -> None:
    waiting[0].spec_path.write_text("epochs = ")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "open" not in possible(app)
        assert "out of line" in possible(app)
        assert "experiment.toml" in about(app)


async def test_the_line_is_read_in_a_thread_and_not_while_nobody_looks(
    waiting: list[RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tp1tui.worker.line import LineReader

    read, threads = LineReader.read, []

    def note(reader: LineReader) -> object:
        threads.append(threading.current_thread())
        return read(reader)

    monkeypatch.setattr(LineReader, "read", note)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert threading.main_thread() not in threads
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        screen._reader = None
        screen._look_out()
        await app.workers.wait_for_complete()
        assert screen._reader is None


@every_size
@pytest.mark.usefixtures("served", "going", "waiting")
def test_what_the_line_looks_like(snap_compare: Any, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LineScreen, "clock", staticmethod(lambda: BEGIN))

    async def run_before(pilot: Pilot[Any]) -> None:
        await opened(pilot, "down", "down")

    assert snap_compare(lab(), terminal_size=size, run_before=run_before)
