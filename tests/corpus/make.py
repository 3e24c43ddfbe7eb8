"""Make the corpus of the format that this program writes: `python -m tests.corpus.make` (see README.md beside this)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.builders import run_spec, sweep_spec
from tests.corpus.told import told_of
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.settings import preset_dirs
from tp1tui.spec.frozen import FORMAT, Frozen, MeasureSpec
from tp1tui.spec.preset import MeasurePreset
from tp1tui.spec.preset_files import PresetLibrary

HERE = Path(__file__).parent
BEGIN = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SMALL = ("model.layers.hidden.features=4", "epochs=4")
"""Settings of the circles' network: 22 parameters."""
KILLED_AT = 5
"""The checkpoint after which the worker of the interrupted run dies."""

_WORKER = """
import getpass, os, signal, socket, sys
socket.gethostname, getpass.getuser = (lambda: "lab"), (lambda: "ada")
from tp1tui.engine import checkpoint
from tp1tui.worker import surroundings
surroundings.describe = lambda device: "A test's processor"
save, left = checkpoint.save, int(sys.argv.pop(1))
def saved(*args, **options):
    global left
    path, left = save(*args, **options), left - 1
    return os.kill(os.getpid(), signal.SIGKILL) if left == 0 else path
checkpoint.save = saved
from tp1tui.worker.main import main
sys.exit(main())
"""
"""A worker that says nothing of this machine and dies after so many checkpoints (0: never)."""


def make(to: Path) -> None:
    """Write run folders of every kind, and beside them what this program reads in them.

    Args:
        to: A folder that is not there yet.
    """
    with _elsewhere(to) as runs:
        _work(_new(runs, "run", run_spec("ab2.4", SMALL)))
        _work(_new(runs, "measure", _measure("ab07-forward")))
        _work(_new(runs, "calculator", _measure("cd01-convolution")))
        _work(_new(runs, "failed", run_spec("ab2.4", SMALL)), "cuda:99")
        _work(_new(runs, "not-finite", run_spec("ab2.4", [*SMALL, "optimizer.lr=1e38", "optimizer.momentum=0.9"])))
        _work(_new(runs, "interrupted", run_spec("ab2.1", ["epochs=8"])), killed_at=KILLED_AT)
        for _, member in _new_sweep(runs, ["optimizer.lr=0.03,0.3"]).runs():
            _work(member)
        for leftover in (*runs.glob("*/worker.l*"), *runs.glob("*/.reserve"), *runs.glob("*/commands")):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        (runs / "expected.json").write_text(json.dumps(told_of(runs), indent=1) + "\n")


def _measure(preset: str) -> MeasureSpec:
    library = PresetLibrary(preset_dirs())
    file = library.find(preset)
    page = library.load(file)
    assert isinstance(page, MeasurePreset)
    return MeasureSpec.of(file.id, page, page)


def _new(runs: Path, name: str, spec: Frozen) -> RunFolder:
    """A run whose id is the same at every call."""
    return RunFolder.create_at(runs / f"{BEGIN:%Y-%m-%dT%H-%M-%S}_{spec.preset}_{name}", spec)


def _new_sweep(runs: Path, vary: Sequence[str]) -> SweepFolder:
    return SweepFolder.create(runs, sweep_spec("ab2.4", vary, settings=SMALL), BEGIN)


def _work(folder: RunFolder, device: str = "cpu", killed_at: int = 0) -> None:
    words = [str(killed_at), str(folder.path), "--device", device]
    subprocess.run([sys.executable, "-c", _WORKER, *words], check=False, capture_output=True, cwd=folder.path.parent)


@contextmanager
def _elsewhere(to: Path) -> Iterator[Path]:
    """A copy of the program in a place of no person's, since failures are journaled with it; moved `to` at the end."""
    place = Path("/tmp/tp1tui")
    shutil.rmtree(place, ignore_errors=True)
    here = HERE.parent.parent
    for part in ("tp1tui", "presets"):
        shutil.copytree(here / part, place / part)
    os.environ["PYTHONPATH"] = str(place)
    yield place / "runs"
    shutil.move(place / "runs", to)
    shutil.rmtree(place)


if __name__ == "__main__":
    make(HERE / str(FORMAT))
