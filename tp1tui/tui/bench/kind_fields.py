"""The fields that only sweeps or only measures have, as the bench lists them."""

from __future__ import annotations

from tp1tui.spec.changes import value_text
from tp1tui.spec.measure import Measure
from tp1tui.spec.preset import RunPreset, SweepPreset
from tp1tui.spec.sweep import Sweep
from tp1tui.tui.bench.edits import SEEDS, VARY
from tp1tui.tui.bench.fields import LABELS, FieldRow


def sweep_rows(preset: RunPreset | SweepPreset, asked: RunPreset | SweepPreset) -> list[FieldRow]:
    """What is varied: a row for each field, and one for the seeds, which every training has."""
    before, now = _sweep(preset), _sweep(asked)
    rows = [_values_row(path, before, now) for path in now.fields]
    if now.variants:
        names = ", ".join(variant.name for variant in now.variants)
        rows.append(FieldRow("variants", "variants", names, names, ""))
    return [*rows, FieldRow("seeds", SEEDS, str(now.seeds), str(before.seeds), str(now.seeds))]


def measure_rows(preset: Measure, asked: Measure) -> list[FieldRow]:
    """A measure's own fields."""
    before, now = preset.model_dump(mode="json"), asked.model_dump(mode="json")
    return [
        FieldRow(key, f"measure.{key}", value_text(value), value_text(before.get(key)), value_text(value))
        for key, value in now.items()
        if key != "kind"
    ]


def _values_row(path: str, before: Sweep, now: Sweep) -> FieldRow:
    values = _listed(now, path)
    return FieldRow(f"{LABELS.get(path, path)} in", f"{VARY}{path}", values, _listed(before, path), values)


def _sweep(preset: RunPreset | SweepPreset) -> Sweep:
    return preset.sweep if isinstance(preset, SweepPreset) else Sweep()


def _listed(sweep: Sweep, path: str) -> str:
    return ", ".join(map(value_text, sweep.fields.get(path, ())))
