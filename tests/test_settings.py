"""What is set for a worker before torch reads it, unless the person has set it."""

from __future__ import annotations

import os

import pytest

from tp1tui import settings


def test_threads_rest_while_they_wait_unless_the_person_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    settings.rest_while_waiting()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
    monkeypatch.delenv("OMP_WAIT_POLICY")
    settings.rest_while_waiting()
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
