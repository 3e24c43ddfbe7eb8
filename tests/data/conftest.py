"""What the tests of the data room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.data.server import FileServer, file_server
from tp1tui.data.download import Progress


@pytest.fixture
def server() -> Iterator[FileServer]:
    with file_server() as files:
        yield files


@pytest.fixture
def reports() -> list[Progress]:
    """Give `reports.append` where progress is reported to."""
    return []
