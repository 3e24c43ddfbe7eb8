"""All that stands in this folder breaks something: `pytest -m chaos` runs it whole, the long ones too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forked import end_all_started

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("chaos")


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    """No worker goes on beside the tests that follow."""
    yield
    end_all_started()
