"""What is printed after the screens close: which trainings go on, and how to come back to them."""

from __future__ import annotations

import shlex
from pathlib import Path

from tp1tui import settings


def farewell(runs_dir: Path) -> str | None:
    """Sentences on the runs that go on, newest first; None when none does.

    Args:
        runs_dir: Where the runs are; named in what to type where it is not the usual place.
    """
    from tp1tui.journal.folder import RunFolder, short_name
    from tp1tui.journal.follow import Follower
    from tp1tui.journal.lock import is_held

    try:
        going = [folder for path in sorted(runs_dir.iterdir(), reverse=True) if is_held(folder := RunFolder(path))]
    except OSError:
        return None
    usual = runs_dir.absolute() == settings.runs_dir().absolute()
    lines: list[str] = []
    for folder in going:
        follower = Follower(folder)
        follower.poll()
        short = short_name(folder.id)
        name = short if usual else shlex.quote(str(runs_dir / folder.id))
        how = "is paused" if follower.record.paused else "goes on training"
        lines += [f"{short} {how}. Come back to it with:", f"  tp1tui watch {name}"]
    return "\n".join(lines) or None
