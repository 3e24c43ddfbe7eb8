"""What tests that take pictures of screens share: the sizes, and keys that are pressed before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.bench_lab import SIZES
from tp1tui.tui.terminal.ability import Ability

every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
BESIDE_DARK: dict[str, dict[str, Any]] = {
    "light": {"theme": "light"},
    "no-colour": {"ability": Ability(colours="none")},
}
"""Looks, by name, with what the app is given for them."""
LOOKS: dict[str, dict[str, Any]] = {"dark": {}, **BESIDE_DARK}
every_look = pytest.mark.parametrize("look", LOOKS)
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
