"""Checkpoints on disk: written beside their place, flushed, renamed; loading one never runs code from it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

LAST, PREVIOUS, BEST = "last.pt", "previous.pt", "best.pt"
FORMAT = 1


class CheckpointError(Exception):
    """No checkpoint can be used. Its text says what was tried."""


@dataclass(frozen=True)
class Loaded:
    """A checkpoint that was read."""

    file: str
    payload: dict[str, Any]
    passed_over: tuple[str, ...]
    """Sentences about newer ones that could not be read."""


def save(folder: Path, payload: dict[str, Any], *, durable: bool = True) -> Path:
    """Make `payload` the last checkpoint; the one that was last stays as the one before it.

    Args:
        folder: Made if it is not there.
        payload: Tensors and plain values.
        durable: Wait until it is on the disk, not only safe from the process's end.

    Raises:
        OSError: The folder cannot be written or is full; the checkpoints that were there are as they were.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    beside = folder / f".{LAST}.{os.getpid()}"
    try:
        with beside.open("wb") as file:
            torch.save({"format": FORMAT, **payload}, file)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if (folder / LAST).exists():
            (folder / LAST).replace(folder / PREVIOUS)
        beside.replace(folder / LAST)
    finally:
        beside.unlink(missing_ok=True)
    return folder / LAST


def keep_as_best(folder: Path) -> None:
    """Give the last checkpoint a second name, so that it outlives later ones."""
    beside = folder / f".{BEST}.{os.getpid()}"
    beside.unlink(missing_ok=True)
    beside.hardlink_to(folder / LAST)
    beside.replace(folder / BEST)


def load(folder: Path, device: torch.device) -> Loaded | None:
    """The newest checkpoint that can be read; None when there is none at all.

    Raises:
        CheckpointError: There are some, and none can be read.
    """
    problems: list[str] = []
    for name in (LAST, PREVIOUS):
        path = folder / name
        if not path.exists():
            continue
        try:
            payload = torch.load(path, map_location=device, weights_only=True)
            if payload["format"] > FORMAT:
                problems.append(f"{path} was written by a newer tp1tui")
                continue
            return Loaded(name, payload, tuple(problems))
        except Exception as error:  # a damaged file can fail in any way
            problems.append(f"{path} cannot be read ({type(error).__name__})")
    if problems:
        raise CheckpointError("; ".join(problems) + ". The run's journal and CSV export are unharmed.")
    return None
