"""Text is marked with the mouse, seen to be marked, and copied: what stands there, scrolled or not."""

from __future__ import annotations

import pytest

from tests.tui.bench_lab import SMALL, at_home, lab
from tp1tui.tui.widgets.text_view import TextView

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


@pytest.mark.parametrize("scrolled", [0, 2])
async def test_what_the_mouse_marks_is_drawn_and_copied(scrolled: int) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        view = app.screen.query_one(TextView)
        view.scroll_to(y=scrolled, animate=False, immediate=True)
        await pilot.pause()
        assert view.scroll_offset.y == scrolled
        line = view.text.splitlines()[scrolled]
        before = view.render_line(0)
        await pilot.mouse_down(view, offset=(1, 0))
        await pilot.hover(view, offset=(4, 0))
        await pilot.hover(view, offset=(7, 0))
        await pilot.mouse_up(view, offset=(7, 0))
        await pilot.pause()
        assert view.render_line(0) != before
        await pilot.press("ctrl+c")
        assert app.clipboard
        assert app.clipboard in line
        assert line.startswith(app.clipboard)
