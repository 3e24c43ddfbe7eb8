"""Opening the screens with all that this person has: what they like, the keys they have changed, a standby worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tp1tui import settings
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.first_time import is_first_time
from tp1tui.tui.preferences import PreferencesFile
from tp1tui.tui.standby_keeper import StandbyKeeper
from tp1tui.tui.terminal.ability import Ability

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.sweep_folder import SweepFolder
    from tp1tui.tui.keymap.changed_keys import ChangedKeys

    Watched = RunFolder | SweepFolder | Sequence[RunFolder]


def main(
    runs_dir: Path, device: str, ability: Ability, watch: Watched | None = None, theme: str | None = None
) -> str | None:
    """Open the screens and stay until the person leaves.

    Args:
        runs_dir: Where runs are and where new ones go.
        device: What was asked for: auto, cpu, cuda or cuda:N.
        ability: What the terminal can show.
        watch: A run or a sweep to open at once, or several runs to compare.
        theme: A theme for this time.

    Returns:
        What to print afterwards: how to come back to trainings that go on. None when there is nothing to say.
    """
    liked = PreferencesFile(settings.config_dir())
    first_time = watch is None and is_first_time(runs_dir)
    keys = _keys()
    app = Tp1Tui(
        runs_dir,
        device,
        watch=watch,
        ability=ability,
        preferences=liked,
        theme=theme,
        keys=keys,
        first_time=first_time,
        standby=StandbyKeeper() if settings.keeps_standby() else None,
    )
    words = app.run()
    return "\n".join((*app.writes.left_behind, *app.unkept.last_words(), *([words] if words else []))) or None


def _keys() -> ChangedKeys | None:
    """Read only where there is a file: what it says is held against every screen, and they must all be imported."""
    if not (settings.config_dir() / settings.KEYS_FILE).exists():
        return None
    from tp1tui.tui.keymap.keys_file import read_keys

    return read_keys(settings.config_dir())
