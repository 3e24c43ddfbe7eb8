"""Panes that draw only what changes still show what they should."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.content import Content

from tp1tui.tui.widgets.choices import Choice, Choices
from tp1tui.tui.widgets.text_view import TextView


class Numbers(Choices):
    """As many entries as it is told, one under a heading."""

    names: Sequence[str] = ()

    def write(self, width: int) -> Sequence[Choice]:
        return [Choice(Content("heading")), *(Choice(Content(name), name) for name in self.names)]


class Panes(App[None]):
    CSS = "TextView, Numbers { height: 5; width: 20; }"

    def compose(self) -> ComposeResult:
        yield TextView()
        yield Numbers()

    @property
    def text(self) -> TextView:
        return self.query_one(TextView)

    @property
    def numbers(self) -> Numbers:
        return self.query_one(Numbers)

    def list_up(self, count: int) -> None:
        self.numbers.names = [f"entry {number}" for number in range(count)]
        self.numbers.rewrite()


def seen(pane: TextView | Numbers) -> list[str]:
    """What stands in a pane, without its scrollbar."""
    return [pane.render_line(y).text.rstrip() for y in range(pane.size.height)]


async def test_a_scrollbar_tells_how_much_there_is_and_takes_its_place_from_the_text() -> None:
    app = Panes()
    async with app.run_test() as pilot:
        app.text.show_text(Content("a word " * 40))
        await pilot.pause()
        bar = app.text.vertical_scrollbar
        assert app.text.show_vertical_scrollbar
        assert bar.window_virtual_size == len(app.text.text.splitlines()) == app.text.virtual_size.height
        assert app.text.virtual_size.width == 19
        app.text.show_text(Content("short"))
        await pilot.pause()
        assert not app.text.show_vertical_scrollbar
        assert seen(app.text) == ["short", "", "", "", ""]


async def test_a_list_that_shrinks_is_not_scrolled_beyond_its_end() -> None:
    app = Panes()
    async with app.run_test() as pilot:
        app.list_up(30)
        app.numbers.focus()
        await pilot.press("end")
        await pilot.pause()
        assert seen(app.numbers)[-1] == "entry 29"
        app.list_up(3)
        await pilot.pause()
        assert seen(app.numbers) == ["heading", "entry 0", "entry 1", "entry 2", ""]


async def test_the_cursor_stays_on_its_entry_or_goes_to_the_first() -> None:
    app = Panes()
    async with app.run_test() as pilot:
        app.list_up(5)
        app.numbers.focus()
        await pilot.press("down", "down")
        app.list_up(4)
        assert app.numbers.cursor == "entry 2"
        app.list_up(1)
        assert app.numbers.cursor == "entry 0"
        app.list_up(0)
        assert app.numbers.cursor is None


async def test_the_cursor_moves_by_entries_and_pages_and_stops_at_the_ends() -> None:
    app = Panes()
    async with app.run_test() as pilot:
        app.list_up(20)
        app.numbers.focus()
        await pilot.pause()
        for key, entry in (("up", 0), ("down", 1), ("pagedown", 5), ("pageup", 1), ("end", 19), ("down", 19)):
            await pilot.press(key)
            assert app.numbers.cursor == f"entry {entry}", key


async def test_the_cursor_stays_in_sight_when_the_window_shrinks() -> None:
    app = Panes()
    async with app.run_test() as pilot:
        app.list_up(20)
        app.numbers.focus()
        app.numbers.choose("entry 3")
        app.numbers.styles.height = 2
        await pilot.pause()
        assert "entry 3" in seen(app.numbers)


async def test_the_heading_comes_back_into_sight_with_the_first_entry() -> None:
    app = Panes()
    async with app.run_test() as pilot:
        app.list_up(20)
        app.numbers.focus()
        await pilot.press("end", "home")
        assert seen(app.numbers)[0] == "heading"


async def test_what_the_mouse_has_marked_can_be_copied() -> None:
    app = Panes()
    async with app.run_test() as pilot:
        app.text.show_text(Content("one two\nthree"))
        await pilot.pause()
        app.text.text_select_all()
        assert app.screen.get_selected_text() == "one two\nthree"
