"""The same keys on the other screens with plots of many curves: sweeps and comparisons."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.all_screens import SCREENS, opened
from tests.tui.bench_lab import MIDDLE, at_home
from tests.tui.lab import until
from tp1tui.tui.screens.plot_keys import PlotKeys
from tp1tui.tui.widgets.plot_view import PlotView

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

FULL = {"sweep": "F", "compare": "f"}


def in_front(screen: object) -> PlotView:
    assert isinstance(screen, PlotKeys)
    view = screen.plot_in_front
    assert view is not None
    return view


@pytest.mark.parametrize("name", ["sweep", "compare"])
async def test_zoom_pan_and_cursor(name: str) -> None:
    async with opened(SCREENS[name], MIDDLE) as pilot:
        view = in_front(pilot.app.screen)
        await until(pilot, lambda: view.scene.column(0.0) is not None)
        whole = view.text
        await pilot.press("right")
        at_the_end = view.attention.cursor
        assert at_the_end is not None
        await pilot.press("left")
        assert view.attention.cursor < at_the_end
        await pilot.press("plus")
        window = view.attention.window
        assert window is not None
        await pilot.press("shift+left")
        moved = view.attention.window
        assert moved is not None
        assert moved[0] < window[0]
        await pilot.press("shift+right")
        assert view.attention.window == window
        await pilot.press("minus", "escape")
        await pilot.pause()
        assert (view.attention.window, view.attention.cursor, view.text) == (None, None, whole)
        await pilot.press("equals_sign", "0")
        assert view.attention.window is None


@pytest.mark.parametrize("name", FULL)
async def test_full_screen_and_back_by_the_same_key_and_by_escape(name: str) -> None:
    async with opened(SCREENS[name], MIDDLE) as pilot:
        screen = pilot.app.screen
        view = in_front(screen)
        await pilot.press(FULL[name])
        assert screen.maximized is view
        await pilot.press(FULL[name])
        assert screen.maximized is None
        await pilot.press(FULL[name], "escape")
        await pilot.pause()
        assert (screen.maximized, pilot.app.screen) == (None, screen)


@pytest.mark.parametrize("name", ["sweep", "compare"])
async def test_a_plot_is_saved(name: str) -> None:
    async with opened(SCREENS[name], MIDDLE) as pilot:
        await pilot.press("S")
        await until(pilot, lambda: len(list(Path("runs").rglob("*.svg"))) == len(list(Path("runs").rglob("*.png"))) > 0)
