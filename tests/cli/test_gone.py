"""Verbs on a run whose folder goes, or has gone: a sentence, and nothing is begun in its place."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.builders import let_go, make_run
from tests.cli.calls import call, refusal
from tp1tui.cli import running, steering
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.gone import gone

pytestmark = pytest.mark.chaos


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "runs", epochs=4, state="running")


def remove(folder: RunFolder) -> None:
    shutil.rmtree(folder.path)
    let_go(folder)


@pytest.mark.parametrize("verb", ["pause", "stop", "resume", "show", "export"])
def test_one_that_has_gone_is_not_there(folder: RunFolder, verb: str) -> None:
    remove(folder)
    runs = folder.path.parent
    assert f"There is no run '{folder.id}'" in " ".join(refusal(2, verb, folder.id, "--runs-dir", runs).split())
    assert "There is no folder" in refusal(1, verb, folder.path, "--runs-dir", runs)
    assert not folder.path.exists()


@pytest.mark.parametrize("verb", ["pause", "stop"])
def test_one_that_goes_while_an_answer_is_waited_for(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(steering.time, "sleep", lambda _: remove(folder))
    said = refusal(1, verb, folder.id, "--runs-dir", folder.path.parent)
    assert " ".join(said.split()) == gone(folder)


@pytest.mark.parametrize("as_json", [False, True])
def test_one_that_goes_while_it_is_followed(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    monkeypatch.setattr(running, "time", FakeTime(folder))
    assert running.follow(folder, as_json=as_json) == 1
    printed = capsys.readouterr()
    assert gone(folder) in " ".join(printed.err.split())
    assert "tp1tui resume" not in printed.err
    assert (gone(folder) in printed.out) == as_json


class FakeTime:
    """Removes a run instead of sleeping."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self.monotonic = time.monotonic

    def sleep(self, _seconds: float) -> None:
        remove(self._folder)


def test_all_runs_may_go_as_well(folder: RunFolder) -> None:
    remove(folder)
    shutil.rmtree(folder.path.parent)
    assert "there are no runs" in refusal(2, "stop", folder.id, "--runs-dir", folder.path.parent)
    assert call("runs", "--runs-dir", folder.path.parent).exit_code == 0
    assert call("line", "--runs-dir", folder.path.parent).exit_code == 0
    assert not folder.path.parent.exists()
