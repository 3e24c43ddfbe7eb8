"""Zooming, reading off and full screen on the run screen: every key, and the mouse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.builders import make_run
from tests.tui.lab import Lab, journal, opened, possible, shown, until
from tests.tui.runs import epoch
from tests.tui.test_run_live import probe_of, show
from tp1tui.spec.live import ProbeOf
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.widgets import plot_view
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.plot_view import PlotView

SMALL, MIDDLE = (80, 24), (120, 40)


def view(screen: RunScreen, pane: str = "loss") -> PlotView:
    return screen.query_one(f"#{pane}", PlotView)


def head(screen: RunScreen, pane: str = "loss") -> str:
    """The line over a plot."""
    return shown(screen, f"#{pane}").splitlines()[0]


async def pressed(pilot: Pilot[Any], *keys: str) -> RunScreen:
    screen = await opened(pilot)
    await pilot.press(*keys)
    await pilot.pause()
    return screen


async def test_right_reads_off_the_last_epoch_and_left_the_one_before(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "right")
        look = screen.look
        assert look is not None
        assert "epoch 30" in head(screen)
        assert f"{look.record.epochs[30].test_loss:.4f}" in head(screen)
        await pilot.press("left", "left")
        assert "epoch 28" in head(screen)
        assert f"{look.record.epochs[28].train_loss:.4f}" in head(screen)
        await pilot.press("right")
        assert "epoch 29" in head(screen)


async def test_home_and_end_lead_to_the_first_and_the_last_place(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "home")
        assert "epoch  0" in head(screen)
        await pilot.press("left")
        assert "epoch  0" in head(screen)
        await pilot.press("end")
        assert "epoch 30" in head(screen)


async def test_the_upright_line_stands_where_the_values_are_read_off(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "end")
        column = view(screen).scene.column(30.0)
        assert column is not None
        rows = shown(screen, "#loss").splitlines()[1:-2]
        assert sum(row[column] == "│" for row in rows) > len(rows) // 2
        await pilot.press("escape")
        assert not any(row[column] == "│" for row in shown(screen, "#loss").splitlines()[1:-2])


async def test_escape_puts_the_cursor_away_before_it_leaves_full_screen_before_it_leaves(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "right", "f")
        assert (possible(screen)["escape"], screen.maximized) == ("cursor away", view(screen))
        await pilot.press("escape")
        assert view(screen).attention.cursor is None
        assert (possible(screen)["escape"], screen.maximized) == ("all again", view(screen))
        await pilot.press("escape")
        assert (possible(screen)["escape"], screen.maximized) == ("back", None)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen)


async def test_plus_zooms_at_the_cursor_minus_leads_back_and_0_shows_the_whole(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=32)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot)
        assert {"minus", "0", "shift+left", "shift+right"}.isdisjoint(possible(screen))
        await pilot.press("plus")
        assert view(screen).attention.window == (8, 24)
        assert "epochs 8–24 of 32 · 0 whole" in head(screen)
        await pilot.press("minus")
        assert view(screen).attention.window is None
        assert "whole" not in head(screen)
        await pilot.press("end", "plus", "equals_sign")
        assert view(screen).attention.window == (24, 32)
        await pilot.press("0")
        assert view(screen).attention.window is None
        assert {"minus", "0"}.isdisjoint(possible(screen))


async def test_one_cannot_zoom_in_for_ever(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=32)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, *["plus"] * 20)
        low, high = view(screen).attention.window or (0, 0)
        assert high - low == 2
        assert "plus" not in possible(screen)


async def test_shift_and_arrows_move_what_is_in_sight(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=32)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "plus", "shift+right")
        assert view(screen).attention.window == (12, 28)
        await pilot.press(*["shift+right"] * 3)
        assert view(screen).attention.window == (16, 32)
        await pilot.press("shift+left")
        assert view(screen).attention.window == (12, 28)


async def test_a_cursor_that_leaves_what_is_in_sight_is_followed(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=32)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "end", "plus", "plus", *["left"] * 10)
        low, high = view(screen).attention.window or (0, 0)
        assert view(screen).attention.cursor == 22
        assert low <= 22 <= high
        assert high - low == 8


async def test_a_zoomed_plot_stays_where_it_is_while_the_run_grows(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=30, state="running")
    async with Lab(folder).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "end", "plus", "escape")
        window = view(screen).attention.window
        last = screen.look.record.last.epoch  # type: ignore[union-attr]
        journal(folder, *(epoch(number, test_loss=1.0) for number in range(last + 1, last + 9)))
        await until(pilot, lambda: screen.look.record.last.epoch == last + 8)  # type: ignore[union-attr]
        await pilot.pause(0.3)
        assert view(screen).attention.window == window
        await pilot.press("0")
        assert f"epoch {last + 8}" not in head(screen)
        await pilot.press("end")
        assert f"epoch {last + 8}" in head(screen)


async def test_loss_and_accuracy_are_looked_at_in_the_same_place_and_the_batches_are_not(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=32)).run_test(size=MIDDLE) as pilot:
        screen = await pressed(pilot, "plus", "home")
        assert "epoch  0" in head(screen)
        assert "epoch  0" in head(screen, "accuracy")
        assert view(screen, "accuracy").attention == view(screen).attention
        assert view(screen, "batches").attention.cursor is None
        assert view(screen, "batches").attention.window is None


async def test_of_the_batches_loss_and_smoothed_loss_are_read_off_at_a_step(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "3", "home")
        look = screen.look
        assert look is not None
        assert "step      1" in head(screen, "batches")
        assert f"each batch {look.record.losses[0]:.4f}" in head(screen, "batches")
        assert "mean of" in head(screen, "batches")
        await pilot.press(*["plus"] * 14, "right")
        step = view(screen, "batches").attention.cursor
        assert step == 2
        assert f"│ {look.record.losses[1]:.4f}" in head(screen, "batches")


async def test_f_shows_one_plot_alone_with_its_keys_and_f_shows_all_again(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=MIDDLE) as pilot:
        screen = await pressed(pilot, "f")
        await pilot.pause()
        assert view(screen).size.height == 39
        assert len(shown(screen, "#loss").splitlines()) == 39
        assert head(screen).startswith("1 loss")
        assert possible(screen)["f"] == "all again"
        assert "? help" in str(screen.query_one(KeyBar).render())
        await pilot.press("2")
        await pilot.pause()
        assert screen.maximized is view(screen, "accuracy")
        assert len(shown(screen, "#accuracy").splitlines()) == 39
        await pilot.press("f")
        await pilot.pause()
        assert screen.maximized is None


async def test_a_plot_in_full_screen_is_live(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=12, state="running")
    async with Lab(folder).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "f", "end")
        last = screen.look.record.last.epoch  # type: ignore[union-attr]
        journal(folder, epoch(last + 1, test_loss=1.2345))
        await until(pilot, lambda: screen.look.record.last.epoch == last + 1)  # type: ignore[union-attr]
        await pilot.press("end")
        assert "1.2345" in head(screen)


@pytest.mark.parametrize(("pane", "keys"), [("loss", []), ("batches", ["3"])])
async def test_the_mouse_reads_off_what_it_points_at_until_it_leaves(
    tmp_path: Path, pane: str, keys: list[str]
) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, *keys)
        before = shown(screen, f"#{pane}")
        place = 15.0 if pane == "loss" else 5000.0
        await pilot.hover(f"#{pane}", offset=(view(screen, pane).scene.column(place) or 0, 6))
        await pilot.pause()
        assert re.search(r"epoch 15 " if pane == "loss" else r"step  [45],[90]\d\d ", head(screen, pane))
        await pilot.hover("#head")
        await pilot.pause()
        assert shown(screen, f"#{pane}") == before


async def test_a_click_puts_the_cursor_there_and_two_show_the_whole_plot(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=32)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "plus")
        await pilot.click("#loss", offset=(view(screen).scene.column(15.0) or 0, 6))
        await pilot.hover("#head")
        await pilot.pause()
        assert view(screen).attention.cursor == 15
        await pilot.click("#loss", offset=(30, 6), times=2)
        await pilot.pause()
        assert view(screen).attention.window is None


async def test_the_wheel_zooms_at_the_pointer_and_with_shift_it_moves(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot)
        left = view(screen).scene.column(0.0) or 0
        await wheel(pilot, events.MouseScrollUp, left)
        assert view(screen).attention.window == (0, pytest.approx(20))
        await wheel(pilot, events.MouseScrollDown, left, shift=True)
        assert view(screen).attention.window == (pytest.approx(5), pytest.approx(25))
        await wheel(pilot, events.MouseScrollLeft, left)
        assert view(screen).attention.window == (0, pytest.approx(20))
        await wheel(pilot, events.MouseScrollRight, left)
        await wheel(pilot, events.MouseScrollDown, 40)
        assert view(screen).attention.window is None


async def test_what_is_dragged_over_is_zoomed_into(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30)).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot)
        scene = view(screen).scene
        left, right = scene.column(10.0), scene.column(20.0)
        assert left is not None
        assert right is not None
        await pilot.mouse_down("#loss", offset=(left, 6))
        await pilot.hover("#loss", offset=(right, 8))
        assert shown(screen, "#loss").splitlines()[4][left] == "│"
        await pilot.mouse_up("#loss", offset=(right, 8))
        await pilot.pause()
        low, high = view(screen).attention.window or (0, 0)
        assert (round(low), round(high)) == (10, 20)


async def test_while_the_probe_is_in_front_its_arrows_are_its_own(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=12, state="running")
    show(folder, ProbeOf(), *probe_of())
    async with Lab(folder).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "6")
        assert possible(screen)["right"] == "next example"
        await pilot.press("1")
        await pilot.pause()
        assert possible(screen)["right"] == "values at the next place"


async def test_before_anything_is_measured_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=30, state="queued")).run_test(size=SMALL) as pilot:
        screen = await pressed(pilot, "right", "plus", "home")
        assert {"left", "right", "plus", "0"}.isdisjoint(possible(screen))
        assert view(screen).attention.cursor is None


async def wheel(pilot: Pilot[Any], kind: Any, column: int, *, shift: bool = False) -> None:
    """Turn the wheel by a notch over a column of the loss."""
    plot = pilot.app.screen.query_one("#loss", PlotView)
    region = plot.content_region
    x, y = region.x + column, region.y + 6
    plot.post_message(kind(plot, column, 6, 0, 0, 0, shift, False, False, x, y))
    await pilot.pause()


async def test_one_drawing_that_takes_long_does_not_keep_the_next_ones_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process's first imports what draws; the batches of a run that begins would stand still for seconds after it."""
    async with Lab(make_run(tmp_path, epochs=3)).run_test(size=MIDDLE) as pilot:
        loss = view(await opened(pilot))
        clock = iter([0.0, 9.0, 10.0, 10.25, 20.0, 20.5])
        monkeypatch.setattr(plot_view, "thread_time", lambda: next(clock))
        costs = []
        for _ in range(3):
            loss.draw_now()
            costs.append(loss.seconds)
        monkeypatch.undo()
        assert costs[0] < 1
        assert costs[1:] == [0.25, 0.25]
