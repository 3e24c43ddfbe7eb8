"""What tests that take pictures of screens share: the sizes, and keys that are pressed before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.bench_lab import LARGE, MIDDLE, SIZES, SMALL
from tp1tui.tui.terminal.ability import Ability

every_size = pytest.mark.parametrize(
    "size",
    [SMALL, pytest.param(MIDDLE, marks=pytest.mark.long), LARGE],  # between the two, the light look is tried
    ids=lambda size: f"{size[0]}x{size[1]}",
)
BESIDE_DARK: dict[str, dict[str, Any]] = {
    "light": {"theme": "light"},
    "no-colour": {"ability": Ability(colours="none")},
}
"""Looks, by name, with what the app is given for them."""
LOOKS: dict[str, dict[str, Any]] = {"dark": {}, **BESIDE_DARK}
_WHERE = {"dark": (SMALL, LARGE), "light": (MIDDLE,), "no-colour": (SMALL,)}
"""Sizes at which each look is tried always: each look and each size once at least."""


def _pairs(looks: Collection[str]) -> pytest.MarkDecorator:
    pairs = [(look, size) for look in looks for size in SIZES]
    return pytest.mark.parametrize(
        ("look", "size"),
        [pytest.param(*pair, marks=[] if pair[1] in _WHERE[pair[0]] else pytest.mark.long) for pair in pairs],
        ids=[f"{size[0]}x{size[1]}-{look}" for look, size in pairs],
    )


every_look_and_size = _pairs(LOOKS)
every_look_beside_dark = _pairs(BESIDE_DARK)
Before = Callable[[Pilot[Any]], Awaitable[None]]


def pressing_on(opened: Callable[[Pilot[Any]], Awaitable[object]]) -> Callable[..., Before]:
    """Takes keys, and makes what presses them one after the other once a screen is open.

    Args:
        opened: Waits until it is.
    """
    return partial(_pressing, opened)


def _pressing(opened: Callable[[Pilot[Any]], Awaitable[object]], *keys: str) -> Before:
    async def run_before(pilot: Pilot[Any]) -> None:
        await opened(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    return run_before
