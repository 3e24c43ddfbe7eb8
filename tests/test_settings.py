"""What is set for this process before a library reads it, unless the person has set it."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tp1tui import settings


@pytest.mark.parametrize(
    ("name", "value", "ask"),
    [
        ("ESCDELAY", "20", settings.answer_escape_soon),
        ("OMP_WAIT_POLICY", "PASSIVE", settings.rest_while_waiting),
    ],
)
def test_what_the_person_has_set_stays(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, ask: Callable[[], None]
) -> None:
    monkeypatch.setenv(name, "500")
    ask()
    assert os.environ[name] == "500"
    monkeypatch.delenv(name)
    ask()
    assert os.environ[name] == value
