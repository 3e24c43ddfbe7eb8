from __future__ import annotations

from pathlib import Path

from tp1tui.tui import text


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
