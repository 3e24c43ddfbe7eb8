"""What the run screen looks like. After a wanted change: pytest tests/tui --snapshot-update, and look at the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.builders import let_go, make_first_steps, make_run
from tests.tui.lab import Lab, opened
from tests.tui.pictured import every_size, pressing_on

pressing = pressing_on(opened)


@every_size
def test_a_run_that_goes_on(snap_compare: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    folder = make_run(tmp_path, epochs=30, state="running")
    assert snap_compare(Lab(folder), terminal_size=size, run_before=pressing())
    let_go(folder)


@every_size
def test_the_first_steps_of_a_run(snap_compare: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    folder = make_first_steps(tmp_path)
    assert snap_compare(Lab(folder), terminal_size=size, run_before=pressing("space"))
    let_go(folder)


@every_size
def test_a_run_that_is_over_with_losses_on_a_log_scale(
    snap_compare: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(Lab(make_run(tmp_path, epochs=30)), terminal_size=size, run_before=pressing("l"))


@every_size
def test_a_run_over_the_curves_of_another(snap_compare: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    app = Lab(make_run(tmp_path, "cd29", epochs=30, state="stopped"), make_run(tmp_path, epochs=30, seed=1))
    assert snap_compare(app, terminal_size=size, run_before=pressing())


def test_a_run_that_failed(snap_compare: Any, tmp_path: Path) -> None:
    app = Lab(make_run(tmp_path, epochs=30, state="failed"))
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("2"))


def test_the_layers_at_80_columns(snap_compare: Any, tmp_path: Path) -> None:
    app = Lab(make_run(tmp_path, epochs=30))
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("t"))


def test_every_batch_in_ascii(snap_compare: Any, tmp_path: Path) -> None:
    app = Lab(make_run(tmp_path, epochs=30))
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("3", "m", "m"))


def test_the_light_look(snap_compare: Any, tmp_path: Path) -> None:
    app = Lab(make_run(tmp_path, epochs=30))
    app.theme = "tp1tui-light"
    assert snap_compare(app, terminal_size=(120, 40), run_before=pressing())


@every_size
def test_a_cursor_in_a_zoomed_plot(snap_compare: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    app = Lab(make_run(tmp_path, epochs=30))
    assert snap_compare(app, terminal_size=size, run_before=pressing("end", "left", "plus", "plus"))


@every_size
def test_a_plot_full_screen(snap_compare: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    app = Lab(make_run(tmp_path, epochs=30))
    assert snap_compare(app, terminal_size=size, run_before=pressing("2", "f", "home", "right"))
