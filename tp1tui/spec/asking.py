"""From a preset to what is really asked for: fields changed, seeds or values varied, then frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import JsonValue

from tp1tui.spec.changes import parsed, with_changes, with_measure_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Fault, Misfit, SpecError
from tp1tui.spec.frozen import Frozen, MeasureSpec, RunSpec, SweepSpec
from tp1tui.spec.measure import Measure
from tp1tui.spec.measure_fit import check_measure
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset
from tp1tui.spec.sweep import Sweep, members

MEASURE = "measure."
"""Begins the key paths of a measure's own fields; all others lead into the experiment."""


def edited(preset: Preset, settings: Iterable[str], *, source: str = "--set") -> Preset:
    """A preset with fields changed.

    Args:
        preset: Of any kind; of a sweep, what all members have in common is changed.
        settings: Each `key.path=value` (see `with_changes`); `measure.key=value` for a measure's own fields.
        source: What the settings are called in an error.

    Raises:
        SpecError: A setting is not allowed, or there is nothing here that it could change.
    """
    settings = list(settings)
    own = [setting for setting in settings if setting.lstrip().startswith(MEASURE)]
    others = [setting for setting in settings if setting not in own]
    update: dict[str, Any] = {}
    if own:
        if not isinstance(preset, MeasurePreset):
            raise SpecError(source, (Fault(own[0].partition("=")[0].strip(), None, "is for measures; this is none"),))
        update["measure"] = with_measure_changes(preset.measure, own, source=source)
    if others:
        if preset.experiment is None:
            path = others[0].partition("=")[0].strip()
            allowed = ", ".join(f"{MEASURE}{key}" for key in type(preset.measure).model_fields if key != "kind")
            raise SpecError(source, (Fault(path, None, f"leads nowhere: nothing is trained here. Allowed: {allowed}"),))
        update["experiment"] = with_changes(preset.experiment, others, source=source)
    changed = preset.model_copy(update=update)
    if isinstance(changed, SweepPreset):
        _check(changed.experiment, changed.sweep, source)
    if isinstance(changed, MeasurePreset) and changed.experiment is not None:
        _check_measure(changed.measure, changed.experiment, source)
    return changed


def values_of(text: str) -> tuple[str, tuple[JsonValue, ...]]:
    """What `--vary dropout.p=0,0.3,0.9` says: a key path and its values.

    Raises:
        SpecError: There is no `=`.
    """
    path, equals, listed = (part.strip() for part in text.partition("="))
    if not equals:
        raise SpecError("--vary", (Fault(text, None, "has no '='; write KEY=VALUE,VALUE,…"),))
    whole = parsed(listed if listed.startswith("[") else f"[{listed}]")
    if isinstance(whole, list):
        return path, tuple(whole)
    return path, tuple(parsed(part.strip()) for part in listed.split(","))


def varied(
    preset: Preset, fields: Mapping[str, tuple[JsonValue, ...]], seeds: int | None, *, source: str = "--vary"
) -> SweepPreset:
    """A preset made into a sweep, or a sweep with more to vary.

    Args:
        preset: A run or a sweep.
        fields: Key paths with the values that each takes.
        seeds: Runs of every point; as it was when None.
        source: What the fields are called in an error.

    Raises:
        SpecError: It is a measure, or a member is not a possible experiment.
    """
    if isinstance(preset, MeasurePreset):
        problem = f"cannot be used with {preset.title!r}, which is a measure and no training"
        raise SpecError(source, (Fault("", None, problem),))
    before = preset.sweep if isinstance(preset, SweepPreset) else Sweep()
    update = {"fields": {**before.fields, **fields}, "seeds": before.seeds if seeds is None else seeds}
    sweep = before.model_copy(update=update)
    _check(preset.experiment, sweep, source)
    page = {key: value for key, value in dict(preset).items() if key not in ("kind", "sweep")}
    return SweepPreset(sweep=sweep, **page)


def frozen(preset_id: str, preset: Preset, asked: Preset) -> Frozen | SweepSpec:
    """What is asked for, frozen.

    Args:
        preset_id: Of the preset that it began as.
        preset: As it stands in its file.
        asked: The same with its changes; a run may have become a sweep.
    """
    match preset, asked:
        case MeasurePreset(), MeasurePreset():
            return MeasureSpec.of(preset_id, preset, asked)
        case RunPreset(), RunPreset():
            return RunSpec.of(preset_id, preset, asked.experiment)
        case ((RunPreset() | SweepPreset()), SweepPreset()):
            return SweepSpec.of(preset_id, preset, asked)
    raise TypeError(f"a {preset.kind} cannot become a {asked.kind}")


def _check(experiment: Experiment, sweep: Sweep, source: str) -> None:
    try:
        members(experiment, sweep)
    except Misfit as error:
        raise SpecError(source, (Fault(error.shown.removeprefix("fields."), None, error.message),)) from None


def _check_measure(measure: Measure, experiment: Experiment, source: str) -> None:
    try:
        check_measure(measure, experiment)
    except Misfit as error:
        raise SpecError(source, (Fault(error.shown.removeprefix("experiment."), None, error.message),)) from None
