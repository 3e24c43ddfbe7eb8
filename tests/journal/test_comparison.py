"""In what runs differ, what each has reached, and the comparison as CSV."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import let_go, make_measure, make_run, run_spec
from tp1tui.journal.comparison import Setting, comparison_table, differences, figures
from tp1tui.journal.comparison_export import CURVES, export_comparison
from tp1tui.journal.csv_files import ExportError
from tp1tui.journal.events import Changed
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.journal.record import RunRecord
from tp1tui.journal.several import RunsFollower, SeenRun
from tp1tui.spec.changes import differences as differences_of_two
from tp1tui.spec.changes import differing_fields, fields
from tp1tui.spec.experiment import Switch

SETTINGS = (
    "optimizer.lr=0.03",
    "batch_size=64",
    "seed=3",
    "dropout.enabled=true",
    "dropout.p=0.3",
    "optimizer.kind=adam",
    "model.layers.conv1.filters=16",
    "schedule.kind=cosine",
)
EXPERIMENTS = st.lists(st.sets(st.sampled_from(SETTINGS), max_size=4), min_size=1, max_size=5)


def seen(*settings: str, flips: Sequence[tuple[Switch, float, bool]] = ()) -> SeenRun:
    """A run that has not been trained, as far as it matters here."""
    spec, record = run_spec("cd18", settings), RunRecord()
    for switch, epoch, new in flips:
        record.apply(Changed(time=1.0, step=round(epoch * 100), switch=switch, old=not new, new=new, epoch=epoch))
    return SeenRun(RunFolder(Path("/runs/2026-11-23T10-15-00_cd18_a")), spec, record, "finished")


def followed(folders: Sequence[RunFolder]) -> list[SeenRun]:
    follower = RunsFollower(folders)
    follower.poll()
    return follower.runs


@given(EXPERIMENTS)
def test_exactly_the_fields_that_any_two_do_not_share_are_named(chosen: list[set[str]]) -> None:
    experiments = [run_spec("cd18", sorted(settings)).experiment for settings in chosen]
    named = {field.path for field in differing_fields(experiments)}
    pages = [dict(fields(experiment)) for experiment in experiments]
    paths = {path for page in pages for path in page}
    assert named == {path for path in paths if len({repr(page.get(path)) for page in pages}) > 1}
    for field in differing_fields(experiments):
        assert field.values == tuple(page.get(field.path) for page in pages)


@given(EXPERIMENTS)
def test_of_two_it_is_what_has_changed_from_one_to_the_other(chosen: list[set[str]]) -> None:
    one, other = (run_spec("cd18", sorted(settings)).experiment for settings in (chosen[0], chosen[-1]))
    assert {change.path for change in differences_of_two(one, other)} == {
        field.path for field in differing_fields((other, one))
    }


def test_a_field_that_only_one_has_counts_as_nothing_for_the_others() -> None:
    found = {field.path: field.settings for field in differences([seen(), seen("schedule={kind='step',every=3}")])}
    assert found["schedule.every"] == (Setting(None), Setting(3))


def test_runs_that_are_the_same_differ_in_nothing() -> None:
    assert differences([seen(), seen()]) == ()
    assert differences([seen()]) == ()
    assert differences([]) == ()


def test_what_was_switched_while_it_ran_counts() -> None:
    quiet, flipped = seen(), seen(flips=[("dropout", 2.5, True), ("dropout", 4.0, False)])
    (field,) = differences([quiet, flipped])
    assert field.path == "dropout.enabled"
    assert [setting.cell for setting in field.settings] == [
        False,
        "false; true from epoch 2.5; false from epoch 4",
    ]
    assert differences([flipped, flipped]) == ()
    later = seen(flips=[("dropout", 3.5, True), ("dropout", 4.0, False)])
    assert [field.path for field in differences([flipped, later])] == ["dropout.enabled"]


def test_a_switch_that_differs_from_the_beginning_stands_once_with_what_became_of_it() -> None:
    (field,) = differences([seen("dropout.enabled=true"), seen(flips=[("dropout", 1.0, True)])])
    assert [setting.cell for setting in field.settings] == [True, "false; true from epoch 1"]


def test_the_table_has_a_row_a_run_with_figures_as_the_journal_has_them(tmp_path: Path) -> None:
    runs = followed([make_run(tmp_path, "digits", seed=seed, settings=["optimizer.lr=0.1"][:seed]) for seed in (0, 1)])
    table = comparison_table(runs)
    names = [column.name for column in table.columns]
    assert names[:3] == ["run", "optimizer.lr", "seed"]
    for run, row in zip(runs, table.rows, strict=True):
        cells = dict(zip(names, row, strict=True))
        assert run.record.best
        assert run.record.last
        assert cells["best test top-1"] == run.record.best.test_top1
        assert cells["test loss"] == run.record.last.test_loss
        assert cells["optimizer.lr"] == run.spec.experiment.optimizer.lr


def test_a_run_that_has_measured_nothing_has_no_figures() -> None:
    assert figures(seen("epochs=7")) == (None, 7, *[None] * 8, 0, "finished")


def test_every_figure_is_exported_to_the_last_digit(tmp_path: Path) -> None:
    folders = [
        make_run(tmp_path / "runs", "digits", seed=seed, settings=["optimizer.lr=0.1"][:seed]) for seed in (0, 1)
    ]
    curves, table = export_comparison(folders, tmp_path / "out" / "both.csv")
    assert (curves.name, table.name) == ("both.csv", "both-differences.csv")
    with curves.open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == CURVES
    written = {(row["run"], row["split"], int(row["epoch"]), row["metric"]): row for row in rows}
    assert len(written) == len(rows)
    for run in followed(folders):
        for epoch in run.record.epochs:
            for split in ("train", "test"):
                for metric in ("loss", "top1", "top5"):
                    row = written[(short_name(run.folder.id), split, epoch.epoch, metric)]
                    assert float(row["value"]) == getattr(epoch, f"{split}_{metric}")
                    assert (float(row["seconds"]), int(row["step"])) == (epoch.elapsed, epoch.step)
            assert float(written[(short_name(run.folder.id), "train", epoch.epoch, "lr")]["value"]) == epoch.lr
    frame = pandas.read_csv(table)
    assert list(frame["optimizer.lr"]) == [0.02, 0.1]


def test_what_was_not_measured_is_no_row(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "runs", "digits")
    curves, _ = export_comparison([folder], tmp_path / "one.csv")
    with curves.open() as file:
        splits = {row["split"] for row in csv.DictReader(file)}
    assert splits == {"train", "test"}


def test_what_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    good, spoilt, lost = (make_run(tmp_path, "digits", seed=seed) for seed in range(3))
    spoilt.spec_path.write_text("kind = 3")
    lost.spec_path.unlink()
    follower = RunsFollower([good, spoilt, lost, make_measure(tmp_path)])
    follower.poll()
    assert [run.folder for run in follower.runs] == [good]
    assert len(follower.troubles) == 3
    assert all(any(name in trouble for trouble in follower.troubles) for name in (spoilt.id, lost.id, "measure"))


def test_a_journal_that_cannot_be_read_for_a_while_comes_back(tmp_path: Path) -> None:
    folders = [make_run(tmp_path, "digits", seed=seed, state="interrupted") for seed in range(2)]
    follower = RunsFollower(folders)
    follower.poll()
    kept = folders[1].journal_path.rename(tmp_path / "kept")
    folders[1].journal_path.mkdir()
    assert follower.poll()
    assert [run.folder for run in follower.runs] == folders[:1]
    assert follower.fault is not None
    assert any(folders[1].id in trouble for trouble in follower.troubles)
    folders[1].journal_path.rmdir()
    kept.rename(folders[1].journal_path)
    assert follower.poll()
    assert [run.folder for run in follower.runs] == folders
    assert follower.fault is None


def test_a_poll_without_news_says_so(tmp_path: Path) -> None:
    running = make_run(tmp_path, "digits", state="running")
    follower = RunsFollower([running])
    assert follower.poll()
    assert not follower.poll()
    let_go(running)
    assert follower.poll()
    assert follower.runs[0].state == "interrupted"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        export_comparison([make_run(tmp_path, "digits")], tmp_path / "file" / "curves.csv")


def test_a_diverged_figure_differs_from_nothing_by_no_number(tmp_path: Path) -> None:
    (run,) = followed([make_run(tmp_path, "digits")])
    last = run.record.epochs[-1]
    run.record.epochs[-1] = last.model_copy(update={"test_loss": math.nan})
    table = comparison_table([run, replace(run, spec=run_spec("digits", ["seed=9"]))])
    assert math.isnan(table.rows[0][[column.name for column in table.columns].index("test loss")])  # type: ignore[arg-type]
