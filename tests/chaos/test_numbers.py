"""Figures are shown as what they are: to the last digit in journal and CSV, equally rounded elsewhere, NaN as NaN."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import make_run, make_sweep, run_spec
from tests.cli.calls import answer, call
from tests.rounding import is_rounded
from tests.tui.runs import epoch as made_epoch
from tests.tui.runs import look_at, words
from tp1tui.journal.comparison_export import export_comparison
from tp1tui.journal.csv_files import cell_text, write_tables
from tp1tui.journal.events import Batches, Epoch, Finished, Measured, Resumed, Started
from tp1tui.journal.export import export
from tp1tui.journal.figures import figures, line
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.listing import list_runs
from tp1tui.journal.record import RunRecord
from tp1tui.journal.several import SeenRun
from tp1tui.journal.writer import JournalWriter
from tp1tui.spec.numbers import loss, percent
from tp1tui.spec.results import Column, Table
from tp1tui.spec.steering import steers
from tp1tui.tui.compare.figures import FIGURES
from tp1tui.tui.overlay.metric import METRICS
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.results.figures import written
from tp1tui.tui.run.curves import Curves
from tp1tui.tui.run.head import head_lines
from tp1tui.tui.run.look import Look

FLOATS = st.floats(allow_nan=True, allow_infinity=True)
LOSSES = (math.nan, math.inf, -math.inf, 0.1 + 0.2, 5e-324, 1.7976931348623157e308)
Record = Callable[[str, object], None]


def epochs_of(losses: tuple[float, ...], top1: float = 10.0) -> list[Epoch]:
    return [
        made_epoch(number, train_loss=value, test_loss=value, train_top1=top1, test_top1=top1)
        for number, value in enumerate(losses)
    ]


def run_of(runs: Path, losses: tuple[float, ...], seed: int = 0) -> RunFolder:
    """A finished run that has these losses, in batches and in epochs."""
    folder = make_run(runs, "cd18", epochs=max(1, len(losses) - 1), state="queued", seed=seed)
    with JournalWriter(folder.journal_path) as journal:
        journal.append(_started(len(losses)))
        batches = Batches(
            time=1.0, step=len(losses), first_step=1, losses=list(losses), top1=[10.0] * len(losses), images_per_s=1.0
        )
        journal.append(batches)
        for event in epochs_of(losses):
            journal.append(event)
        journal.append(Finished(time=1e6, step=391 * len(losses), outcome="finished"))
    return folder


def _started(epochs: int) -> Started:
    return Started(
        time=0.0, step=0, pid=1, host="lab", user="ada", device="cpu", device_name="A test's processor", threads=1,
        versions={}, steps_per_epoch=391, epochs=epochs,
    )  # fmt: skip


def record_of(folder: RunFolder) -> RunRecord:
    follower = Follower(folder)
    follower.poll()
    return follower.record


@given(st.lists(FLOATS, min_size=1, max_size=20))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_float_goes_through_journal_record_and_csv_unchanged(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    folder = run_of(tmp_path_factory.mktemp("floats"), tuple(values))
    record = record_of(folder)
    assert list(map(repr, record.losses)) == [repr(epoch.test_loss) for epoch in record.epochs]
    assert list(map(repr, record.losses)) == list(map(repr, values))
    epochs, batches, *_ = export(folder, folder.path / "csv")
    for file, column in ((epochs, "train_loss"), (epochs, "test_loss"), (batches, "loss")):
        with file.open(newline="") as opened:
            assert [repr(float(row[column])) for row in csv.DictReader(opened)] == list(map(repr, values))


@given(FLOATS)
@settings(max_examples=300)
def test_a_loss_is_rounded_alike_wherever_it_is_read(value: float) -> None:
    """The one rounding is `numbers.loss`, and of accuracies `numbers.percent`: of the exact figure."""
    record, curves = RunRecord(), Curves(run_spec("cd18", ["epochs=2"]))
    for event in epochs_of((1.0, value)):
        record.apply(event)
        curves.update(record)
    assert METRICS["loss"].text(value) == loss(value)
    assert next(figure for figure in FIGURES if figure.name == "last test loss").text(value) == loss(value)
    assert METRICS["top1"].text(value) == percent(value)
    if value and abs(value) < 1e300:
        assert math.isclose(float(loss(value)), value, rel_tol=5e-3, abs_tol=5e-5)


@given(
    top1=st.floats(0, 100) | st.integers(0, 10_000).map(lambda hits: hits / 100),
    value=st.floats(0, 1e4, allow_subnormal=False),
    rate=st.floats(1e-8, 10),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_screens_show_is_the_figure_of_journal_and_csv_correctly_rounded(
    tmp_path_factory: pytest.TempPathFactory, top1: float, value: float, rate: float
) -> None:
    folder = make_run(tmp_path_factory.mktemp("shown"), "cd18", epochs=1, state="queued")
    measured = {"train_loss": value, "test_loss": value, "train_top1": top1, "test_top1": top1, "lr": rate}
    with JournalWriter(folder.journal_path) as journal:
        for event in (_started(1), made_epoch(0), made_epoch(1, **measured)):
            journal.append(event)
    with export(folder)[0].open(newline="") as file:
        *_, row = csv.DictReader(file)
    record, spec = record_of(folder), folder.spec()
    assert {name: float(row[name]) for name in measured} == measured
    head = words(head_lines(Look(folder.id, spec, "finished", record, 1e3), 200))
    curves, sight, seen = Curves(spec), Sight(100), SeenRun(folder, spec, record, "finished")
    curves.update(record)
    losses = words(curves.loss(sight, None, log_y=False, is_over=True).legend)
    accuracies = words(curves.accuracy(sight, None, is_over=True).legend)
    compared = {figure.name: figure.text(figure.of(seen)) for figure in FIGURES}
    for column, shown in (
        *(("test_top1", head[3]), ("train_top1", head[4])),
        *(("train_loss", losses[0]), ("test_loss", losses[1])),
        *(("train_top1", accuracies[0]), ("test_top1", accuracies[1])),
        *(("test_loss", compared["last test loss"]), ("test_top1", compared["last test top-1"])),
        *(("test_top1", compared["best test top-1"]), ("train_top1", compared["last train top-1"])),
    ):
        figure = re.search(r"[\d,.]*\d(e[-+]\d+)?", shown.replace("top-1", ""))
        assert figure
        assert is_rounded(figure[0], row[column])
    assert math.isclose(float(METRICS["lr"].text(record.epochs[-1].lr)), float(row["lr"]), rel_tol=5e-4)


@given(st.floats(0, 100))
def test_an_accuracy_is_rounded_alike_in_answers_and_on_screens(value: float) -> None:
    record = RunRecord()
    for event in epochs_of((1.0, 1.0), top1=value):
        record.apply(event)
    row = figures("2026-11-23T10-15-00_run", run_spec("cd18"), record)
    assert row is not None
    assert f"| {percent(value).removesuffix(' %')} / {percent(value)} |" in line(row)


def test_what_is_not_finite_is_told_as_what_it_is_everywhere(tmp_path: Path, record_property: Record) -> None:
    folder, other = run_of(tmp_path, LOSSES), run_of(tmp_path, (2.0, 1.0), seed=1)
    record = record_of(folder)
    assert [repr(value) for value in record.losses] == [repr(value) for value in LOSSES]
    epochs, batches, *_ = export(folder, tmp_path / "csv")
    for file, column in ((epochs, "test_loss"), (batches, "loss")):
        read = list(pd.read_csv(file)[column])
        assert [repr(float(value)) for value in read] == [repr(value) for value in LOSSES]
    curves, differences = export_comparison([folder, other], tmp_path / "both.csv")
    assert {"NaN", "Infinity", "-Infinity"} <= set(curves.read_text().replace("\n", ",").split(","))
    assert differences.exists()
    for verb in (["show", folder.id], ["compare", folder.id, other.id], ["runs"], ["doctor", folder.id]):
        assert call(*verb, "--runs-dir", tmp_path).exit_code == 0
        record_property("tried", verb[0])
    for verb in (["show", folder.id], ["compare", folder.id, other.id], ["runs"]):
        answered = answer(*verb, "--json", "--runs-dir", tmp_path)
        json.loads(answered, parse_constant=pytest.fail)
    assert [loss(value) for value in LOSSES[:3]] == ["NaN", "∞", "-∞"] == written(LOSSES[:3])
    assert {run.problem for run in list_runs(tmp_path)} == {None}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_run_that_ends_in_it_says_so_on_screen_and_in_tables(tmp_path: Path, value: float) -> None:
    folder, other = run_of(tmp_path, (2.0, 1.0, value)), run_of(tmp_path, (2.0, 1.0), seed=1)
    assert loss(value) in answer("compare", folder.id, other.id, "--runs-dir", tmp_path)
    curves = Curves(run_spec("cd18", ["epochs=2"]))
    curves.update(record_of(folder))


@given(st.lists(st.one_of(st.just(math.nan), st.floats(0, 100)), min_size=1, max_size=8))
def test_the_best_epoch_is_never_one_without_a_figure(top1: list[float]) -> None:
    record = RunRecord()
    for number, value in enumerate(top1):
        record.apply(made_epoch(number, test_top1=value))
    trained = [value for value in top1[1:] if not math.isnan(value)] or [v for v in top1[:1] if not math.isnan(v)]
    assert (record.best.test_top1 if record.best else None) == max(trained, default=None)


def test_a_diverged_sweep_is_shown_compared_and_exported(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=["diverged"])
    for verb in ("show", "export", "compare"):
        assert call(verb, sweep.id, "--runs-dir", tmp_path).exit_code == 0
    json.loads(answer("show", sweep.id, "--json", "--runs-dir", tmp_path), parse_constant=pytest.fail)


def test_a_resumed_run_says_so(tmp_path: Path) -> None:
    look = look_at(tmp_path)
    for _ in range(2):
        look.record.apply(Resumed(time=1e9, step=391, from_checkpoint=True, pid=1, device="cpu"))
    assert "resumed twice" in words(head_lines(look, 120))[0]


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x","y")')


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_and_no_heading_of_csv_is_a_formula(tmp_path: Path, text: str, record_property: Record) -> None:
    (file,) = write_tables({"a.csv": ([text, "b"], [[text, -1.5]])}, tmp_path)
    with file.open(newline="") as opened:
        header, row = csv.reader(opened)
    assert header[0] == row[0] == f"'{text}"
    assert row[1] == "-1.5"
    folder = make_run(tmp_path / "runs", "digits", epochs=1)
    with JournalWriter(folder.journal_path) as journal:
        table = Table(name="t", columns=(Column(name=text), Column(name="b", unit=text)), rows=((text, -2),))
        journal.append(Measured(time=1.8e9, step=0, result=table))
    for file in export(folder, tmp_path / "csv"):
        with file.open(newline="") as opened:
            for cell in (cell for row in csv.reader(opened) for cell in row):
                assert not cell.startswith(("=", "+", "@", "\t", "\r"))
                assert not cell.startswith("-") or float(cell) < 0
    record_property("formulas", 1)


@given(st.text())
def test_a_text_is_no_formula_in_any_cell(text: str) -> None:
    cell = cell_text(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert not steers(cell)
