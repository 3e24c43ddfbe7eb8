"""How the table of runs looks once a person has worked with it, at every size that it is made for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import make_run, make_sweep
from tests.tui.bench_lab import at_home, lab
from tests.tui.pictured import every_size
from tests.tui.test_bench_snapshots import after
from tp1tui.journal.labels import relabel

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


def worked_with(runs_dir: Path) -> None:
    """Eight runs, one of them with a name, two with tags, and a sweep that is pinned."""
    presets, states = ("cd18", "digits", "cd34", "cd22"), ("finished", "failed", "stopped", "finished")
    made = [
        make_run(runs_dir, presets[at % 4], state=states[at % 4], seed=at, settings=["optimizer.lr=0.03"][at % 2 :])  # type: ignore[arg-type]
        for at in range(8)
    ]
    note = "Once more with a longer warm-up; the loss jumped in epoch 3."
    relabel(made[3].path, lambda labels: labels.named("wide net, 2nd try").tagged(["best", "week3"]).noted(note))
    relabel(made[6].path, lambda labels: labels.tagged(["week3"]))
    sweep = make_sweep(runs_dir, states=["finished", "diverged", "stopped"])
    relabel(sweep.path, lambda labels: labels.named("rates on digits").with_pin())


@every_size
def test_runs_with_labels_sorted_and_selected(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    worked_with(at_home / "runs")
    keys = ("r", *"sssss", "f", "down", "space", "down", "space", "down", "down", "down", "down", "down")
    assert snap_compare(lab(), terminal_size=size, run_before=after(*keys))


@every_size
def test_runs_while_a_filter_is_typed(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    worked_with(at_home / "runs")
    assert snap_compare(lab(), terminal_size=size, run_before=after("r", "slash", *"week3", "space", *"top1>"))


@every_size
def test_runs_that_a_filter_has_found(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    worked_with(at_home / "runs")
    keys = ("r", "slash", *"dataset:ci", "enter", "down", "T")
    assert snap_compare(lab(), terminal_size=size, run_before=after(*keys))
