"""What drawing a plot costs: a million batches over a hundred, whole and zoomed in, and moving the cursor in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.report import Report
from tp1tui import settings
from tp1tui.journal.events import Batches
from tp1tui.journal.record import RunRecord
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.plots.scene import Attention, Scene
from tp1tui.tui.run.curves import Curves

FEW, MANY = 100, 1_000_000
SIZE = (118, 30)
"""Cells of the plot in full screen on a terminal of 120x40, about."""
TIMES = 21
AT_ONCE = 1000
"""Batches in one event."""


def measure() -> Report:
    """Medians, in one process."""
    report = Report(f"drawing the loss of every batch, {SIZE[0]}x{SIZE[1]} cells (median of {TIMES})")
    few, many = _scene(FEW), _scene(MANY)
    _drawn(few), _drawn(many)  # plotext is imported on the first
    least = _median(lambda: _drawn(few))
    report.add(f"{FEW:,} batches", f"{least * 1e3:.1f} ms")
    whole = _median(lambda: _drawn(many))
    report.add(f"{MANY:,} batches", f"{whole * 1e3:.1f} ms, ratio {whole / least:.2f}")
    for part in (8, 1000):
        many.attention = Attention((MANY / 2, MANY / 2 + MANY / part), MANY / 2)
        seconds = _median(lambda: _drawn(many))
        report.add(f"{MANY:,}, a {part}th in sight", f"{seconds * 1e3:.1f} ms, ratio {seconds / least:.2f}")
    for scene, length in ((few, FEW), (many, MANY)):
        scene.attention = Attention(None, length / 2)
        _drawn(scene)
        report.add(f"cursor by one, {length:,} batches", f"{_median(lambda scene=scene: _moved(scene)) * 1e3:.1f} ms")
    return report


def _scene(length: int) -> Scene:
    """A run of so many batches, as its screen draws it."""
    library = PresetLibrary(settings.preset_dirs())
    file = library.find("cd18-baseline")
    preset = library.load(file)
    record, draws = RunRecord(), random.Random(0)
    for first in range(1, length + 1, AT_ONCE):
        count = min(AT_ONCE, length + 1 - first)
        losses = [2.3 / (1 + 5 * step / length) + draws.gauss(0, 0.1) for step in range(first, first + count)]
        top1 = [50.0] * count
        step = first + count - 1
        record.apply(Batches(time=1.0, step=step, first_step=first, losses=losses, top1=top1, images_per_s=1.0))
    curves = Curves(RunSpec.of(file.id, preset, preset.experiment))
    curves.update(record)
    return Scene(lambda sight: curves.batch_loss(sight, 391, length, log_y=False, is_over=True))


def _drawn(scene: Scene) -> None:
    scene.draw(*SIZE, Glyphs.BRAILLE)


def _moved(scene: Scene) -> None:
    """Move the cursor, read off what is there, and lay it over what is drawn."""
    scene.attention = scene.moved(-1)
    assert scene.attention.cursor is not None
    column = scene.column(scene.attention.cursor)
    scene.rows(Glyphs.BRAILLE, scene.read(scene.attention.cursor), [] if column is None else [column])


def _median(deed: Callable[[], None]) -> float:
    """Seconds that it takes."""
    times = []
    for _ in range(TIMES):
        began = perf_counter()
        deed()
        times.append(perf_counter() - began)
    return median(times)
