"""Help, key bar and palette are read from the bindings that dispatch the keys, so they tell the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.command import CommandList, CommandPalette

from tests.builders import make_run
from tests.tui.bench_lab import MIDDLE, SIZES, SMALL, at_home, bench, lab
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.keys import in_bar, possible_now
from tp1tui.tui.palette import PossibleNow
from tp1tui.tui.screens.help import HelpModal
from tp1tui.tui.widgets.keybar import KeyBar

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

WAYS = ["", "down", "down d", "e", "slash", "r", "2", "3"]
"""Keys that lead to places with different bindings."""


@pytest.mark.parametrize("way", WAYS)
async def test_help_tells_every_key_that_does_something_and_the_key_bar_some_of_them(way: str, at_home: Path) -> None:
    make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(*way.split())
        await app.workers.wait_for_complete()
        await pilot.pause()
        active = {
            binding.key
            for _, binding, enabled, _ in app.screen.active_bindings.values()
            if enabled and not binding.system and not binding.key.startswith("super+")
        }
        told = [key for entry in possible_now(app.screen) for key in entry.keys]
        assert set(told) == active
        assert len(told) == len(set(told))
        assert {key for entry in in_bar(app.screen) for key in entry.keys} <= set(told)


async def test_the_question_mark_opens_help_with_sentences_and_keys_and_escape_closes_it() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpModal)
        text = "\n".join(str(widget.render()) for widget in app.screen.query("#sentences, #keys"))
        assert "Enter starts the training" in text
        assert "augmentation on or off" in text
        await pilot.press("escape")
        bench(app)


async def test_while_words_are_typed_their_letters_are_no_commands() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("slash", "q", "a")
        await pilot.pause()
        assert {"quit", "flip", "help"}.isdisjoint(entry.description for entry in in_bar(app.screen))
        assert app.screen.query_one("#words").value == "qa"  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
async def test_every_key_of_the_bench_fits_into_the_bar(size: tuple[int, int]) -> None:
    app = lab()
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "d")
        await pilot.pause()
        bar = str(app.screen.query_one(KeyBar).render())
        more = "" if size == SMALL else "  A card  i pictures"
        assert bar == f"Enter start  a d n b flip  e edit  u undo all  / find  r runs  q quit{more}  ? help"


async def test_a_bar_that_is_too_short_keeps_help() -> None:
    app = lab()
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.pause()
        bar = str(app.screen.query_one(KeyBar).render())
        assert bar == "Enter start  a d n b flip  ? help"


async def test_a_click_on_the_bar_presses_the_key() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        bar = str(app.screen.query_one(KeyBar).render())
        await pilot.click(KeyBar, offset=(1 + bar.index("r runs"), 0))
        await pilot.pause()
        assert type(app.screen).__name__ == "RunsScreen"


async def test_the_palette_offers_what_is_possible_and_only_that() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        offered = await _offered(app)
        assert "augmentation on or off  (a)" in offered
        assert not any(word in text for text in offered for word in ("undo", "(up)", "(PgDn)", "palette"))
        await pilot.press("d")
        assert "undo all  (u)" in await _offered(app)


@pytest.mark.parametrize(
    ("way", "ours"), [("L", {"leave it as it was  (Esc)"}), ("question_mark", {"close  (Esc, q, ?, Enter)"})]
)
async def test_over_a_dialog_the_palette_offers_what_is_ours(way: str, ours: set[str]) -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press(way)
        await pilot.pause()
        assert {text for text in await _offered(app) if not text.startswith("theme: ")} == ours


async def test_the_palette_does_what_it_offers() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("down", "ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        await pilot.press(*"dropout")
        found = app.screen.query_one(CommandList)
        while not (found.option_count and found.visible):
            await pilot.pause()
        await pilot.press("enter")
        while isinstance(app.screen, CommandPalette):
            await pilot.pause()
        question = bench(app).question
        assert question is not None
        assert bench(app).desk.is_changed(question)


async def _offered(app: Tp1Tui) -> list[str]:
    return [str(hit.display) async for hit in PossibleNow(app.screen).discover()]
