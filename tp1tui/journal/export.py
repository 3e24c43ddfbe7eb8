"""A run as CSV: one row an epoch, a batch, a layer. Opens in pandas and in spreadsheets as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from math import isnan
from pathlib import Path

from tp1tui.journal import result_csv
from tp1tui.journal.csv_files import ExportError, Row, Tables
from tp1tui.journal.export_place import write_export
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.prediction import expected_top1, prediction_of
from tp1tui.journal.record import RunRecord
from tp1tui.spec.arithmetic import shape_text
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.results import Cell

__all__ = ["EPOCHS", "ExportError", "epoch_rows", "export"]

EPOCHS = [
    *("epoch", "step", "timestamp", "elapsed_s", "lr"),
    *("train_loss", "train_top1", "train_top5", "test_loss", "test_top1", "test_top5"),
    *("images_per_s", "augmentation", "dropout"),
    *("clean_train_loss", "clean_train_top1", "clean_train_top5"),
    *("validation_loss", "validation_top1", "validation_top5"),
    "resumes",
]
"""The last of them: how often the run had been resumed from a checkpoint before that epoch's end was journaled."""
PREDICTION = ["prediction", "low", "high", "last_test_top1"]
BATCHES = ["step", "epoch", "loss", "top1", "resumes"]
LAYERS = ["name", "kind", "output", "kernel", "parameters", "share_percent", "multiply_adds", "receptive_field"]


def export(folder: RunFolder, to: Path | None = None) -> list[Path]:
    """Write a run as CSV: what there is so far, each file whole or none of them.

    Of a training epochs.csv, batches.csv, layers.csv and, where it is known, classes.csv; beside them one file for
    every other result, and prediction.csv where something was expected of it.

    Args:
        folder: Of the run, which may be going on.
        to: Where to; the run's own folder when None. Made when it is not there. What an earlier
            export of the run left there is replaced, and nothing else.

    Returns:
        The files.

    Raises:
        ExportError: They cannot be written, would take the place of other files, or the journal cannot be read.
        RunFolderError: The run's experiment cannot be read.
    """
    training = folder.spec().training
    record = _record(folder)
    tables = _training_tables(record, training.experiment) if training else {}
    for result in record.results.values():
        tables |= result_csv.files(result)
    if prediction := prediction_of(folder.path):
        tables["prediction.csv"] = (PREDICTION, [_predicted(prediction, record)])
    return write_export(tables, folder.path, to)


def _training_tables(record: RunRecord, experiment: Experiment) -> Tables:
    tables: Tables = {
        "epochs.csv": (EPOCHS, epoch_rows(record)),
        "batches.csv": (BATCHES, _batches(record, experiment.steps_per_epoch)),
        "layers.csv": (LAYERS, _layers(experiment)),
    }
    if any(epoch.test_top1_by_class for epoch in record.epochs):
        tables["classes.csv"] = (["epoch", *experiment.facts.class_names], _classes(record))
    return tables


def _record(folder: RunFolder) -> RunRecord:
    follower = Follower(folder)
    try:
        follower.poll()
    except OSError as error:
        raise ExportError(f"{folder.journal_path} cannot be read: {error.strerror}.") from None
    return follower.record


def epoch_rows(record: RunRecord) -> Iterator[tuple[Cell, ...]]:
    """A row an epoch, under the header `EPOCHS`."""
    zone = _zone(record.epochs[0].time) if record.epochs else UTC
    for place, epoch in enumerate(record.epochs):
        yield (
            epoch.epoch,
            epoch.step,
            datetime.fromtimestamp(epoch.time, zone).isoformat(timespec="microseconds"),
            epoch.elapsed,
            epoch.lr,
            epoch.train_loss,
            epoch.train_top1,
            epoch.train_top5,
            epoch.test_loss,
            epoch.test_top1,
            epoch.test_top5,
            epoch.images_per_s,
            epoch.augmentation,
            epoch.dropout,
            epoch.clean_train_loss,
            epoch.clean_train_top1,
            epoch.clean_train_top5,
            epoch.validation_loss,
            epoch.validation_top1,
            epoch.validation_top5,
            record.resumed.before_epoch(place),
        )


def _predicted(prediction: str, record: RunRecord) -> Row:
    """What was expected, the range of test top-1 that it names, and what was reached."""
    expected = expected_top1(prediction)
    low, high = (expected.low, expected.high) if expected else (None, None)
    return prediction, low, high, record.last.test_top1 if record.last and record.last.epoch else None


def _classes(record: RunRecord) -> Iterator[Row]:
    """Test top-1 of each class."""
    for epoch in record.epochs:
        if epoch.test_top1_by_class is not None:
            yield epoch.epoch, *epoch.test_top1_by_class


def _zone(time: float) -> timezone:
    """The local offset from UTC, one for the whole column: pandas reads no column of several."""
    return timezone(datetime.fromtimestamp(time).astimezone().utcoffset() or timedelta())


def _batches(record: RunRecord, steps_per_epoch: int) -> Iterator[Row]:
    for step, (loss, top1) in enumerate(zip(record.losses, record.batch_top1, strict=True), start=1):
        if not isnan(top1):  # else a damaged line hides this batch
            yield step, 1 + (step - 1) // steps_per_epoch, loss, top1, record.resumed.before_batch(step)


def _layers(experiment: Experiment) -> Iterator[Row]:
    for row in experiment.layer_table():
        output = shape_text(row.output)
        yield row.name, row.kind, output, row.kernel, row.parameters, row.share, row.multiply_adds, row.receptive_field
