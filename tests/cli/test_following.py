"""Following a measure without the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import make_measure
from tp1tui.cli.running import follow
from tp1tui.spec.live import PROBE
from tp1tui.spec.results import Text


def test_a_measure_prints_what_it_found_and_not_what_was_seen_while_it_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [Text(name=PROBE, text="a network that learns"), Text(name="both modes", text="what was asked")]
    assert follow(make_measure(tmp_path, training=True, results=results), as_json=False) == 0
    printed = capsys.readouterr().out
    assert "what was asked" in printed
    assert "a network that learns" not in printed
