"""Every look is readable, and what must be told apart is far enough apart, in figures."""

from __future__ import annotations

import pytest
from textual.theme import Theme

from tests.tui.bench_lab import SMALL, at_home, lab
from tests.tui.eyes import CONES, contrast, least_distance
from tp1tui.tui.palette import PossibleNow
from tp1tui.tui.themes import DARK, DARK_FOR_ALL_EYES, HIGH_CONTRAST, LIGHT_FOR_ALL_EYES, THEMES

__all__ = ["at_home"]

every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
every_eye = pytest.mark.parametrize("eyes", CONES)
FOR_ALL_EYES = (DARK_FOR_ALL_EYES, LIGHT_FOR_ALL_EYES, HIGH_CONTRAST)


def roles(theme: Theme) -> list[str]:
    """Colours that tell: training, clean training and good news, test, warnings, errors."""
    return [str(getattr(theme, name)) for name in ("primary", "success", "accent", "warning", "error")]


def lines(theme: Theme) -> list[str]:
    return [theme.variables[f"line-{number}"] for number in range(1, 9)]


def grounds(theme: Theme) -> list[str]:
    return [str(getattr(theme, name)) for name in ("background", "surface", "panel")]


@every_theme
@every_eye
def test_any_two_lines_differ(theme: Theme, eyes: str) -> None:
    assert least_distance(lines(theme), eyes) > (25 if theme in FOR_ALL_EYES else 15)


@pytest.mark.parametrize("theme", FOR_ALL_EYES, ids=lambda theme: theme.name)
@every_eye
def test_any_two_colours_that_tell_differ_for_all_eyes(theme: Theme, eyes: str) -> None:
    assert least_distance(roles(theme), eyes) >= 20


@every_theme
def test_text_is_readable(theme: Theme) -> None:
    least = 7.0 if theme is HIGH_CONTRAST else 4.5
    for ground in grounds(theme):
        assert min(contrast(colour, ground) for colour in [str(theme.foreground), *roles(theme)]) >= least
        assert contrast(theme.variables["footer-key-foreground"], ground) >= least
    for cursor in ("block-cursor", "block-cursor-blurred"):
        assert contrast(theme.variables[f"{cursor}-foreground"], theme.variables[f"{cursor}-background"]) >= least


@every_theme
def test_lines_and_borders_are_seen(theme: Theme) -> None:
    assert min(contrast(line, str(theme.background)) for line in lines(theme)) >= 3
    assert contrast(theme.variables["border"], str(theme.background)) >= 3


@pytest.mark.usefixtures("at_home")
async def test_the_key_goes_round_all_looks() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        seen = []
        for _ in THEMES:
            seen.append(app.theme)
            await pilot.press("ctrl+t")
        assert seen == [theme.name for theme in THEMES.values()]
        assert app.theme == seen[0] == DARK.name


@pytest.mark.usefixtures("at_home")
async def test_the_palette_offers_the_other_looks_by_name() -> None:
    app = lab(theme="light")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        offered = {str(hit.display): hit async for hit in PossibleNow(app.screen).discover()}
        assert {text for text in offered if text.startswith("theme: ")} == {
            f"theme: {name}" for name in THEMES if name != "light"
        }
        await offered["theme: high-contrast"].command()  # type: ignore[misc]
        assert app.theme == HIGH_CONTRAST.name
