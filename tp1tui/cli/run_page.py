"""`tp1tui show RUN`: what a run was asked to do, what was expected of it, and what it has reached."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from tp1tui.cli import show
from tp1tui.cli.presets import library
from tp1tui.journal.figures import Figures, figures
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.last_words import last_words
from tp1tui.journal.listing import UnknownRun, find_run
from tp1tui.journal.prediction import prediction_of
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.preset_files import UnknownPreset
from tp1tui.tui.question.card import card_text
from tp1tui.tui.text import percent


def named(name: str, runs_dir: Path) -> RunFolder | SweepFolder | None:
    """The run that a name stands for; None where it stands for a preset, or for neither."""
    try:
        library().find(name)
    except UnknownPreset:
        try:
            return find_run(name, runs_dir)
        except UnknownRun:
            return None
    return None


def show_run(folder: RunFolder | SweepFolder, *, as_json: bool) -> None:
    """One run or measure with its card, or a sweep with the figures of its runs.

    Raises:
        RunFolderError: It cannot be read.
        OSError: A journal cannot be read.
    """
    spec, prediction = folder.spec(), prediction_of(folder.path)
    members = [run for _, run in folder.runs()] if isinstance(folder, SweepFolder) else [folder]
    reached = [row for run in members if (row := _figures(run, prediction if run is folder else "")) is not None]
    if as_json:
        found = {"prediction": prediction, "reached": _rows(reached)}
        show.as_json({"id": folder.id, "path": folder.path, **spec.model_dump(mode="json"), **found})
        return
    show.rich(Text(folder.id, style="bold"), Text(str(folder.path), style="dim"), Text())
    if trouble := _trouble(folder):
        show.rich(*map(Text, trouble), Text())
    show.rich(Text(card_text(spec.preset, spec, prediction, reached if len(members) == 1 else ()).plain))
    if spec.changes:
        show.rich(Text(), Text("Changed", style="bold"), Text("\n".join(spec.changes)))
    if len(members) > 1 and reached:
        show.rich(Text(), _table(reached))


def _trouble(folder: RunFolder | SweepFolder) -> list[str]:
    """Why a run ended before its end: the reason, and the error as whoever mends it needs it."""
    if isinstance(folder, SweepFolder):
        return []
    follower = Follower(folder)
    follower.poll()
    state = follower.state()
    if state == "failed" and (failed := follower.record.failed):
        return [f"Failed: {failed.reason}", *failed.details.splitlines()]
    if state == "interrupted":
        return [f"Interrupted; `tp1tui resume {folder.id}` goes on.", *last_words(folder)]
    return []


def _figures(folder: RunFolder, prediction: str) -> Figures | None:
    training = folder.spec().training
    if training is None:
        return None
    follower = Follower(folder)
    follower.poll()
    return figures(folder.id, training, follower.record, prediction)


def _rows(reached: list[Figures]) -> list[dict[str, object]]:
    return [
        {
            "id": row.run,
            "changed": row.changed,
            "epochs": row.epochs,
            "last_train_top1": row.last_top1[0],
            "last_test_top1": row.last_top1[1],
            "best_epoch": row.best_epoch,
            "best_test_top1": row.best_top1[1],
            "chosen_on": row.chosen_on,
        }
        for row in reached
    ]


def _table(reached: list[Figures]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "epochs", "train top-1", "test top-1", "best test", "chosen on"):
        table.add_column(heading, justify="left" if heading == "run" else "right")
    for row in reached:
        figure = (*row.last_top1, row.best_top1[1])
        table.add_row(Text(row.changed or row.run), str(row.epochs), *map(percent, figure), row.chosen_on)
    return table
