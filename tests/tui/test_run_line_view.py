from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.selection import SELECT_ALL

from tp1tui.tui.run.lines import Line, Tone
from tp1tui.tui.themes import DARK
from tp1tui.tui.widgets.line_view import LineView


class Shown(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield LineView()


def drawn(monkeypatch: pytest.MonkeyPatch, view: LineView) -> list[tuple[Region, ...]]:
    calls: list[tuple[Region, ...]] = []
    refresh = view.refresh

    def noted(*regions: Region, **options: Any) -> LineView:
        calls.append(regions)
        return refresh(*regions, **options)

    monkeypatch.setattr(view, "refresh", noted)
    return calls


def line(*texts: str) -> Line:
    return tuple((text, None) for text in texts)


async def test_only_the_cells_that_differ_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Shown().run_test(size=(40, 5)) as pilot:
        view = pilot.app.query_one(LineView)
        view.show_lines([line("epoch 12 of 30"), line("the same")])
        await pilot.pause()
        calls = drawn(monkeypatch, view)
        view.show_lines([line("epoch 13 of 30"), line("the same")])
        view.show_lines([line("epoch 13 of", " 30"), line("the same")])
        assert calls == [(Region(7, 0, 1, 1),)]


async def test_another_tone_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Shown().run_test(size=(40, 5)) as pilot:
        view = pilot.app.query_one(LineView)
        view.show_lines([line("on")])
        await pilot.pause()
        calls = drawn(monkeypatch, view)
        view.show_lines([(("on", Tone.GOOD),)])
        assert calls == [(Region(0, 0, 2, 1),)]


async def test_a_line_with_wide_characters_is_drawn_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Shown().run_test(size=(40, 5)) as pilot:
        view = pilot.app.query_one(LineView)
        view.show_lines([line("問 1")])
        await pilot.pause()
        calls = drawn(monkeypatch, view)
        view.show_lines([line("問 2")])
        assert calls == [(Region(0, 0, 40, 1),)]


async def test_its_height_follows_its_lines() -> None:
    async with Shown().run_test(size=(40, 5)) as pilot:
        view = pilot.app.query_one(LineView)
        for count in (3, 0, 1):
            view.show_lines([line("text")] * count)
            await pilot.pause()
            assert view.size.height == count


async def test_its_text_can_be_copied() -> None:
    async with Shown().run_test(size=(40, 5)) as pilot:
        view = pilot.app.query_one(LineView)
        view.show_lines([line("one ", "two"), line("three")])
        assert view.get_selection(SELECT_ALL) == ("one two\nthree", "\n")
        pilot.app.screen.selections = {view: SELECT_ALL}
        await pilot.pause()
        assert view.render_line(0).text.rstrip() == "one two"
