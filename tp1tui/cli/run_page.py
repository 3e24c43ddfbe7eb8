"""`tp1tui show RUN`: what a run was asked to do, what was expected of it, and what it has reached."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tp1tui.cli import show
from tp1tui.cli.errors import WrongUsage
from tp1tui.cli.presets import library
from tp1tui.journal.figures import Figures, figures
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.last_words import last_words
from tp1tui.journal.listing import UnknownRun, find_run
from tp1tui.journal.prediction import prediction_of
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.numbers import percent, times
from tp1tui.spec.preset_files import UnknownPreset
from tp1tui.tui.paste import command_on
from tp1tui.tui.question.card import card_text

NAMED = 5
"""Resumes whose places are told: the latest."""


def named(name: str, runs_dir: Path) -> RunFolder | SweepFolder | None:
    """The run that a name stands for; None where it stands for a preset.

    Raises:
        WrongUsage: It stands for neither, or for several.
        UnknownPreset: It is a file's, which is not there.
    """
    try:
        library().find(name)
    except UnknownPreset as no_preset:
        if name.endswith(".toml"):  # no run's folder is called so
            raise
        try:
            return find_run(name, runs_dir)
        except UnknownRun as no_run:
            raise WrongUsage(f"{no_preset} {no_run}") from None
    return None


def show_run(folder: RunFolder | SweepFolder, *, as_json: bool) -> None:
    """One run or measure with its card, or a sweep with the figures of its runs.

    Raises:
        RunFolderError: It cannot be read.
        OSError: A journal cannot be read.
    """
    spec, prediction = folder.spec(), prediction_of(folder.path)
    members = [run for _, run in folder.runs()] if isinstance(folder, SweepFolder) else [folder]
    followers = list(map(_followed, members))
    reached = [row for one in followers if (row := _figures(one, prediction if one.folder is folder else ""))]
    if as_json:
        found = {"prediction": prediction, "reached": _rows(reached)}
        if isinstance(folder, RunFolder):
            found["resumed"] = [
                {"step": step, "epoch": epoch} for one in followers for step, epoch in _places_of_resumes(one)
            ]
        show.as_json({"id": folder.id, "path": folder.path, **spec.model_dump(mode="json"), **found})
        return
    show.rich(Text(folder.id, style="bold"), Text(str(folder.path), style="dim"), Text())
    if isinstance(folder, RunFolder) and (history := [*_trouble(followers[0]), *_history(followers[0])]):
        for told in history:
            show.sentence(told)
        show.line("")
    show.rich(Text(card_text(spec.preset, spec, prediction, reached if len(members) == 1 else ()).plain))
    if spec.changes:
        show.rich(Text(), Text("Changed", style="bold"), Text("\n".join(spec.changes)))
    if len(members) > 1 and reached:
        show.rich(Text(), _table(reached))


def _followed(folder: RunFolder) -> Follower:
    follower = Follower(folder)
    follower.poll()
    return follower


def _history(follower: Follower) -> list[str]:
    """That a run was resumed, how often and where, as a sentence; none where it was not."""
    places = _places_of_resumes(follower)
    if not places:
        return []
    told = [
        f"at step {step:,}{'' if epoch is None else f' (epoch {round(epoch, 2):g})'}" for step, epoch in places[-NAMED:]
    ]
    where = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    latest = "the latest " if len(places) > NAMED else ""
    return [f"Resumed {times(len(places))}: {latest}{where}."]


def _places_of_resumes(follower: Follower) -> list[tuple[int, float | None]]:
    """From which step a run went on each time, and where that is along its epochs; None for what trains nothing."""
    training = follower.folder.spec().training
    steps = training.experiment.steps_per_epoch if training else None
    return [(event.step, event.step / steps if steps else None) for event in follower.record.resumed.events]


def _trouble(follower: Follower) -> list[str]:
    """Why a run ended before its end: the reason, and the error as whoever mends it needs it."""
    folder, state = follower.folder, follower.state()
    if state == "failed" and (failed := follower.record.failed):
        return [f"Failed: {failed.reason}", *failed.details.splitlines()]
    if state == "interrupted":
        return [f"Interrupted; `{command_on(folder.path, 'resume')}` goes on.", *last_words(folder)]
    return []


def _figures(follower: Follower, prediction: str) -> Figures | None:
    training = follower.folder.spec().training
    return figures(follower.folder.id, training, follower.record, prediction) if training else None


def _rows(reached: Sequence[Figures]) -> list[dict[str, object]]:
    return [
        {
            "id": row.run,
            "changed": row.changed,
            "epochs": row.epochs,
            "last_train_top1": row.last_top1[0],
            "last_test_top1": row.last_top1[1],
            "best_epoch": row.best.epoch,
            "best_test_top1": row.best.test_top1,
            "chosen_on": row.best.chosen_on,
            "resumes": row.resumes,
        }
        for row in reached
    ]


def _table(reached: Sequence[Figures]) -> Table:
    table = Table(box=None, pad_edge=False)
    resumed = any(row.resumes for row in reached)
    headings = ("run", "epochs", "train top-1", "test top-1", "best test", "chosen on")
    for heading in (*headings, "resumed") if resumed else headings:
        table.add_column(heading, justify="left" if heading == "run" else "right")
    for row in reached:
        top1 = map(percent, (*row.last_top1, row.best.test_top1))
        history = (times(row.resumes) if row.resumes else "",) if resumed else ()
        table.add_row(Text(row.changed or row.run), str(row.epochs), *top1, row.best.chosen_on, *history)
    return table
