"""The fields that only sweeps or only measures have, as the bench lists them."""

from __future__ import annotations

from tp1tui.spec.asking import MEASURE
from tp1tui.spec.changes import value_text
from tp1tui.spec.measure import Measure
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset
from tp1tui.spec.sweep import Sweep
from tp1tui.tui.bench.edits import MOST_SEEDS, SEEDS, VARY
from tp1tui.tui.bench.fields import LABELS, FieldRow
from tp1tui.tui.sweep.names import variants_in_words


def sweep_rows(preset: RunPreset | SweepPreset, asked: RunPreset | SweepPreset) -> list[FieldRow]:
    """What is varied: a row for each field, and one for the seeds, which every training has."""
    before, now = _sweep(preset), _sweep(asked)
    rows = [_values_row(path, before, now) for path in now.fields]
    if now.variants:
        names = variants_in_words(now)
        rows.append(FieldRow("variants", "variants", names, names, ""))
    return [*rows, FieldRow("seeds", SEEDS, str(now.seeds), str(before.seeds), str(now.seeds))]


def measure_rows(preset: Measure, asked: Measure) -> list[FieldRow]:
    """A measure's own fields."""
    before, now = preset.model_dump(mode="json"), asked.model_dump(mode="json")
    return [
        FieldRow(key, f"{MEASURE}{key}", value_text(value), value_text(before.get(key)), value_text(value))
        for key, value in now.items()
        if key != "kind"
    ]


def kind_hint(asked: Preset, path: str) -> str | None:
    """What may be typed for such a field, in a sentence; None for one that every training has."""
    if path == SEEDS:
        runs = "Runs of every point" if _has_points(asked) else "Runs of this experiment"
        return f"{runs}, each with a seed of its own: a whole number from 1 to {MOST_SEEDS}."
    if path.startswith(VARY):
        return "The values that it takes in turn, with commas between: 0.01, 0.03, 0.1"
    if not isinstance(asked, MeasurePreset) or not path.startswith(MEASURE):
        return None
    key = path.removeprefix(MEASURE)
    limits = type(asked.measure).model_fields[key].metadata
    low = next((limit.ge for limit in limits if hasattr(limit, "ge")), None)
    high = next((limit.le for limit in limits if hasattr(limit, "le")), None)
    if low is None:
        return None
    return f"A whole number from {low:,}" + (f" to {high:,}." if high is not None else ".")


def title(row: FieldRow, question: str) -> str:
    """What stands over the editor of a question's field; the label of one that is varied is made for a list."""
    if not row.path.startswith(VARY):
        return f"{row.label} of {question}"
    path = row.path.removeprefix(VARY)
    return f"values of {LABELS.get(path, path)} in {question}"


def _has_points(asked: Preset) -> bool:
    """Whether something else than the seed differs between its runs."""
    return isinstance(asked, SweepPreset) and bool(asked.sweep.fields or asked.sweep.variants)


def _values_row(path: str, before: Sweep, now: Sweep) -> FieldRow:
    values = _listed(now, path)
    return FieldRow(f"{LABELS.get(path, path)} in", f"{VARY}{path}", values, _listed(before, path), values)


def _sweep(preset: RunPreset | SweepPreset) -> Sweep:
    return preset.sweep if isinstance(preset, SweepPreset) else Sweep()


def _listed(sweep: Sweep, path: str) -> str:
    return ", ".join(map(value_text, sweep.fields.get(path, ())))
