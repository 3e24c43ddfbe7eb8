"""What is printed after the screens close: which trainings go on or wait, and how to come back to them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tp1tui.tui.paste import command, command_on

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.state import RunState


def farewell(runs_dir: Path) -> str | None:
    """Sentences on the runs and sweeps that go on, newest first, and on what waits; None when nothing does.

    Args:
        runs_dir: Where the runs are; named in what to type where it is not the usual place.
    """
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.lock import is_held
    from tp1tui.journal.tickets import line

    try:
        going = [folder for path in sorted(runs_dir.iterdir(), reverse=True) if is_held(folder := RunFolder(path))]
    except OSError:
        return None
    waiting = [folder for folder, _ in line(runs_dir)]
    sweeps = _sweeps((*going, *waiting))
    lines: list[str] = []
    for sweep in dict.fromkeys(sweeps.values()):
        lines += [_sweep(runs_dir / sweep), _way_back(runs_dir, sweep)]
    for folder in going:
        if folder not in sweeps:
            lines += [_run(folder), _way_back(runs_dir, folder.id)]
    alone = sum(folder not in sweeps for folder in waiting)
    if alone:
        more = " more" if lines else ""
        lines.append(f"{alone}{more} run{'s wait' if alone > 1 else ' waits'} in line and will start without tp1tui.")
    return "\n".join(lines) or None


def unread(runs_dir: Path) -> str:
    """What is said where the disk does not tell in time what goes on."""
    listing = command("runs", runs_dir=runs_dir)
    return f"The disk does not answer. What goes on, goes on: `{listing}` tells, once it answers again."


def _sweeps(folders: Iterable[RunFolder]) -> dict[RunFolder, str]:
    """Of those that are members of a sweep that is there, its id."""
    from tp1tui.journal.folder import RunFolderError
    from tp1tui.journal.sweep_folder import looks_like_sweep
    from tp1tui.spec.frozen import RunSpec

    found: dict[RunFolder, str] = {}
    for folder in folders:
        with suppress(RunFolderError):
            spec = folder.spec()
            if isinstance(spec, RunSpec) and spec.sweep and looks_like_sweep(folder.path.with_name(spec.sweep)):
                found[folder] = spec.sweep
    return found


def _sweep(path: Path) -> str:
    from tp1tui.journal.folder import short_name
    from tp1tui.journal.sweep_folder import SweepFolder
    from tp1tui.journal.sweep_record import SweepFollower

    follower = SweepFollower(SweepFolder(path.absolute()))
    follower.poll()
    states = [member.state for member in follower.members]
    counts = [f"{states.count('finished')} of {len(states)} runs done"]
    counts += [f"{states.count(state)} {verb}" for state, verb in _VERBS.items() if states.count(state)]
    waiting = sum(member.in_line for member in follower.members)
    if waiting:
        counts.append(f"{waiting} wait{'s' if waiting == 1 else ''} in line")
    return f"The sweep {short_name(path.name)} goes on: {', '.join(counts)}. Come back to it with:"


def _run(folder: RunFolder) -> str:
    from tp1tui.journal.folder import short_name
    from tp1tui.journal.follow import Follower

    follower = Follower(folder)
    follower.poll()
    how = "is paused" if follower.record.paused else "goes on training"
    return f"{short_name(folder.id)} {how}. Come back to it with:"


def _way_back(runs_dir: Path, name: str) -> str:
    return f"  {command_on(runs_dir / name, 'watch')}"


_VERBS: dict[RunState, str] = {"running": "training", "paused": "paused", "failed": "failed"}
