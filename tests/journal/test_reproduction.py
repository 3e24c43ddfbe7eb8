from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.builders import events, make_sweep
from tp1tui.journal import result_csv
from tp1tui.journal.record import RunRecord
from tp1tui.journal.reproduction import Reproduction, markdown, reproductions, table
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_record import MemberRecord, Point, SweepFollower
from tp1tui.journal.verdict import compared
from tp1tui.spec.report import Report


def one(
    runs_dir: Path, report: Report, finals: Sequence[float], epochs: int = 4, state: RunState = "finished"
) -> Reproduction:
    """An experiment whose runs, one a seed, ended at these test accuracies."""
    sweep = make_sweep(runs_dir, vary=(), seeds=max(2, len(finals)), states=("queued",), epochs=epochs)
    follower = SweepFollower(sweep)
    follower.poll()
    members = [_ended(member, report, final, state) for member, final in zip(follower.members, finals, strict=False)]
    (row,) = reproductions([Point("cd18-baseline", {}, tuple(members))])
    return row


def _ended(member: MemberRecord, report: Report, final: float, state: RunState) -> MemberRecord:
    record = RunRecord()
    for event in events(member.spec.experiment, state, 1.8e9):
        record.apply(event)
    if record.epochs:
        record.epochs[-1] = record.epochs[-1].model_copy(update={"test_top1": final, "train_top1": 99.0})
    spec = member.spec.model_copy(update={"report": report})
    return MemberRecord(member.folder, spec, record, state, run=member.run)


def test_ours_is_the_mean_over_seeds_held_against_the_range(tmp_path: Path) -> None:
    row = one(tmp_path, Report(test_top1=(71, 73), train_top1=(98, 100)), [70.0, 72.0, 76.0])
    assert row.test is not None
    assert row.test.ours == pytest.approx(72.67, abs=0.01)
    assert row.test.deviation == pytest.approx(statistics.stdev([70, 72, 76]))
    assert row.test.difference == pytest.approx(0.67, abs=0.01)
    assert (row.test.verdict, row.at, row.after, row.judged) == ("reproduced", 4, 4, 3)
    assert row.train is not None
    assert row.train.verdict == "reproduced"


@pytest.mark.parametrize(
    ("finals", "verdict"),
    [([74.0, 75.0], "above by 1.5"), ([70.0, 70.5], "short by 0.8"), ([math.nan, 72.0], "not a number")],
)
def test_what_missed_the_range_says_by_how_much(tmp_path: Path, finals: list[float], verdict: str) -> None:
    row = one(tmp_path, Report(test_top1=(71, 73)), finals)
    assert row.test is not None
    assert row.test.verdict == verdict
    assert row.train is None


def test_an_experiment_cut_short_says_so(tmp_path: Path) -> None:
    row = one(tmp_path, Report(test_top1=(71, 73), epoch=30), [60.0])
    assert row.test is not None
    assert row.test.verdict == "short by 11.0 after 4 of 30 epochs"
    assert (row.at, row.after) == (4, 30)


def test_while_it_runs_nothing_is_judged(tmp_path: Path) -> None:
    row = one(tmp_path, Report(test_top1=(71, 73)), [60.0, 61.0], epochs=6, state="running")
    assert row.test is not None
    assert (row.test.verdict, row.test.ours, row.test.difference, row.at) == ("not there yet", None, None, None)


def test_a_run_that_was_stopped_is_judged_by_its_last_epoch(tmp_path: Path) -> None:
    row = one(tmp_path, Report(test_top1=(71, 73)), [72.0], epochs=6, state="stopped")
    assert row.test is not None
    assert row.test.verdict == "reproduced after 3 of 6 epochs"


def test_date_device_and_versions_come_from_the_journals(tmp_path: Path) -> None:
    row = one(tmp_path, Report(test_top1=(71, 73)), [72.0, 72.0])
    assert row.where == "2027-01-15 on cpu (A test's processor) with python 3.11.7, torch 2.9.0, tp1tui 0.1.0"


def test_the_table_has_a_row_an_experiment_and_goes_into_csv(tmp_path: Path) -> None:
    rows = [one(tmp_path, Report(test_top1=(71, 73), train_top1=(98, 100)), [72.0, 73.0])]
    held = table(rows)
    names = [column.name for column in held.columns]
    (cells,) = held.rows
    found = dict(zip(names, cells, strict=True))
    assert found["question"] == "cd18-baseline"
    assert (found["report train"], found["report test"]) == ("98–100", "71–73")
    assert (found["our test"], found["test: verdict"], found["seeds"]) == (72.5, "reproduced", "2")
    header, lines = result_csv.rows(held)
    assert header[1] == "report train (%)"
    assert len(list(lines)) == 1


def test_the_page_is_one_markdown_table_with_where_it_was_trained(tmp_path: Path) -> None:
    rows = [one(tmp_path, Report(test_top1=(71, 73)), [72.0, 73.0])]
    page = markdown(rows).splitlines()
    assert page[1].replace(" ", "").replace("|", "").replace("-", "") == ""
    assert len({line.count("|") for line in page[:3]}) == 1
    assert "72.5 % ± 0.7" in page[2]
    assert "–, 71–73 %" in page[2]
    assert "test reproduced" in page[2]
    assert any(line.startswith("Trained 2027-01-15 on cpu") for line in page)


def test_a_single_value_is_no_range() -> None:
    assert compared(73, (73, 73)) == ("reproduced", "reproduced")


def test_an_untrained_network_is_not_judged(tmp_path: Path) -> None:
    row = one(tmp_path, Report(test_top1=(71, 73)), [10.0], epochs=1, state="stopped")
    assert row.test is not None
    assert (row.test.verdict, row.judged) == ("not there yet", 0)
    assert "–" in markdown([row])
