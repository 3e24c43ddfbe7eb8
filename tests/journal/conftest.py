"""What most tests of the journal stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import make_run
from tp1tui.journal.folder import RunFolder

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


@pytest.fixture
def finished(tmp_path: Path) -> RunFolder:
    """A finished run of 12 epochs."""
    return make_run(tmp_path / "runs")


@pytest.fixture
def queued(tmp_path: Path) -> RunFolder:
    """A run that no worker has taken up."""
    return make_run(tmp_path / "runs", state="queued")
