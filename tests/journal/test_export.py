from __future__ import annotations

import csv
import math
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import make_measure, make_run
from tp1tui.journal.csv_files import ExportError, cell_text
from tp1tui.journal.events import Batches, Epoch
from tp1tui.journal.export import export
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lines import encode
from tp1tui.journal.record import RunRecord
from tp1tui.journal.writer import JournalWriter
from tp1tui.spec.results import Axis, Grid, GridPoint

FIGURES = ["train_loss", "train_top1", "train_top5", "test_loss", "test_top1", "test_top5", "lr", "images_per_s"]


def exactly(values: list[float]) -> object:
    """Up to the last bit, in which some versions of pandas round otherwise than Python."""
    return pytest.approx(values, rel=4e-16)


def record_of(folder: RunFolder) -> RunRecord:
    follower = Follower(folder)
    follower.poll()
    return follower.record


def test_the_headers_are_the_fixed_ones(finished: RunFolder) -> None:
    files = export(finished)
    assert [file.name for file in files] == ["epochs.csv", "batches.csv", "layers.csv"]
    assert all(file.parent == finished.path for file in files)
    assert [file.read_text().split("\n")[0] for file in files] == [
        "epoch,step,timestamp,elapsed_s,lr,train_loss,train_top1,train_top5,test_loss,test_top1,test_top5,"
        "images_per_s,augmentation,dropout,clean_train_loss,clean_train_top1,clean_train_top5,"
        "validation_loss,validation_top1,validation_top5,resumes",
        "step,epoch,loss,top1,resumes",
        "name,kind,output,kernel,parameters,share_percent,multiply_adds,receptive_field",
    ]


