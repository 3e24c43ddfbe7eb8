from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from tests.tui.bench_lab import SIZES, at_home, lab
from tests.tui.lab import until
from tp1tui.tui import text

__all__ = ["at_home"]


def test_few_files_are_named_and_many_are_counted() -> None:
    files = [Path("/runs/one") / name for name in ("epochs.csv", "batches.csv", "layers.csv", "classes.csv")]
    assert text.where_files_are(files[:1]) == "epochs.csv is in /runs/one"
    assert text.where_files_are(files[:2]) == "epochs.csv and batches.csv are in /runs/one"
    assert text.where_files_are(files[:3]) == "epochs.csv, batches.csv and layers.csv are in /runs/one"
    assert text.where_files_are(files) == "epochs.csv and 3 more are in /runs/one"


def test_a_long_path_is_broken_between_folders() -> None:
    run = "2026-11-30T16-17-20_ab2.4-circles-torch-optim_8ec9"
    assert text.where_files_are([Path("/home/ada/practical/runs") / run / "epochs.csv"]).splitlines() == [
        "epochs.csv is in",
        "/home/ada/practical/runs/",
        run,
    ]
    longer = Path("/", "x" * 80, run, "epochs.csv")
    assert text.where_files_are([longer]).splitlines() == ["epochs.csv is in", "/", f"{'x' * 80}/", run]


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("size", SIZES)
async def test_a_notice_has_room_for_every_line_of_a_path(size: tuple[int, int]) -> None:
    folder = Path("/", "h" * (text.NOTICE - 2), "x" * (text.NOTICE - len("/plots")), "plots")
    app = lab()
    async with app.run_test(size=size, notifications=True) as pilot:
        app.notify(text.where_files_are([folder / "loss.svg"]), title="Saved")
        await until(pilot, lambda: app.screen.query(Toast) and app.screen.query_one(Toast).size)
        toast = app.screen.query_one(Toast)
        assert toast.content_size.width >= text.NOTICE
        assert toast.content_size.height == len(["Saved", "loss.svg is in", *folder.parts[1:-1]])
