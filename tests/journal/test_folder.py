from __future__ import annotations

import re
import stat
from datetime import datetime
from pathlib import Path

import pytest

from tests.builders import run_spec
from tp1tui.journal import folder as folder_module
from tp1tui.journal.folder import RunFolder, RunFolderError

NOW = datetime(2026, 11, 23, 10, 15)
SPEC = run_spec("cd18-baseline", ["optimizer.lr=0.03", "dropout.enabled=true"])


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", SPEC, NOW)


def test_a_new_run_is_named_after_its_time_and_preset(folder: RunFolder) -> None:
    assert re.fullmatch(r"2026-11-23T10-15-00_cd18-baseline_[a-z0-9]{4}", folder.id)
    assert folder.created_at
    assert folder.created_at.replace(tzinfo=None) == NOW


def test_what_was_asked_comes_back_unchanged(folder: RunFolder) -> None:
    read = RunFolder.open(folder.path).spec()
    assert read.model_copy(update={"uid": ""}) == SPEC
    assert read.uid == folder.uid() != RunFolder.create(folder.path.parent, read, NOW).uid()
    assert folder.spec().changes == ("dropout.enabled = true", "optimizer.lr = 0.03")


def test_only_its_owner_may_look_into_a_run(folder: RunFolder) -> None:
    for path in (folder.path.parent, folder.path, folder.checkpoints_dir, folder.commands_dir):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_listing_never_sees_half_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    rename = Path.rename

    def watch(path: Path, target: Path) -> Path:
        seen.extend(entry.name for entry in tmp_path.iterdir() if not entry.name.startswith("."))
        assert (path / "experiment.toml").exists()
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", watch)
    RunFolder.create(tmp_path, SPEC, NOW)
    assert seen == []
    assert len(list(tmp_path.iterdir())) == 1


def test_a_failed_creation_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder_module, "replacing", full)
    with pytest.raises(RunFolderError, match=f"No run can be made in {tmp_path}: No space left on device"):
        RunFolder.create(tmp_path, SPEC, NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_not_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("aaaaaaaaaaab")
    monkeypatch.setattr(folder_module.secrets, "choice", lambda _: next(letters))
    first, second = (RunFolder.create(tmp_path, SPEC, NOW) for _ in range(2))
    assert (first.id[-4:], second.id[-4:]) == ("aaaa", "aaab")


def test_a_runs_folder_that_is_a_file_is_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(RunFolderError, match="--runs-dir DIR or TP1TUI_RUNS"):
        RunFolder.create(tmp_path / "runs", SPEC, NOW)


def test_a_folder_opens_by_a_relative_path_under_its_own_name(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.path)
    assert RunFolder.open(Path()) == folder


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ("rm -r {run}", "There is no folder"),
        ("rm -r {run}; touch {run}", "cannot be opened as a run's folder: Not a directory"),
        ("rm {run}/experiment.toml", "is not a run's folder: it has no experiment.toml"),
        ("sed -i 's/format = 2/format = 3/' {run}/experiment.toml", "was written by a newer tp1tui .format 3"),
        ("sed -i 's/lr = 0.03/lr = -1/' {run}/experiment.toml", r"experiment.toml, line \d+: experiment.optimizer.lr"),
        ("head -c 100 {run}/experiment.toml > x; mv x {run}/experiment.toml", "is not valid TOML"),
        ("printf '\\377' > {run}/experiment.toml", "is not a UTF-8 text"),
        ("touch {run}/checkpoints/last.pt", "has lost its journal: there are checkpoints, but no"),
        ("mkdir {run}/journal.jsonl", "is not a file"),
    ],
)
def test_a_folder_that_cannot_be_opened_is_told_in_a_sentence(
    folder: RunFolder, spoil: str, sentence: str, tmp_path: Path
) -> None:
    import subprocess

    subprocess.run(["sh", "-c", spoil.format(run=folder.path)], check=True, cwd=tmp_path)
    with pytest.raises(RunFolderError, match=sentence):
        RunFolder.open(folder.path)


def test_a_half_written_checkpoint_of_a_queued_run_is_no_sign_of_a_lost_journal(folder: RunFolder) -> None:
    (folder.checkpoints_dir / ".last.pt.a1b2").touch()
    assert RunFolder.open(folder.path) == folder
