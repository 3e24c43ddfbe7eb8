"""What `tp1tui line` does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tp1tui.cli import show
from tp1tui.cli.errors import CannotDo, WrongUsage
from tp1tui.journal.estimate import paces
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.journal.line_order import WAYS, Way
from tp1tui.journal.listing import find_run, list_runs
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import line as line_in
from tp1tui.journal.tickets import take_out_of_line, ticket_of
from tp1tui.tui.line.rows import LineRow, line_rows, time_columns
from tp1tui.tui.line.words import place_in_words
from tp1tui.tui.paste import command
from tp1tui.worker.line import LineReader
from tp1tui.worker.line import move as move_in_line
from tp1tui.worker.line_lock import is_served
from tp1tui.worker.spawning import serve_line


def show_line(runs_dir: Path, *, as_json: bool) -> None:
    """What goes on and what waits, those of one device together."""
    served = is_served(runs_dir)
    rows = line_rows(LineReader(runs_dir).read(), paces(list_runs(runs_dir)), served=served)
    if as_json:
        show.as_json([_for_programs(row) for row in rows])
        return
    if not rows:
        show.sentence(f"Nothing goes on and nothing waits in {runs_dir.absolute()}.")
        return
    columns = time_columns(datetime.now().astimezone())
    table = Table(box=None, pad_edge=False)
    table.add_column("device", no_wrap=True)
    table.add_column("", justify="right")
    table.add_column("run")
    for column in columns:
        table.add_column(column.title, justify="left" if column.left else "right", no_wrap=True)
    for row in rows:
        cells = [column.cell(row) for column in columns]
        table.add_row(row.device, str(row.number or ""), Text(short_name(row.run.id)), *cells)
    show.rich(table)
    if not served and any(row.number for row in rows):
        show.error(f"No process starts what waits. `{command('line', 'serve', runs_dir=runs_dir)}` goes on.")


def move(name: str, way: str, runs_dir: Path) -> None:
    """Let a run stand elsewhere in line, and say where it stands then.

    Raises:
        WrongUsage: There is no such way.
        CannotDo: It does not wait.
    """
    if way not in WAYS:
        raise WrongUsage(f"A run cannot be moved {way!r} in line. Allowed: {', '.join(WAYS)}.")
    waiting = _waiting(name, runs_dir)
    reader = LineReader(runs_dir)
    for folder in _in_moving_order(waiting, way):
        move_in_line(runs_dir, folder, way, reader.all_slots)
    first = waiting[0].id
    place = place_in_words(reader.read(), first, served=is_served(runs_dir))
    show.sentence(f"{first} is {place}." if place else f"{first} waits no more: a worker has taken it up.")


def drop(name: str, runs_dir: Path) -> None:
    """Take a run out of line; of a sweep, all that wait.

    Raises:
        CannotDo: It does not wait.
    """
    for folder in reversed(_waiting(name, runs_dir)):  # the next one last, so that none takes its turn meanwhile
        if take_out_of_line(folder):
            show.line(f"{folder.id} waits in line no more.")


def serve(runs_dir: Path) -> None:
    """See that what waits is started.

    Raises:
        CannotDo: Nothing waits.
        LaunchError: Nothing can be started.
    """
    waiting = line_in(runs_dir)
    if not waiting:
        raise CannotDo(f"Nothing waits in line in {runs_dir.absolute()}.")
    serve_line(runs_dir)
    show.sentence(f"{len(waiting)} run{'s wait' if len(waiting) > 1 else ' waits'} in line, and will be started.")


def _waiting(name: str, runs_dir: Path) -> list[RunFolder]:
    """The run of that name, or the runs of that sweep, as far as they wait; in order."""
    found = find_run(name, runs_dir)
    folders = [folder for _, folder in found.runs()] if isinstance(found, SweepFolder) else [found]
    waiting = [folder for folder in folders if ticket_of(folder) is not None]
    if not waiting:
        raise CannotDo(f"{found.id} does not wait in line. `{command('line', runs_dir=runs_dir)}` shows what does.")
    places = {folder: number for number, (folder, _) in enumerate(line_in(runs_dir))}
    return sorted(waiting, key=lambda folder: places.get(folder, 0))


def _in_moving_order(folders: list[RunFolder], way: Way) -> list[RunFolder]:
    """Several that move together keep their order among themselves."""
    return folders if way in ("up", "last") else folders[::-1]


def _for_programs(row: LineRow) -> dict[str, object]:
    return {
        "id": row.run.id,
        "path": row.run.path,
        "device": row.device,
        "number": row.number,
        "state": row.run.state,
        "epoch": row.run.epoch,
        "epochs": row.run.epochs,
        "starts_in": row.starts_in,
        "takes": row.takes,
    }
