"""How the bench, the list of runs and help look, at every size that they are made for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import let_go_of, make_run, make_sweep
from tests.tui.bench_lab import LARGE, MIDDLE, SMALL, at_home, lab
from tests.tui.pictured import every_size

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

NAMES = {SMALL: "80x24", MIDDLE: "120x40", LARGE: "200x60"}


def after(*keys: str) -> Any:
    """Press keys, once the app has looked at the runs."""

    async def run_before(pilot: Pilot[Any]) -> None:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()  # the next key is for what this one has brought
            await pilot.pause()

    return run_before


@every_size
def test_the_bench_as_a_newcomer_sees_it(size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(lab(), terminal_size=size, run_before=after())


@every_size
def test_the_bench_with_runs_and_changes(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    make_run(at_home / "runs", "cd18", seed=1)
    make_run(at_home / "runs", "digits", state="failed", seed=2)
    assert snap_compare(lab(), terminal_size=size, run_before=after("down", "a", "n", "e", "down"))


@every_size
def test_the_layers(size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(lab(), terminal_size=size, run_before=after("down", "b", "3"))


@every_size
def test_a_preset_that_cannot_be_read(size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(lab(), terminal_size=size, run_before=after("end", "up"))


@every_size
def test_the_list_of_runs(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    for seed, (preset, state) in enumerate(
        [("cd18", "finished"), ("cd22", "interrupted"), ("digits", "failed"), ("cd18", "stopped"), ("cd18", "queued")]
    ):
        make_run(at_home / "runs", preset, state=state, seed=seed)  # type: ignore[arg-type]
    broken = make_run(at_home / "runs", "cd18", seed=9)
    broken.spec_path.write_text("epochs = ")
    assert snap_compare(lab(), terminal_size=size, run_before=after("r", "down"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=NAMES.get)
def test_the_list_of_runs_with_a_sweep_unfolded(size: tuple[int, int], snap_compare: Any, at_home: Path) -> None:
    make_run(at_home / "runs", "cd18")
    sweep = make_sweep(at_home / "runs", states=["finished", "finished", "diverged", "paused", "queued"])
    assert snap_compare(lab(), terminal_size=size, run_before=after("r", "f"))
    let_go_of(sweep)


@every_size
def test_the_list_of_runs_without_runs(size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(lab(), terminal_size=size, run_before=after("r"))


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=NAMES.get)
def test_help(size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(lab(), terminal_size=size, run_before=after("question_mark"))


def test_the_light_look(snap_compare: Any) -> None:
    assert snap_compare(lab(), terminal_size=MIDDLE, run_before=after("ctrl+t", "down", "d"))
