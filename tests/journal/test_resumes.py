"""Which worker each epoch and each batch is of: told by how often the run was resumed before it."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_run
from tests.tui.runs import epoch
from tp1tui.journal.events import Batches, Event, Resumed
from tp1tui.journal.export import export
from tp1tui.journal.record import RunRecord
from tp1tui.journal.writer import JournalWriter

STEPS = 3
"""In an epoch."""


def worked(first: int, last: int, worker: int) -> list[Event]:
    """What a worker journals from one step to another: its own number is the loss of every batch and every epoch."""
    lines: list[Event] = []
    for step in range(first, last + 1):
        lines.append(
            Batches(time=1.0, step=step, first_step=step, losses=[worker], top1=[50.0], images_per_s=1.0),
        )
        if step % STEPS == 0:
            lines.append(epoch(step // STEPS, step=step, train_loss=worker))
    return lines


def resumed(step: int) -> Resumed:
    return Resumed(time=1.0, step=step, from_checkpoint=True, pid=1, device="cpu")


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=8))
def test_of_every_epoch_and_batch_that_stands_it_is_known_how_often_the_run_was_resumed_before(
    lives: list[tuple[int, int]],
) -> None:
    record, reached = RunRecord(), 6
    lines = worked(1, reached, 0)
    for worker, (back, on) in enumerate(lives, start=1):
        step = max(0, reached - back)
        lines += [resumed(step), *worked(step + 1, step + on, worker)]
        reached = step + on
    for line in lines:
        record.apply(line)
    assert record.resumes == len(lives)
    assert [record.resumed.before_batch(step) for step in range(1, record.step + 1)] == list(record.losses)
    standing = [record.resumed.before_epoch(place) for place in range(len(record.epochs))]
    assert standing == [each.train_loss for each in record.epochs]


def test_an_epoch_that_was_trained_before_and_measured_after_a_resume_counts_it() -> None:
    record = RunRecord()
    for line in (*worked(1, STEPS - 1, 0), resumed(STEPS), epoch(1, step=STEPS)):
        record.apply(line)
    assert record.resumed.before_epoch(0) == 1


def test_the_csv_of_a_run_says_of_every_row_how_often_it_was_resumed_before(tmp_path: Path) -> None:
    folder = make_run(tmp_path, "digits", state="queued", epochs=3)
    with JournalWriter(folder.journal_path) as journal:
        for line in (*worked(1, 6, 0), resumed(3), *worked(4, 6, 1), resumed(6), *worked(7, 9, 2)):
            journal.append(line)
    epochs, batches, *_ = export(folder)
    for file, expected in ((epochs, "012"), (batches, "000111222")):
        with file.open(newline="") as opened:
            assert "".join(row["resumes"] for row in csv.DictReader(opened)) == expected
