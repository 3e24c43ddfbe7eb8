"""Which layout is the faster one for a convnet on this machine: tried once, then remembered."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tp1tui.engine.layout import LAYOUTS, circumstances, faster, has_choice
from tp1tui.engine.training import Training
from tp1tui.files.plain import content
from tp1tui.journal.atomic import replacing

MOST = 1 << 20
"""Bytes of the file."""


def choose_layout(training: Training, known_in: Path, tell: Callable[[str], None]) -> None:
    """Let a training that has not begun work in the layout in which its steps are fastest.

    Args:
        training: Ready for its first step.
        known_in: A JSON file of what was found before; a file that is none is written anew.
        tell: What is being waited for.
    """
    if not has_choice(training):
        return
    known, key = _known(known_in), circumstances(training)
    layout = next((layout for layout in LAYOUTS if layout == known.get(key)), None)
    if layout is None:
        tell("trying which memory layout is faster")
        layout = faster(training)
        _remember(known_in, {**known, key: layout})
    training.set_layout(layout)


def _known(path: Path) -> dict[str, object]:
    with suppress(OSError, ValueError):
        found = json.loads(content(path, MOST))
        if isinstance(found, dict):
            return found
    return {}


def _remember(path: Path, known: dict[str, object]) -> None:
    """What cannot be kept is tried again by the next run."""
    with suppress(OSError), replacing(path) as file:
        json.dump(known, file, indent=1)
