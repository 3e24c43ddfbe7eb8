from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median

import pytest

from tests.builders import let_go, make_run
from tp1tui.journal import summary
from tp1tui.journal.events import Started
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.labels import relabel
from tp1tui.journal.listing import RunLister, UnknownRun, find_run, list_runs
from tp1tui.journal.tickets import put_in_line, take_out_of_line
from tp1tui.journal.writer import JournalWriter


def test_no_folder_means_no_runs(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "runs") == []


def test_a_folder_of_runs_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(RunFolderError, match="cannot be read: Not a directory"):
        list_runs(tmp_path / "runs")


def test_the_newest_run_comes_first_and_a_renamed_one_last(tmp_path: Path) -> None:
    folders = [make_run(tmp_path, seed=seed, epochs=1) for seed in (1, 0, 2)]
    renamed = make_run(tmp_path, seed=5, epochs=1).path.rename(tmp_path / "zebra")
    assert [run.path for run in list_runs(tmp_path)] == [folders[2].path, folders[0].path, folders[1].path, renamed]


def test_a_summary_says_what_the_whole_journal_says(finished: RunFolder) -> None:
    (run,) = list_runs(finished.path.parent)
    follower = Follower(finished)
    follower.poll()
    record = follower.record
    assert record.best
    assert record.last
    assert isinstance(record.started, Started)
    assert (run.id, run.path, run.preset, run.title) == (
        finished.id,
        finished.path,
        "cd18-baseline",
        finished.spec().title,
    )
    assert (run.state, run.pid, run.device, run.host, run.problem) == ("finished", None, "cpu", "lab", None)
    assert (run.epoch, run.epochs, run.last_top1, run.best_top1) == (
        12,
        12,
        record.last.test_top1,
        record.best.test_top1,
    )
    assert run.elapsed == record.elapsed(record.last_time or 0)
    assert run.epoch_seconds == median(epoch.seconds for epoch in record.epochs[1:])
    assert run.started_at
    assert run.started_at.timestamp() == record.started.time


@pytest.mark.parametrize("state", ["queued", "running", "paused", "finished", "stopped", "failed", "interrupted"])
def test_every_state_is_listed(tmp_path: Path, state: str) -> None:
    folder = make_run(tmp_path, state=state)  # type: ignore[arg-type]
    (run,) = list_runs(tmp_path)
    assert run.state == state
    assert (run.pid is not None) == (state in ("running", "paused"))
    assert run.epochs == 12
    follower = Follower(folder)
    follower.poll()
    if state not in ("queued", "running"):
        assert run.elapsed == follower.record.elapsed(follower.record.last_time or 0)


def test_what_is_not_ours_is_ignored(finished: RunFolder) -> None:
    runs_dir = finished.path.parent
    (runs_dir / "notes.txt").write_text("mine")
    (runs_dir / "photos").mkdir()
    (runs_dir / ".2026-11-23T10-15-00_draft_aaaa").mkdir()
    (runs_dir / ".2026-11-23T10-15-00_draft_aaaa" / "experiment.toml").write_text("")
    (runs_dir / "nowhere").symlink_to(runs_dir / "gone")
    assert [run.id for run in list_runs(runs_dir)] == [finished.id]


@pytest.mark.parametrize(
    ("spoil", "state", "sentence"),
    [
        (lambda run: run.spec_path.unlink(), "finished", "has lost its experiment.toml."),
        (lambda run: run.spec_path.write_text("epochs = ["), "finished", "is not valid TOML"),
        (
            lambda run: (run.journal_path.unlink(), (run.checkpoints_dir / "last").touch()),
            "interrupted",
            "has lost its journal",
        ),
        (lambda run: (run.journal_path.unlink(), run.journal_path.mkdir()), "interrupted", "cannot be read"),
    ],
)
def test_a_folder_that_cannot_be_read_whole_is_a_row_with_a_sentence(
    finished: RunFolder, spoil: object, state: str, sentence: str
) -> None:
    spoil(finished)  # type: ignore[operator]
    make_run(finished.path.parent, seed=1, epochs=1)
    lister = RunLister(finished.path.parent)
    for _ in range(2):
        whole, spoiled = lister.refresh()
        assert whole.problem is None
        assert spoiled.state == state
        assert sentence in (spoiled.problem or "")


def test_a_refresh_follows_the_journal_the_lock_and_the_folder(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="running")
    lister = RunLister(tmp_path)
    (before,) = lister.refresh()
    assert (before.state, before.epoch) == ("running", 6)
    source = make_run(tmp_path / "other")
    for name in (folder.spec_path.name, folder.journal_path.name):
        shutil.copyfile(source.path / name, folder.path / name)
    (after,) = lister.refresh()
    assert (after.state, after.epoch) == ("running", 12)
    let_go(folder)
    (ended,) = lister.refresh()
    assert (ended.state, ended.pid) == ("finished", None)
    shutil.rmtree(folder.path)
    assert lister.refresh() == []


