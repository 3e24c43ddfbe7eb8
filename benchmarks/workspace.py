"""The table of a thousand runs beside that of ten: until its first rows are there, and from a key to its change."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.key_latency import press
from benchmarks.report import Report
from benchmarks.terminal import Terminal
from tp1tui import settings
from tp1tui.journal.events import Epoch, Finished, Started
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.index import INDEX_FILE
from tp1tui.journal.writer import JournalWriter
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary

FEW, MANY = 10, 1000
TIMES = 5
PRESSES = 20
SETTLE = 3.0
"""Seconds in which the first screen comes to rest."""
KEYS = {"down and up": (b"\x1b[B", b"\x1b[A"), "sort": (b"s", b"S"), "select": (b" ",)}


def measure() -> Report:
    """Medians of five openings on 120x40, of 20 presses of each key."""
    report = Report(f"the table of {MANY:,} runs, and of {FEW} (medians of {TIMES} openings, of {PRESSES} presses)")
    with tempfile.TemporaryDirectory() as parent:
        few, many = (_runs(Path(parent) / str(count), count) for count in (FEW, MANY))
        for what, opened in (("never read before", _opened_anew), ("read before", _opened)):
            small, large = (median(opened(folder) for _ in range(TIMES)) for folder in (few, many))
            report.add(f"r to the first rows, {what}", f"{large:.2f} s, ratio {large / small:.2f}")
        for folder in (few, many):
            report.add(f"from a key to the whole screen, {folder.name} runs", _keys(folder))
    return report


def _opened_anew(runs_dir: Path) -> float:
    (runs_dir / INDEX_FILE).unlink(missing_ok=True)
    return _opened(runs_dir)


def _opened(runs_dir: Path) -> float:
    """Seconds from the key that opens the table to its first rows; the key is pressed as soon as the bench is there."""
    terminal = Terminal(_command(runs_dir))
    try:
        terminal.wait_for("digits")
        pressed = perf_counter()
        terminal.write(b"r")
        terminal.wait_for("20/20")
        return perf_counter() - pressed
    finally:
        terminal.close()


def _keys(runs_dir: Path) -> str:
    terminal = Terminal(_command(runs_dir))
    try:
        terminal.wait_for("digits")
        terminal.write(b"r")
        terminal.wait_for("20/20")
        terminal.drain(SETTLE)
        times = {
            name: median(press(terminal, keys[number % len(keys)])[1] for number in range(PRESSES))
            for name, keys in KEYS.items()
        }
    finally:
        terminal.close()
    return ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in times.items())


def _command(runs_dir: Path) -> list[str]:
    return [str(Path(sys.executable).with_name("tp1tui")), "--runs-dir", str(runs_dir)]


def _runs(runs_dir: Path, count: int) -> Path:
    """A folder of finished runs, each of 20 epochs."""
    library = PresetLibrary(settings.preset_dirs())
    file = library.find("digits")
    preset = library.load(file)
    model = RunFolder.create(runs_dir, RunSpec.of(file.id, preset, preset.experiment), datetime.now().astimezone())
    _fill(model)
    for number in range(1, count):
        shutil.copytree(model.path, runs_dir / f"2026-01-01T00-00-00_digits_{number:04}")
    return runs_dir


def _fill(folder: RunFolder) -> None:
    experiment = folder.training_spec().experiment
    steps, epochs = experiment.steps_per_epoch, experiment.epochs
    with JournalWriter(folder.journal_path) as journal:
        journal.append(
            Started(
                time=0.0,
                step=0,
                pid=1,
                host="lab",
                user="ada",
                device="cpu",
                device_name="a processor",
                threads=2,
                versions={},
                steps_per_epoch=steps,
                epochs=epochs,
            )
        )
        for number in range(epochs + 1):
            journal.append(_epoch(number, steps))
        journal.append(Finished(time=float(epochs), step=epochs * steps, outcome="finished"))


def _epoch(number: int, steps: int) -> Epoch:
    return Epoch(
        time=float(number),
        step=number * steps,
        epoch=number,
        train_loss=1.0,
        train_top1=70.0,
        train_top5=95.0,
        test_loss=1.0,
        test_top1=70.0,
        test_top5=95.0,
        lr=0.1,
        images_per_s=1000.0,
        seconds=1.0,
        elapsed=float(number),
        augmentation=False,
        dropout=False,
    )
