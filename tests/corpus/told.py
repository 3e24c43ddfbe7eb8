"""What the program reads in run folders, as plain values: what a corpus expects of every later program."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.listing import run_folders

_TOLD_OF_EPOCHS = (
    "epoch", "step", "train_loss", "train_top1", "test_loss", "test_top1", "lr", "seconds", "elapsed",
)  # fmt: skip


def told_of(runs_dir: Path) -> dict[str, Any]:
    """What there is to read in every run of a folder, by id; numbers as texts that keep each digit, NaN too."""
    return {folder.id: _told(folder) for folder in run_folders(runs_dir)}


def _told(folder: RunFolder) -> dict[str, Any]:
    follower = Follower(folder)
    state, record = follower.state(), follower.record
    best = record.best
    return {
        "state": state,
        "preset": folder.spec().preset,
        "changes": list(folder.spec().changes),
        "step": record.step,
        "epochs": [" ".join(repr(getattr(epoch, name)) for name in _TOLD_OF_EPOCHS) for epoch in record.epochs],
        "losses": " ".join(map(repr, record.losses)),
        "batch_top1": " ".join(map(repr, record.batch_top1)),
        "best": best.epoch if best else None,
        "warnings": record.warnings,
        "failed": record.failed.reason if record.failed else None,
        "results": {
            name: _digest(result.model_dump_json(exclude_defaults=True)) for name, result in record.findings.items()
        },
        "troubles": follower.troubles,
    }


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
