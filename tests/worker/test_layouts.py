"""The faster layout is tried once a machine and network, and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.worker.conftest import spec_of
from tp1tui.data.circles import circles
from tp1tui.data.digits import digits
from tp1tui.data.load import Examples
from tp1tui.engine.training import Training
from tp1tui.worker import layouts
from tp1tui.worker.layouts import choose_layout

CPU = torch.device("cpu")


@pytest.fixture
def training() -> Training:
    arrays = digits()
    few = Examples(arrays.train_images, arrays.train_labels, arrays.test_images, arrays.test_labels, {})
    return Training(spec_of("digits", "dataset.train_examples=64").experiment, few.first(64, 32), CPU)


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is tried, with an outcome that chance has no part in."""
    tried: list[str] = []

    def faster(_: Training) -> str:
        tried.append("both")
        return "channels-first"

    monkeypatch.setattr(layouts, "faster", faster)
    return tried


def test_what_was_tried_is_remembered(training: Training, trials: list[str], tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(3):
        choose_layout(training, tmp_path / "layouts.json", told.append)
    assert training.layout == "channels-first"
    assert trials == ["both"]
    assert told == ["trying which memory layout is faster"]


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '{"0123456789abcdef": 7}', "\udcff", "nan"])
def test_a_file_that_says_nothing_is_written_anew(
    training: Training, trials: list[str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "layouts.json"
    file.write_text(content, errors="surrogateescape")
    for _ in range(2):
        choose_layout(training, file, lambda _: None)
    assert trials == ["both"]


def test_where_nothing_can_be_kept_the_run_begins_all_the_same(
    training: Training, trials: list[str], tmp_path: Path
) -> None:
    choose_layout(training, tmp_path / "not there" / "layouts.json", lambda _: None)
    assert (training.layout, trials) == ("channels-first", ["both"])


def test_a_network_without_convolutions_is_not_tried(trials: list[str], tmp_path: Path) -> None:
    choose_layout(Training(spec_of("ab2.4").experiment, circles(0), CPU), tmp_path / "layouts.json", lambda _: None)
    assert trials == []
