"""What a person likes is there again the next time, and a damaged file is told of and left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.bench_lab import SMALL, at_home, lab
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.preferences import FILE, Preferences, PreferencesFile
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.themes import THEMES

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

DAMAGED = {
    "theme = ": "it is not TOML",
    'theme = "pink"': "There is no theme 'pink'. There are: dark,",
    'glyphs = "runes"': "glyphs: ",
    'log_y = "perhaps"': "log_y: ",
}


async def test_the_theme_is_remembered(at_home: Path) -> None:
    app = lab(preferences=PreferencesFile(at_home / "settings"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+t")
    again = lab(preferences=PreferencesFile(at_home / "settings"))
    async with again.run_test(size=SMALL):
        assert again.theme == THEMES["light"].name


async def test_a_theme_for_this_time_is_not(at_home: Path) -> None:
    app = lab(preferences=PreferencesFile(at_home), theme="high-contrast")
    async with app.run_test(size=SMALL):
        assert app.theme == THEMES["high-contrast"].name
    assert PreferencesFile(at_home).preferences == Preferences()


def test_all_of_it_is_written_and_read_and_what_is_not_known_stays(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("from_later = 3\n")
    kept = PreferencesFile(tmp_path)
    liked = kept.preferences.model_copy(update={"glyphs": Glyphs.ASCII, "log_y": True})
    assert kept.keep(liked) == ""
    assert PreferencesFile(tmp_path).preferences == liked
    assert "from_later = 3" in (tmp_path / FILE).read_text()


@pytest.mark.parametrize("text", DAMAGED)
async def test_a_damaged_file_is_told_of_in_a_sentence_and_left_alone(text: str, at_home: Path) -> None:
    (at_home / FILE).write_text(text)
    damaged = PreferencesFile(at_home)
    assert str(at_home / FILE) in damaged.fault
    assert DAMAGED[text] in damaged.fault
    app = lab(preferences=damaged)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+t")
        assert [notice.message for notice in app._notifications] == [damaged.fault]
    assert (at_home / FILE).read_text() == text


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    kept = PreferencesFile(tmp_path / "settings")
    (tmp_path / "settings").write_text("no folder")
    problem = kept.keep(Preferences())
    assert problem.startswith("What you like cannot be remembered: ")


async def test_without_unicode_plots_are_made_of_ascii_whatever_one_likes() -> None:
    app = lab(ability=Ability(unicode=False))
    async with app.run_test(size=SMALL):
        app.prefer(glyphs=Glyphs.BLOCKS)
        assert app.preferences.glyphs is Glyphs.BLOCKS
        assert app.glyphs is Glyphs.ASCII
