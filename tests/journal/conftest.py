"""What most tests of the journal stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import make_run
from tp1tui.journal.folder import RunFolder


@pytest.fixture
def finished(tmp_path: Path) -> RunFolder:
    """A finished run of 12 epochs."""
    return make_run(tmp_path / "runs")


@pytest.fixture
def queued(tmp_path: Path) -> RunFolder:
    """A run that no worker has taken up."""
    return make_run(tmp_path / "runs", state="queued")
