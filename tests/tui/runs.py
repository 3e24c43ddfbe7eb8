"""Looks at runs, made without an app, for tests of what the run screen says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.builders import make_run, run_spec
from tp1tui.journal.events import Epoch
from tp1tui.journal.follow import Follower
from tp1tui.journal.state import RunState
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.report import Report
from tp1tui.tui.run.look import Look


def look_at(runs_dir: Path, state: RunState = "running", **build: Any) -> Look:
    """A look at a made run, a second after its last event."""
    folder = make_run(runs_dir, state=state, **build)
    follower = Follower(folder)
    follower.poll()
    record = follower.record
    return Look(folder.id, folder.spec(), follower.state(), record, (record.last_time or 0.0) + 1)


def with_report(look: Look, **figures: Any) -> Look:
    """The same run of a preset whose report found something else."""
    return replace(look, spec=look.spec.model_copy(update={"report": Report(**figures)}))


def spec_with_report(epochs: int, **figures: Any) -> RunSpec:
    """A run of so many epochs, of a preset whose report found this."""
    return run_spec("cd18-baseline", [f"epochs={epochs}"]).model_copy(update={"report": Report(**figures)})


def epoch(number: int, **values: Any) -> Epoch:
    """An epoch that took a minute; what is not given is 0."""
    blank: dict[str, Any] = dict.fromkeys(
        ("train_loss", "train_top1", "train_top5", "test_loss", "test_top1", "test_top5"), 0.0
    )
    return Epoch(
        **{
            "time": 60.0 * number,
            "step": 391 * number,
            "epoch": number,
            "lr": 0.01,
            "images_per_s": 1000.0,
            "seconds": 60.0,
            "elapsed": 60.0 * number,
            "augmentation": False,
            "dropout": False,
            **blank,
            **values,
        }
    )


def words(lines: Sequence[Sequence[tuple[str, str | None]]]) -> list[str]:
    """Lines without their tones."""
    return ["".join(text for text, _ in line) for line in lines]
