"""Checkpoints on disk: written beside their place, flushed, renamed; loading one never runs code from it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from tp1tui.files.private import make_one_private
from tp1tui.spec.checkpoint_files import BEST, LAST, PREVIOUS

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


def save(folder: Path, payload: dict[str, Any], *, durable: bool = True, is_best: bool = False) -> Path:
    """Make `payload` the last checkpoint; the one that was last stays as the one before it.

    Args:
        folder: Made if it is not there, but not what it lies in: a run's folder that is gone is not begun anew.
        payload: Tensors and plain values.
        durable: Wait until it is on the disk, not only safe from the process's end.
        is_best: Keep it under the name of the best as well. That comes first: were this process to end in between,
            the next one would train the epoch again and find the same best again.

    Raises:
        OSError: The folder cannot be written or is full; the checkpoints that were there are as they were.
    """
    make_one_private(folder)
    draft = folder / f".{LAST}.{os.getpid()}"
    try:
        _write(draft, payload, durable=durable)
        if is_best:
            _name_too(draft, folder / BEST)
        if (folder / LAST).exists():
            (folder / LAST).replace(folder / PREVIOUS)
        draft.replace(folder / LAST)
    finally:
        draft.unlink(missing_ok=True)
    return folder / LAST


def clear_drafts(folder: Path) -> None:
    """Remove what writers that were killed left half-written. Only the run's one worker may call this."""
    for draft in folder.glob(".*.pt.*"):
        draft.unlink(missing_ok=True)


def _write(path: Path, payload: dict[str, Any], *, durable: bool) -> None:
    with path.open("wb") as file:
        try:
            torch.save({"format": FORMAT, **payload}, file)
        except RuntimeError as error:  # torch hides what the system said: a full disk, most often
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise
        file.flush()
        if durable:
            os.fsync(file.fileno())


def _name_too(draft: Path, best: Path) -> None:
    """A second name for the same file, or a copy where a file can have only one."""
    beside = draft.with_name(f".{BEST}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    try:
        beside.hardlink_to(draft)
    except OSError:
        shutil.copyfile(draft, beside)
    beside.replace(best)


def load(folder: Path, run: str | None = None) -> Loaded | None:
    """The newest checkpoint that can be read, on the CPU; None when there is none at all.

    Args:
        folder: Where they lie.
        run: Whose they must be, as their `run` says; one that says nothing is taken as it is.

    Raises:
        CheckpointError: There are some, and none can be read.
    """
    problems: list[str] = []
    for name in (LAST, PREVIOUS):
        path = folder / name
        if not path.exists():
            continue
        try:
            if not path.is_file():
                problems.append(f"{path} is no plain file")
                continue
            payload = torch.load(path, map_location="cpu", weights_only=True)
            if payload["format"] > FORMAT:
                problems.append(f"{path} was written by a newer tp1tui")
                continue
            if run is not None and payload.get("run", run) != run:
                problems.append(f"{path} is another run's")
                continue
            return Loaded(name, payload, tuple(problems))
        except Exception as error:  # a damaged file can fail in any way
            problems.append(f"{path} cannot be read ({type(error).__name__})")
    if problems:
        raise CheckpointError("; ".join(problems) + ". The run's journal and CSV export are unharmed.")
    return None
