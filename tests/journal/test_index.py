"""The index spares reading and changes nothing that is read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import let_go, make_run, make_sweep
from tp1tui.journal.events import Resumed
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.index import INDEX_FILE, read_index
from tp1tui.journal.labels import relabel
from tp1tui.journal.listing import RunLister, list_runs
from tp1tui.journal.lock import RunLock
from tp1tui.journal.writer import JournalWriter

ENDED = ("finished", "stopped", "failed", "interrupted")


def make_some(runs_dir: Path) -> None:
    for seed, state in enumerate((*ENDED, "queued", "running")):
        make_run(runs_dir, state=state, seed=seed)  # type: ignore[arg-type]
    make_sweep(runs_dir, states=["diverged", "finished"])


@pytest.fixture
def no_reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the runs whose experiment was read."""
    read: list[str] = []
    spec = RunFolder.spec
    monkeypatch.setattr(RunFolder, "spec", lambda folder: read.append(folder.id) or spec(folder))
    return read


def test_with_an_index_the_same_is_listed_and_only_what_goes_on_is_read(tmp_path: Path, no_reading: list[str]) -> None:
    make_some(tmp_path)
    first = list_runs(tmp_path)
    no_reading.clear()
    second = list_runs(tmp_path)
    going = {run.id for run in first if run.state in ("queued", "running")}
    assert set(no_reading) == going
    assert [run for run in second if run.id not in going] == [run for run in first if run.id not in going]
    let_go(next(RunFolder(run.path) for run in first if run.state == "running"))


def test_a_run_to_which_something_happened_is_read_anew(tmp_path: Path, no_reading: list[str]) -> None:
    folder, other = make_run(tmp_path, state="stopped", seed=1), make_run(tmp_path, seed=2)
    list_runs(tmp_path)
    no_reading.clear()
    lister = RunLister(tmp_path)
    assert [run.state for run in lister.refresh()] == ["finished", "stopped"]
    with RunLock(folder), JournalWriter(folder.journal_path) as journal:
        journal.append(Resumed(time=2e9, step=391, pid=1, device="cpu", from_checkpoint=True))
        assert [run.state for run in lister.refresh()] == ["finished", "running"]
    assert no_reading == [folder.id]
    other.spec_path.write_text("epochs =")
    assert [bool(run.problem) for run in lister.refresh()] == [True, False]


def test_a_copied_folder_is_listed_by_its_new_path(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "runs")
    list_runs(tmp_path / "runs")
    (tmp_path / "runs").rename(tmp_path / "elsewhere")
    (run,) = list_runs(tmp_path / "elsewhere")
    assert run.path == tmp_path / "elsewhere" / folder.id


def test_labels_are_never_taken_from_the_index(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    relabel(folder.path, lambda labels: labels.named("one"))
    list_runs(tmp_path)
    relabel(folder.path, lambda labels: labels.named("two"))
    assert [run.labels.name for run in list_runs(tmp_path)] == ["two"]
    assert "one" not in (tmp_path / INDEX_FILE).read_text()


@pytest.mark.parametrize(
    "text", ["", "{}", "[1, 2", '{"columns": [], "runs": {}}', '{"columns": 3, "runs": {"x": {}}}']
)
def test_an_index_that_cannot_be_used_is_none(tmp_path: Path, text: str) -> None:
    make_run(tmp_path)
    before = list_runs(tmp_path)
    (tmp_path / INDEX_FILE).write_text(text)
    assert read_index(tmp_path) == {}
    assert list_runs(tmp_path) == before
    assert read_index(tmp_path)


def test_an_index_of_a_program_that_sums_up_otherwise_is_not_used(tmp_path: Path) -> None:
    make_run(tmp_path)
    list_runs(tmp_path)
    page = json.loads((tmp_path / INDEX_FILE).read_text())
    page["columns"].append("colour")
    (tmp_path / INDEX_FILE).write_text(json.dumps(page))
    assert read_index(tmp_path) == {}


def test_a_folder_that_cannot_be_written_is_listed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    make_run(tmp_path)
    monkeypatch.setattr("tp1tui.journal.index.replacing", full)
    assert len(list_runs(tmp_path)) == 1
    assert not (tmp_path / INDEX_FILE).exists()


def test_without_patience_the_rest_follows_at_the_next_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("tp1tui.journal.listing.monotonic", lambda: float(next(clock)))
    ids = [make_run(tmp_path, seed=seed, epochs=1).id for seed in reversed(range(5))]
    lister = RunLister(tmp_path)
    seen = []
    for _ in range(3):
        seen.append([run.id for run in lister.refresh(patience=3)])
        seen.append(lister.unread)  # type: ignore[arg-type]
    assert seen == [ids[:2], 3, ids[:4], 1, ids, 0]


def test_a_summary_is_kept_as_it_is(tmp_path: Path) -> None:
    make_run(tmp_path)
    (run,) = list_runs(tmp_path)
    known = read_index(tmp_path)[run.id]
    assert known.summary == replace(run, path=known.summary.path)
    assert known.summary.started_at is not None