def test_a_thousand_runs_are_listed_and_what_has_not_changed_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_run(tmp_path / "model", "cd18", epochs=1)
    for number in range(1000):
        shutil.copytree(model.path, tmp_path / "runs" / f"2026-11-23T10-15-00_cd18-baseline_{number:04}")
    lister = RunLister(tmp_path / "runs")
    first = lister.refresh()
    assert [run.id[-4:] for run in first] == [f"{number:04}" for number in reversed(range(1000))]
    with JournalWriter(first[7].path / "journal.jsonl") as journal:
        journal.append(Follower(model).record.started or _started(model))
    read: list[bytes] = []
    decode = summary.decode
    monkeypatch.setattr(summary, "decode", lambda line, uid: read.append(line) or decode(line, uid))
    second = lister.refresh()
    of_one_run = first[7].path.joinpath("journal.jsonl").read_bytes().splitlines(keepends=True)
    assert read
    assert read == [line for line in of_one_run if line in read]
    assert [old is new for old, new in zip(first, second, strict=True)].count(False) == 1


def _started(folder: RunFolder) -> Started:
    follower = Follower(folder)
    follower.poll()
    assert follower.record.started
    return follower.record.started


def test_batches_are_not_parsed_for_a_list(finished: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: list[bytes] = []
    decode = summary.decode
    monkeypatch.setattr(summary, "decode", lambda line, uid: kinds.append(line[:16]) or decode(line, uid))
    list_runs(finished.path.parent)
    assert b'{"kind":"batches' not in kinds


def test_a_run_is_found_by_id_by_a_part_and_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs_dir = tmp_path / "runs"
    one, two = make_run(runs_dir, epochs=1), make_run(runs_dir, seed=1, epochs=1)
    assert find_run(one.id, runs_dir) == one
    assert find_run(two.id[-4:], runs_dir) == two
    assert find_run("T10-16", runs_dir) == two
    assert find_run(str(one.path), tmp_path / "elsewhere") == one
    monkeypatch.chdir(runs_dir)
    assert find_run(f"./{one.id}/", tmp_path / "elsewhere") == one
    monkeypatch.chdir(one.path)
    assert find_run(".", tmp_path / "elsewhere") == one


def test_a_run_is_found_by_the_name_that_a_person_gave_it(tmp_path: Path) -> None:
    one, two = make_run(tmp_path, epochs=1), make_run(tmp_path, seed=1, epochs=1)
    relabel(two.path, lambda labels: labels.named("wide net"))
    (one.path / "labels.toml").write_text("name =")
    assert find_run("wide net", tmp_path) == two
    with pytest.raises(UnknownRun, match="There is no run 'wide'"):
        find_run("wide", tmp_path)


def test_an_id_that_is_also_a_part_of_another_means_itself(tmp_path: Path) -> None:
    one = make_run(tmp_path, epochs=1)
    shutil.copytree(one.path, tmp_path / f"{one.id}-copy")
    assert find_run(one.id, tmp_path) == one


def test_names_that_stand_for_no_run_or_several_are_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownRun, match="there are no runs in"):
        find_run("cd18", tmp_path)
    ids = [make_run(tmp_path, seed=seed, epochs=1).id for seed in range(12)]
    with pytest.raises(UnknownRun, match="12 runs have 'cd18' in their name") as several:
        find_run("cd18", tmp_path)
    assert ids[-1] in str(several.value)
    assert str(several.value).endswith("and 2 more. Write more of the name.")
    for name in ("cd99", ""):
        with pytest.raises(UnknownRun, match=f"There is no run '{name}' in"):
            find_run(name, tmp_path)
    with pytest.raises(RunFolderError, match="There is no folder"):
        find_run("./nothing", tmp_path)


def test_odd_names_are_unknown_and_no_error_of_the_system(tmp_path: Path) -> None:
    make_run(tmp_path, epochs=1)
    for name in ("x" * 5000, "a\0b"):
        with pytest.raises(UnknownRun):
            find_run(name, tmp_path)


def test_a_summary_says_whether_a_queued_run_waits_in_line(tmp_path: Path) -> None:
    folder = make_run(tmp_path, state="queued")
    reader = RunLister(tmp_path)
    assert [(run.state, run.in_line) for run in reader.refresh()] == [("queued", False)]
    put_in_line(folder, "cpu")
    assert [(run.state, run.in_line) for run in reader.refresh()] == [("queued", True)]
    take_out_of_line(folder)
    assert [(run.state, run.in_line) for run in reader.refresh()] == [("queued", False)]