def test_pandas_reads_every_figure_of_the_journal(finished: RunFolder) -> None:
    epochs_csv, batches_csv, _ = export(finished)
    record = record_of(finished)
    epochs = pd.read_csv(epochs_csv, parse_dates=["timestamp"])
    assert len(epochs) == 13
    for name in [*FIGURES, "epoch", "step", "augmentation", "dropout"]:
        assert list(epochs[name]) == exactly([getattr(epoch, name) for epoch in record.epochs])
    assert epochs["augmentation"].dtype == epochs["dropout"].dtype == bool
    assert set(epochs["dropout"]) == {True, False}
    assert list(epochs["elapsed_s"]) == exactly([epoch.elapsed for epoch in record.epochs])
    for read, epoch in zip(epochs["timestamp"], record.epochs, strict=True):
        assert read.timestamp() == pytest.approx(epoch.time, abs=1e-6)
    batches = pd.read_csv(batches_csv)
    assert list(batches["loss"]) == exactly(list(record.losses))
    assert list(batches["top1"]) == exactly(list(record.batch_top1))
    assert list(batches["step"]) == list(range(1, record.step + 1))
    assert list(batches["epoch"]) == [1 + (step - 1) // 391 for step in range(1, record.step + 1)]


def test_every_figure_agrees_with_the_journal_to_the_last_digit(finished: RunFolder) -> None:
    epochs_csv, batches_csv, _ = export(finished)
    with batches_csv.open(newline="") as file:
        assert [float(row["loss"]) for row in csv.DictReader(file)] == list(record_of(finished).losses)
    with epochs_csv.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row, epoch in zip(rows, record_of(finished).epochs, strict=True):
        assert [float(row[name]) for name in FIGURES] == [getattr(epoch, name) for name in FIGURES]
        assert datetime.fromisoformat(row["timestamp"]).utcoffset() is not None
        assert row["dropout"] in ("true", "false")


def test_the_layer_table_is_the_one_of_the_experiment(finished: RunFolder) -> None:
    *_, layers_csv = export(finished)
    layers = pd.read_csv(layers_csv)
    table = finished.spec().experiment.layer_table()
    assert list(layers["name"]) == [row.name for row in table]
    assert list(layers["parameters"]) == [row.parameters for row in table]
    assert layers["parameters"].sum() == 1_191_170
    assert layers["share_percent"].sum() == pytest.approx(100)
    assert layers["output"][0] == "32x32x32"
    assert math.isnan(layers["kernel"][1])


def test_diverged_figures_are_read_as_such_by_pandas_and_python(queued: RunFolder) -> None:
    odd = {"train_loss": math.nan, "test_loss": math.inf, "lr": -math.inf}
    epoch = Epoch(
        time=1.8e9,
        step=2,
        epoch=1,
        seconds=1,
        elapsed=1,
        augmentation=False,
        dropout=True,
        **dict.fromkeys(FIGURES, 0.1) | odd,
    )
    batches = Batches(time=1, step=2, first_step=1, losses=[math.nan, math.inf], top1=[10, 10], images_per_s=1)
    with JournalWriter(queued.journal_path) as journal:
        journal.append(batches)
        journal.append(epoch)
    epochs_csv, batches_csv, _ = export(queued)
    read = pd.read_csv(epochs_csv)
    assert math.isnan(read["train_loss"][0])
    assert (read["test_loss"][0], read["lr"][0]) == (math.inf, -math.inf)
    assert batches_csv.read_text().splitlines()[1:] == ["1,1,NaN,10.0,0", "2,1,Infinity,10.0,0"]


def test_what_is_measured_of_classes_and_after_the_epoch_is_exported_where_it_is_known(queued: RunFolder) -> None:
    by_class = [math.nan, *[10.0 * number for number in range(1, 10)]]
    more = {"clean_train_loss": 0.25, "clean_train_top1": 90.5, "clean_train_top5": 99.5}
    with JournalWriter(queued.journal_path) as journal:
        for number, extra in enumerate([{}, {**more, "test_top1_by_class": by_class}]):
            plain = {"time": 1.8e9, "step": number, "epoch": number, "seconds": 1, "elapsed": 1}
            figures = dict.fromkeys(FIGURES, 0.1)
            journal.append(Epoch.model_validate({**plain, **figures, "augmentation": False, "dropout": True, **extra}))
    files = export(queued)
    assert [file.name for file in files] == ["epochs.csv", "batches.csv", "layers.csv", "classes.csv"]
    epochs = pd.read_csv(files[0])
    assert math.isnan(epochs["clean_train_loss"][0])
    assert [epochs[name][1] for name in more] == list(more.values())
    classes = pd.read_csv(files[3])
    assert list(classes["epoch"]) == [1]
    assert list(classes.columns[1:3]) == ["airplane", "automobile"]
    assert math.isnan(classes["airplane"][0])
    assert classes["truck"][0] == 90.0


def test_batches_that_a_damaged_line_hides_are_left_out(finished: RunFolder) -> None:
    lines = finished.journal_path.read_bytes().splitlines(keepends=True)
    place = next(place for place, line in enumerate(lines) if b'"first_step":51,' in line)
    lines[place] = lines[place].replace(b"7", b"8", 1)
    finished.journal_path.write_bytes(b"".join(lines))
    steps = pd.read_csv(export(finished)[1])["step"]
    assert 50 in set(steps)
    assert not set(steps) & set(range(51, 101))
    assert 101 in set(steps)


def test_a_run_that_goes_on_is_exported_as_far_as_it_is(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="running")
    with folder.journal_path.open("ab") as journal:
        journal.write(encode(record_of(folder).epochs[-1])[:40])  # a line that is being written
    epochs_csv, batches_csv, _ = export(folder)
    assert len(pd.read_csv(epochs_csv)) == 7
    assert len(pd.read_csv(batches_csv)) == record_of(folder).step
    assert Follower(folder).state() == "running"


def test_a_queued_run_gives_headers_and_its_layers(queued: RunFolder) -> None:
    assert [len(pd.read_csv(file)) for file in export(queued)] == [0, 0, 14]


def test_another_folder_is_made_and_an_older_export_replaced(finished: RunFolder, tmp_path: Path) -> None:
    to = tmp_path / "a" / "b"
    assert export(finished, to) == export(finished, to) == [to / "epochs.csv", to / "batches.csv", to / "layers.csv"]
    assert sorted(path.name for path in to.glob("[!.]*")) == ["batches.csv", "epochs.csv", "layers.csv"]
    assert not (finished.path / "epochs.csv").exists()


def test_one_offset_serves_the_whole_timestamp_column(finished: RunFolder) -> None:
    stamps = [datetime.fromisoformat(stamp) for stamp in pd.read_csv(export(finished)[0])["timestamp"]]
    assert len({stamp.utcoffset() for stamp in stamps}) == 1
    assert isinstance(stamps[0].utcoffset(), timedelta)


@pytest.mark.parametrize("to_file", ["the folder", "one of the files"])
def test_a_place_that_cannot_be_written_is_told_and_stays_as_it_was(
    finished: RunFolder, tmp_path: Path, to_file: str
) -> None:
    to = tmp_path / "out"
    if to_file == "the folder":
        to.write_text("in the way")
    else:
        (to / "layers.csv").mkdir(parents=True)
    with pytest.raises(ExportError) as told:
        export(finished, to)
    assert str(to) in str(told.value)
    assert "--to DIR" in str(told.value)
    if to.is_dir():
        assert [path.name for path in to.iterdir() if path.name.startswith(".")] == []


def test_a_full_disk_is_told_and_leaves_what_was_there(finished: RunFolder) -> None:
    """The size limit of a process stands for the disk: epochs.csv fits below it, batches.csv does not."""
    export(finished)
    before = {path.name: path.read_bytes() for path in finished.path.glob("*.csv")}
    shutil.copy(finished.path / "epochs.csv", finished.path / "layers.csv")
    code = f"""
import resource
from pathlib import Path
from tp1tui.journal.export import ExportError, export
from tp1tui.journal.folder import RunFolder
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    export(RunFolder(Path({str(finished.path)!r})))
except ExportError as error:
    print(error)
"""
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told == (
        f"The CSV files do not fit: the disk of {finished.path} is full. "
        "Nothing was written; choose another folder with --to DIR.\n"
    )
    after = {path.name: path.read_bytes() for path in finished.path.glob("*.csv")}
    assert after == before | {"layers.csv": before["epochs.csv"]}
    assert not list(finished.path.glob(".*"))


def test_a_journal_that_cannot_be_read_is_told(queued: RunFolder) -> None:
    queued.journal_path.mkdir()
    with pytest.raises(ExportError, match="cannot be read"):
        export(queued)


def test_a_text_that_a_spreadsheet_would_compute_is_defused_and_a_number_is_not() -> None:
    assert [cell_text(cell) for cell in ("=1+1", "+1", "-1", "@x", "conv1")] == ["'=1+1", "'+1", "'-1", "'@x", "conv1"]
    assert [cell_text(cell) for cell in (-1, -0.5, 1e-300, True, None)] == ["-1", "-0.5", "1e-300", "true", ""]


def test_points_of_a_grid_have_a_file_of_their_own(tmp_path: Path) -> None:
    points = (GridPoint(0.5, -1.0, 1, "test", wrong=True), GridPoint(0.0, 1.0, 0, "train", support=True))
    boundary = Grid(
        name="decision boundary",
        content="probabilities",
        down=Axis(name="x2"),
        across=Axis(name="x1"),
        values=((0.25, 1.0), (0.0, 0.5)),
        down_values=(2.0, -2.0),
        across_values=(-2.0, 2.0),
        class_names=("disc", "ring"),
        points=points,
    )
    plane, examples = export(make_measure(tmp_path, results=[boundary]))
    assert plane.name == "result-decision-boundary.csv"
    assert plane.read_text().splitlines() == ["x2 \\ x1,-2.0,2.0", "2.0,0.25,1.0", "-2.0,0.0,0.5"]
    assert examples.name == "result-decision-boundary-points.csv"
    assert examples.read_text().splitlines() == [
        "x1,x2,class,part,wrong,support vector",
        "0.5,-1.0,ring,test,true,false",
        "0.0,1.0,disc,train,false,true",
    ]
