"""Whole lines of other runs in a journal: noticed, told, never shown as this run's, and left out by a repair."""

from __future__ import annotations

import math
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import make_run
from tests.cli.calls import call
from tests.corpus.told import told_of
from tests.waiting import until_state
from tp1tui.journal.events import Batches
from tp1tui.journal.examination import examine
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lines import OF_ANOTHER_RUN
from tp1tui.journal.listing import list_runs
from tp1tui.journal.record import MAX_GAP, RunRecord
from tp1tui.journal.repair import repair
from tp1tui.journal.writer import JournalWriter
from tp1tui.worker import launcher

FEW, MANY = 60, 3000
FIRST_FORMAT = Path(__file__).parent.parent / "corpus" / "1"


def read(folder: RunFolder) -> Follower:
    follower = Follower(folder)
    follower.state()
    return follower


def shown(record: RunRecord) -> tuple[object, ...]:
    """Everything that is plotted or told as this run's."""
    return (
        record.epochs, list(map(repr, record.losses)), list(map(repr, record.batch_top1)), record.changes,
        record.warned, record.results, record.finished, record.failed, record.started, record.last_time,
    )  # fmt: skip


def spliced(own: list[bytes], strange: list[bytes], chance: random.Random) -> tuple[bytes, list[int]]:
    """A journal with some lines of another run in it, in places drawn, and the numbers of those lines."""
    lines = [(line, False) for line in own]
    for _ in range(chance.choice((1, 1, 2, 5, len(strange)))):
        begin = chance.randrange(len(strange))
        block = [(line, True) for line in strange[begin : begin + chance.choice((1, 1, 3, 20))]]
        at = chance.choice((0, len(lines), chance.randrange(len(lines) + 1)))
        lines[at:at] = block
    return b"".join(line for line, _ in lines), [at for at, (_, is_strange) in enumerate(lines, 1) if is_strange]


def check(tmp_path: Path, count: int) -> None:
    """Splice again and again, from runs of the same experiment and of another, and from one of the first format."""
    folder = make_run(tmp_path, epochs=3)
    own = folder.journal_path.read_bytes().splitlines(keepends=True)
    whole = shown(read(folder).record)
    twin, other = make_run(tmp_path / "twin", epochs=3, seed=1), make_run(tmp_path / "other", "digits", epochs=30)
    old = next(FIRST_FORMAT.glob("*_run/journal.jsonl"))
    sources = [path.read_bytes().splitlines(keepends=True) for path in (twin.journal_path, other.journal_path, old)]
    chance = random.Random(7)
    for number in range(count):
        content, strange = spliced(own, sources[number % len(sources)], chance)
        folder.journal_path.write_bytes(content)
        follower = read(folder)
        assert shown(follower.record) == whole
        assert [(damage.line, damage.reason) for damage in follower.record.damages] == [
            (line, OF_ANOTHER_RUN) for line in strange
        ]
        assert follower.troubles[0] == f"Line {strange[0]} of the journal is damaged and was skipped: {OF_ANOTHER_RUN}."


def test_lines_of_another_run_are_never_this_ones(tmp_path: Path) -> None:
    check(tmp_path, FEW)


@pytest.mark.long
def test_very_many_lines_of_other_runs_are_never_this_ones(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    check(tmp_path, MANY)
    record_property("journals with lines of other runs", MANY)


def test_doctor_says_so_the_list_shows_this_runs_figures_and_a_repair_leaves_them_out(tmp_path: Path) -> None:
    folder, twin = make_run(tmp_path, epochs=3), make_run(tmp_path / "twin", epochs=3, seed=1)
    (before,) = list_runs(tmp_path)
    own = folder.journal_path.read_bytes()
    folder.journal_path.write_bytes(own + twin.journal_path.read_bytes())
    (after,) = list_runs(tmp_path)
    assert (after.best_top1, after.last_top1, after.epoch) == (before.best_top1, before.last_top1, before.epoch)
    assert not examine(folder).is_well
    lines = own.count(b"\n")
    told = " ".join(call("doctor", folder.id, "--runs-dir", tmp_path).output.split())
    assert f"line {lines + 1}: {OF_ANOTHER_RUN}" in told
    assert repair(folder).journal_path.read_bytes() == own
    assert examine(RunFolder(tmp_path / f"{folder.id}-repaired")).is_well


def test_a_run_keeps_its_lines_under_any_name_and_in_any_place(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=2)
    whole = shown(read(folder).record)
    copied = RunFolder(Path(shutil.copytree(folder.path, tmp_path / "laptop" / "my-best-run")))
    moved = RunFolder(folder.path.rename(tmp_path / "moved"))
    for run in (copied, moved):
        assert shown(read(run).record) == whole
        assert read(run).troubles == []


def test_a_journal_that_is_anothers_as_a_whole_is_told_and_not_gone_on_with(tmp_path: Path) -> None:
    folder, twin = make_run(tmp_path, "digits", state="interrupted"), make_run(tmp_path / "twin", "digits", seed=1)
    shutil.copyfile(twin.journal_path, folder.journal_path)
    follower = read(folder)
    assert follower.is_anothers
    assert follower.record.epochs == []
    (summary,) = list_runs(tmp_path)
    assert OF_ANOTHER_RUN in (summary.problem or "")
    launcher.resume(folder, "cpu")
    failed = until_state(folder, "failed").failed
    assert failed is not None
    assert failed.reason.startswith(f"The journal of {folder.id} is another run's, or its experiment.toml is.")


def test_a_run_of_the_first_format_takes_no_line_that_names_a_run(tmp_path: Path) -> None:
    shutil.copytree(FIRST_FORMAT, tmp_path / "old")
    before = told_of(tmp_path / "old")
    folder = RunFolder(next((tmp_path / "old").glob("*_run")))
    with folder.journal_path.open("ab") as journal:
        journal.write(make_run(tmp_path / "new", "digits", epochs=2).journal_path.read_bytes())
    after = told_of(tmp_path / "old")[folder.id]
    assert len(after.pop("troubles")) == 4
    assert after == {key: value for key, value in before[folder.id].items() if key != "troubles"}


def test_what_only_the_record_can_tell_is_told_by_its_line_too(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=1)
    lines = folder.journal_path.read_bytes().count(b"\n")
    with JournalWriter(folder.journal_path) as journal:
        far = MAX_GAP + 10_000
        journal.append(Batches(time=1.8e9, step=far, first_step=far, losses=[1.0], top1=[1.0], images_per_s=1.0))
    follower = read(folder)
    assert [damage.line for damage in follower.record.damages] == [lines + 1]
    assert follower.troubles == [
        f"Line {lines + 1} of the journal is damaged and was skipped: its batches begin at step {far}, "
        f"after step {len(follower.record.losses)}."
    ]
    assert not any(map(math.isnan, follower.record.losses))
