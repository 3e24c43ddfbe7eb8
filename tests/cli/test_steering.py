"""Asking something of a worker that has something to do first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import let_go, make_first_steps
from tests.cli.calls import call
from tp1tui.cli import steering
from tp1tui.journal.events import Paused
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.writer import JournalWriter


@pytest.fixture
def beginning(tmp_path: Path) -> RunFolder:
    return make_first_steps(tmp_path)


def test_a_command_that_must_wait_says_for_what(beginning: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def pause(_seconds: float) -> None:
        with JournalWriter(beginning.journal_path) as journal:
            journal.append(Paused(time=2e9, step=50))

    monkeypatch.setattr(steering.time, "sleep", pause)
    result = call("pause", beginning.id, "--runs-dir", beginning.path.parent)
    assert result.exit_code == 0
    said = " ".join(result.stderr.split())
    assert said == ("Measuring the untrained network: 12,500 of 20,000 examples. The answer comes after that.")
    assert "is paused, at step 50" in result.stdout
    let_go(beginning)
