"""Verbs are called in the test's own process; how a worker starts is tried elsewhere."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def forked(forked_workers: None) -> None:
    """Workers of verbs that start one at once."""
