"""The process that draws training images: one line in, one line out."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders import run_spec
from tp1tui.spec.experiment import Experiment
from tp1tui.worker.preview import AS_SEEN, AS_THEY_ARE, answer_all


def asked(experiment: Experiment, count: int = 3, epoch: int = 1) -> str:
    page = experiment.model_dump(mode="json", exclude_none=True)
    return json.dumps({"experiment": page, "count": count, "epoch": epoch})


def answers(data_dir: Path, *lines: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    answer_all(lines, out, data_dir)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_images_come_as_they_are_and_as_the_network_gets_them(tmp_path: Path) -> None:
    (answer,) = answers(tmp_path, asked(run_spec("digits").experiment, count=3))
    groups = [grid["group"] for grid in answer["grids"]]
    assert groups == [AS_THEY_ARE] * 3 + [AS_SEEN] * 3
    assert all(grid["content"] == "colours" for grid in answer["grids"])
    assert {len(grid["values"]) for grid in answer["grids"]} == {8}
    assert [grid["name"] for grid in answer["grids"][:3]] == [grid["name"] for grid in answer["grids"][3:]]
    assert answer["note"].endswith(".")


def test_another_epoch_has_other_draws_and_the_same_one_the_same(tmp_path: Path) -> None:
    experiment = run_spec("digits").experiment
    first, again, second = answers(tmp_path, asked(experiment), asked(experiment), asked(experiment, epoch=2))
    assert first == again
    assert first != second


def test_a_dataset_that_is_not_here_is_not_fetched(tmp_path: Path) -> None:
    (answer,) = answers(tmp_path, asked(run_spec("cd18").experiment))
    assert answer == {"problem": "CIFAR-10 is not here yet. A start downloads it, or: tp1tui data fetch cifar10"}


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"experiment": {}, "count": 1, "epoch": 1}', "nonsense"])
def test_what_cannot_be_read_is_answered_and_the_next_line_is_too(line: str, tmp_path: Path) -> None:
    broken, whole = answers(tmp_path, line, asked(run_spec("digits").experiment))
    assert "cannot be read" in broken["problem"]
    assert whole["grids"]


def test_points_have_no_images(tmp_path: Path) -> None:
    (answer,) = answers(tmp_path, asked(run_spec("ab2.4").experiment))
    assert "has no images to show" in answer["problem"]


def test_the_process_ends_when_nobody_asks_any_more(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "tp1tui.worker.preview"]
    line = asked(run_spec("digits").experiment)
    done = subprocess.run(command, input=f"{line}\n", capture_output=True, text=True, timeout=120, check=True)
    assert len(json.loads(done.stdout)["grids"]) == 6
