"""Take the README's pictures from the app itself: python docs/take_screens.py RUNS_DIR RUN RUN...

RUNS_DIR is a folder of real runs; the first RUN, a part of one's id, is shown on the run screen, and all are compared.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tp1tui.cli.comparing import folders_of
from tp1tui.journal.listing import find_run
from tp1tui.tui.app import Tp1Tui

HERE = Path(__file__).parent / "screens"
SIZE = (120, 40)
SETTLED = 2.0
"""Seconds in which a screen reads its journal and draws."""


async def take(runs_dir: Path, names: list[str]) -> None:
    """Bench, runs, run screen and comparison, each as an SVG."""
    await _picture(Tp1Tui(runs_dir, "auto"), "bench", "cd34")
    await _picture(Tp1Tui(runs_dir, "auto"), "runs", None, "r", "f", "down", "down", "space")
    await _picture(Tp1Tui(runs_dir, "auto", watch=find_run(names[0], runs_dir)), "run", None)
    await _picture(Tp1Tui(runs_dir, "auto", watch=folders_of(names, runs_dir)), "compare", None, "b", "y", "down")


async def _picture(app: Tp1Tui, name: str, question: str | None, *keys: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        if question:
            await pilot.press("slash", *question, "enter", "escape")
        await pilot.press(*keys)
        await pilot.pause(SETTLED)
        app.save_screenshot(f"{name}.svg", path=str(HERE))


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]), sys.argv[2:]))
