"""What `tp1tui trash` does with runs and sweeps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import typer

from tp1tui.cli import show
from tp1tui.cli.errors import CannotDo, WrongUsage
from tp1tui.journal.listing import find_run
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.trash import Thrown, bring_back, last_thrown, remove_for_good, throw_away, thrown_away
from tp1tui.tui.paste import command


def show_all(runs_dir: Path, *, as_json: bool) -> None:
    """What lies in the trash, a line for what was thrown away at one time."""
    found = thrown_away(runs_dir)
    if as_json:
        show.as_json([{"at": thrown.at, "sweeps": thrown.sweeps, "runs": thrown.runs} for thrown in found])
        return
    for thrown in found:
        show.line(f"{_when(thrown)}  {thrown.text}")
    if not found:
        show.sentence("The trash is empty.")


def add(name: str, runs_dir: Path) -> None:
    """Throw away a run or a sweep.

    Raises:
        TrashError: It runs, waits in line, or cannot be moved.
    """
    folder = find_run(name, runs_dir)
    members = [run.path for _, run in folder.runs()] if isinstance(folder, SweepFolder) else []
    thrown = throw_away(folder.path.parent, [*members, folder.path], datetime.now().astimezone())
    back = command("trash", "restore", runs_dir=folder.path.parent)
    show.sentence(f"Moved {thrown.text} to the trash. `{back}` brings back what went there last.")


def restore(name: str | None, runs_dir: Path) -> None:
    """Bring back what was thrown away last, or with a run or a sweep of this name.

    Raises:
        CannotDo: The trash is empty.
        WrongUsage: The name stands for nothing in it, or for what was thrown away at several times.
        TrashError: It cannot be moved.
    """
    if last_thrown(runs_dir) is None:
        raise CannotDo("The trash is empty, so there is nothing to bring back.")
    meant = [thrown for thrown in thrown_away(runs_dir) if _holds(thrown, name)]
    if not meant:
        listing = command("trash", "list", runs_dir=runs_dir)
        raise WrongUsage(f"Nothing in the trash has {name!r} in its name. `{listing}` says what there is.")
    if name is not None and len(meant) > 1:
        listed = ", ".join(thrown.text for thrown in meant)
        raise WrongUsage(f"{name!r} is in the names of what was thrown away {len(meant)} times: {listed}.")
    text, when = meant[0].text, _when(meant[0])
    bring_back(runs_dir, meant[0])
    show.sentence(f"Brought back {text}, in the trash since {when}.")


def empty(runs_dir: Path, *, sure: bool) -> None:
    """Remove for good what lies in the trash, once one is sure.

    Raises:
        TrashError: Something cannot be removed.
    """
    found = thrown_away(runs_dir)
    if not found:
        show.sentence("The trash is empty.")
        return
    many = sum(len(thrown.runs) for thrown in found)
    runs = f"{many} run{'s' if many != 1 else ''}"
    if not sure:
        typer.confirm(f"Remove {runs} for good? Nothing brings them back then.", abort=True)
    remove_for_good(runs_dir)
    show.sentence(f"Removed {runs} for good.")


def _holds(thrown: Thrown, name: str | None) -> bool:
    return name is None or any(name in thrown_id for thrown_id in (*thrown.sweeps, *thrown.runs))


def _when(thrown: Thrown) -> str:
    return f"{thrown.at.day} {thrown.at:%b %H:%M}"
