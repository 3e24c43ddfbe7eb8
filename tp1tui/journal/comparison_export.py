"""A comparison as CSV: every figure of every epoch of every run in one tidy table, and the table of differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tp1tui.journal import result_csv
from tp1tui.journal.comparison import comparison_table
from tp1tui.journal.csv_files import Row, Tables, write_tables
from tp1tui.journal.events import Epoch
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.journal.several import RunsFollower, SeenRun

CURVES = ["run", "split", "epoch", "step", "seconds", "metric", "value"]
_SPLITS = {"train": "train", "test": "test", "validation": "validation", "clean_train": "train, after the epoch"}
"""How the fields of an `Epoch` begin, and what the table calls the set."""
_METRICS = ("loss", "top1", "top5")
_OF_TRAINING = ("lr", "images_per_s")


def export_comparison(folders: Sequence[RunFolder], to: Path) -> list[Path]:
    """Write a comparison: what there is so far, both files whole or none of them.

    Args:
        folders: Of the runs, in the order in which they are listed; those that cannot be read are left out.
        to: The file of the curves. Beside it, with `-differences` after its name, a row a run: the fields in which they
            differ and their figures.

    Returns:
        The two files.

    Raises:
        ExportError: They cannot be written.
    """
    follower = RunsFollower(folders)
    follower.poll()
    tables: Tables = {
        to.name: (CURVES, _curves(follower.runs)),
        f"{to.stem}-differences{to.suffix}": result_csv.rows(comparison_table(follower.runs)),
    }
    return write_tables(tables, to.parent)


def _curves(runs: Sequence[SeenRun]) -> Iterator[Row]:
    for run in runs:
        name = short_name(run.folder.id)
        for epoch in run.record.epochs:
            for split, metric, value in _values(epoch):
                yield name, split, epoch.epoch, epoch.step, epoch.elapsed, metric, value


def _values(epoch: Epoch) -> Iterator[tuple[str, str, float]]:
    """Set, metric and value of all that was measured in an epoch."""
    for begins, split in _SPLITS.items():
        for metric in _METRICS:
            value = getattr(epoch, f"{begins}_{metric}")
            if value is not None:
                yield split, metric, value
    for metric in _OF_TRAINING:
        yield "train", metric, getattr(epoch, metric)
