"""The table of runs without a screen: order, rows, columns, and lines that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tp1tui.journal.best import Best
from tp1tui.journal.labels import Labels
from tp1tui.journal.summary import RunSummary
from tp1tui.tui.runs.about import about
from tp1tui.tui.runs.columns import COLUMNS, LONGEST, RunColumn, member_name
from tp1tui.tui.runs.order import Order, arranged, is_pinned
from tp1tui.tui.runs.rows import list_rows, passing, runs_of
from tp1tui.tui.runs.sheet import Sheet
from tp1tui.tui.sweep.group import SweepRow, grouped

BEGIN = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
TITLES = [column.title for column in COLUMNS]

texts = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60).map(lambda text: " ".join(text.split()))
labels = st.builds(
    Labels,
    name=texts,
    tags=st.lists(st.sampled_from(["best", "lr", "week3"]), max_size=3, unique=True).map(tuple),
    note=texts,
    pinned=st.booleans(),
)


@st.composite
def summaries(draw: st.DrawFn) -> list[RunSummary]:
    """Some runs, newest first, a few of them members of sweeps."""
    runs = []
    for number in reversed(range(draw(st.integers(0, 8)))):
        sweep = draw(st.sampled_from(["", "", "2026-11-23T10-15-00_cd16_aaaa", "2026-11-23T10-15-00_cd17_bbbb"]))
        accuracy = draw(st.none() | st.floats(0, 100))
        run_id = f"{sweep}-{number:02}" if sweep else f"2026-11-23T10-15-{number:02}_cd18_xxxx"
        runs.append(
            RunSummary(
                id=run_id,
                path=Path("/runs") / run_id,
                preset=draw(st.sampled_from(["cd18", "digits", ""])),
                title=draw(texts),
                state=draw(st.sampled_from(["finished", "failed", "running", "queued"])),
                pid=None,
                host=None,
                device=draw(st.sampled_from([None, "cpu", "cuda:1"])),
                epoch=draw(st.integers(0, 12)),
                epochs=12,
                last_top1=accuracy,
                best=None if accuracy is None else Best(1, accuracy, accuracy, None, "test"),
                elapsed=draw(st.floats(0, 1e5)),
                epoch_seconds=None,
                started_at=draw(st.none() | st.just(BEGIN + timedelta(minutes=number))),
                problem=draw(st.sampled_from([None, None, None, "experiment.toml is not valid TOML: it ends early"])),
                changes=draw(st.sampled_from([(), ("optimizer.lr = 0.03", "dropout.enabled = true")])),
                sweep=sweep,
                member="batch_size = 64",
                dataset="cifar10",
                labels=draw(labels),
                sweep_labels=Labels(name="rates") if sweep else Labels(),
            )
        )
    return runs


orders = st.builds(Order, st.sampled_from(["", *TITLES]), st.booleans())


def sheet_of(runs: Sequence[RunSummary], order: Order, before: Sheet | None = None) -> Sheet:
    entries = arranged(grouped(runs), order)
    return Sheet(list_rows(entries, {run.sweep for run in runs}, list), order, before)


@given(summaries(), orders)
def test_an_order_lists_every_run_once_and_what_is_pinned_first(runs: list[RunSummary], order: Order) -> None:
    entries = grouped(runs)
    found = arranged(entries, order)
    assert sorted(entry.id for entry in found) == sorted(entry.id for entry in entries)
    pins = [is_pinned(entry) for entry in found]
    assert pins == sorted(pins, reverse=True)


@given(summaries(), st.sampled_from(COLUMNS), st.booleans())
def test_values_fall_or_rise_and_what_has_none_comes_last(
    runs: list[RunSummary], column: RunColumn, turned: bool
) -> None:
    order = Order(column.title, turned)
    found = [entry for entry in arranged(grouped(runs), order) if not is_pinned(entry)]
    values = [column.value(entry) for entry in found]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=order.falls)


@given(summaries())
def test_turned_twice_is_the_same_order(runs: list[RunSummary]) -> None:
    for order in (Order(), *map(Order, TITLES)):
        assert order.turn().turn() == order
        assert order.turn().falls != order.falls


def test_the_next_column_comes_round_to_the_newest_first() -> None:
    order, seen = Order(), []
    for _ in range(len(TITLES) + 1):
        order = order.next_of(TITLES)
        seen.append(order.title)
    assert seen == [*TITLES, ""]
    assert Order("gone").next_of(TITLES).title == TITLES[0]


@given(summaries(), orders, st.integers(60, 220))
def test_every_line_fits_and_is_as_wide_as_the_titles(runs: list[RunSummary], order: Order, width: int) -> None:
    sheet = sheet_of(runs, order)
    head = sheet.head(width)
    for row in sheet.rows:
        line = sheet.line(row, width)
        problem = not isinstance(row.entry, SweepRow) and row.entry.problem
        assert cell_len(line) == (width if problem else cell_len(head))
    if width >= 160:
        assert cell_len(head) <= width
    if order.title in sheet.columns:
        assert f"{order.title} {'↓' if order.falls else '↑'}" in head


@given(summaries(), orders)
def test_cells_are_taken_over_from_the_sheet_before_where_nothing_has_changed(
    runs: list[RunSummary], order: Order
) -> None:
    before = sheet_of(runs, Order())
    runs = [replace(run, epoch=12, state="finished") if at == 0 else run for at, run in enumerate(runs)]
    anew, taken_over = sheet_of(runs, order), sheet_of(runs, order, before)
    assert [taken_over.line(row, 200) for row in taken_over.rows] == [anew.line(row, 200) for row in anew.rows]


@given(summaries())
def test_a_sweep_passes_when_one_of_its_runs_does(runs: list[RunSummary]) -> None:
    found = passing(grouped(runs), lambda run: run.state == "failed")
    for entry in grouped(runs):
        assert (entry in found) == any(run.state == "failed" for run in runs_of(entry))


@given(summaries())
def test_what_stands_under_the_table_names_the_whole_id_and_what_was_written(runs: list[RunSummary]) -> None:
    for entry in grouped(runs):
        lines = about(entry).splitlines()
        assert entry.id in lines
        if not isinstance(entry, SweepRow) and entry.labels.note:
            assert entry.labels.note in lines


def test_that_a_run_was_resumed_stands_under_the_table() -> None:
    plain = RunSummary(
        *("a", Path("/runs/a"), "cd18", "title", "finished", None, None, "cpu", 3, 3, None, None, 1.0, None, None)
    )
    assert "resumed" not in about(plain)
    again = replace(plain, resumes=2)
    assert "not begun yet, cpu, resumed twice" in about(again).splitlines()
    assert "cpu, 1 of its runs resumed" in about(SweepRow("s", (plain, again)))


def test_columns_that_tell_nothing_are_left_out() -> None:
    plain = RunSummary(
        *("a", Path("/runs/a"), "cd18", "title", "finished", None, None, "cpu", 3, 3, None, None, 1.0, None, None)
    )
    assert sheet_of([plain], Order()).columns == ("run", "state", "epoch", "best test", "time", "begun", "device")
    labelled = replace(plain, labels=Labels(name="x" * 60, tags=("best",), note="a note"), changes=("epochs = 3",))
    columns = sheet_of([labelled], Order()).columns
    assert {"tags", "changes", "preset", "note"} <= set(columns)
    sheet = sheet_of([labelled], Order())
    assert f"{'x' * (LONGEST['run'] - 1)}…" in sheet.line(sheet.rows[0], 300)


@pytest.mark.parametrize("title", ["best test", "time"])
def test_a_title_is_found_where_it_stands(title: str) -> None:
    sheet = sheet_of([], Order())
    head = sheet.head(120)
    assert sheet.title_at(head.index(title), 120) == title
    assert sheet.title_at(500, 120) is None


def test_members_are_told_apart_by_what_they_differ_in_also_where_that_is_long() -> None:
    plain = RunSummary(
        *("a", Path("/runs/a"), "cd18", "title", "finished", None, None, "cpu", 3, 3, None, None, 1.0, None, None),
        sweep="s",
    )
    short, long = "optimizer.lr = 0.2", "optimizer.weight_decay = 0.0005, dropout.enabled = true, optimizer.lr = 0.2"
    members = [
        replace(plain, id=f"a{place}", member=point, seed=seed)
        for place, (point, seed) in enumerate([(short, 0), (short, 1), (long, 0), (long, 1)])
    ]
    rows = list_rows(grouped(members), {"s"}, list)[1:]
    sheet = Sheet(rows, Order())
    assert [sheet.line(row, 60).split("  ")[1] for row in rows] == [
        "learning rate 0.2, seed 0",
        "learning rate 0.2, seed 1",
        "0.0005, dropout on, 0.2, seed 0",
        "0.0005, dropout on, 0.2, seed 1",
    ]
    one = replace(plain, member=short, seed=3)
    assert member_name(one, by_seed=SweepRow("s", (one,)).by_seed) == "learning rate 0.2"
