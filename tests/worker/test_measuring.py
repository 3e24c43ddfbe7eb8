"""Real workers that take measures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import until_record, until_state
from tp1tui import settings
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.export import export
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import is_held
from tp1tui.spec.asking import edited, frozen
from tp1tui.spec.frozen import MeasureSpec
from tp1tui.spec.instant import instant_results
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.worker import launcher

DROPOUT = """
kind = "measure"
title = "dropout on digits"
question = "What does dropout do in each mode?"

[measure]
kind = "dropout-modes"
passes = 50

[experiment]
extends = "digits"
epochs = 2

[experiment.dropout]
enabled = true
"""

StartMeasure = Callable[..., RunFolder]


@pytest.fixture
def start_measure(tmp_path: Path, forked_workers: None) -> Iterator[StartMeasure]:
    """Start workers on measures; whatever still works at the end is stopped."""
    own = tmp_path / "presets"
    own.mkdir()
    (own / "mine-dropout.toml").write_text(DROPOUT)
    library = PresetLibrary([("mine", own), *settings.preset_dirs()])
    started: list[RunFolder] = []

    def start(preset: str, *changes: str) -> RunFolder:
        file = library.find(preset)
        loaded = library.load(file)
        spec = frozen(file.id, loaded, edited(loaded, changes))
        assert isinstance(spec, MeasureSpec)
        started.append(launcher.start(spec, tmp_path / "runs", "cpu"))
        return started[-1]

    yield start
    for folder in started:
        if is_held(folder):
            send(folder, Stop())
            until_state(folder, "stopped", "finished", "failed")


def test_a_calculator_run_as_any_other_journals_what_the_bench_shows(start_measure: StartMeasure) -> None:
    folder = start_measure("cd01", "measure.width=28")
    record = until_state(folder, "finished", "failed")
    spec = folder.spec()
    assert isinstance(spec, MeasureSpec)
    assert spec.changes == ("measure.width = 28",)
    assert tuple(record.results.values()) == instant_results(spec.measure, None)
    assert not list(folder.checkpoints_dir.iterdir())
    assert record.started is not None


def test_a_measure_of_a_trained_network_trains_first_and_exports_both(
    start_measure: StartMeasure, tmp_path: Path
) -> None:
    folder = start_measure("mine-dropout")
    record = until_state(folder, "finished", "failed")
    assert record.failed is None
    assert [epoch.epoch for epoch in record.epochs] == [0, 1, 2]
    assert {"scores", "both modes", "rules", "the input"} <= set(record.results)
    lines = [json.loads(line) for line in folder.journal_path.read_text().splitlines()]
    kinds = [line["kind"] for line in lines]
    names = [line["result"]["name"] if line["kind"] == "measured" else "" for line in lines]
    last_epoch = len(kinds) - 1 - kinds[::-1].index("epoch")
    assert names.index("scores") > last_epoch  # what is seen of the network while it learns comes earlier
    assert any(line.get("what") == "50 passes in each mode" for line in lines)
    files = {path.name for path in export(folder, tmp_path / "csv")}
    assert {"epochs.csv", "batches.csv", "layers.csv", "result-scores.csv", "result-rules.csv"} <= files
    assert (tmp_path / "csv" / "result-scores.csv").read_text().startswith("class,evaluation,training: mean")


def test_the_same_measure_finds_the_same(start_measure: StartMeasure) -> None:
    records = [until_state(start_measure("mine-dropout"), "finished", "failed") for _ in range(2)]
    assert records[0].findings == records[1].findings != {}


def test_a_measure_that_is_stopped_while_it_trains_goes_on_to_its_results(start_measure: StartMeasure) -> None:
    folder = start_measure("mine-dropout", "epochs=40")
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, Stop())
    stopped = until_state(folder, "stopped", "finished")
    launcher.resume(folder, "cpu")
    record = until_state(folder, "finished", "failed")
    assert record.failed is None
    assert record.step > stopped.step
    assert "scores" in record.results
