"""From a preset to what is really asked for: fields changed, seeds or values varied, then frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from tp1tui.spec.changes import NONE, parsed, with_changes, with_measure_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Fault, Misfit, SpecError, validated
from tp1tui.spec.frozen import Frozen, MeasureSpec, RunSpec, SweepSpec
from tp1tui.spec.measure import Measure
from tp1tui.spec.measure_fit import check_measure
from tp1tui.spec.model_keys import Keys
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset
from tp1tui.spec.sweep import Sweep, members
from tp1tui.spec.toml_text import path_text, value_text

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
        _refuse_varied(preset, others, source)
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


def _refuse_varied(preset: Preset, settings: Iterable[str], source: str) -> None:
    """What every run of a sweep has a value of its own for would change none of them."""
    if not isinstance(preset, SweepPreset):
        return
    fields, variants = preset.sweep.fields, preset.sweep.variants
    for path in (setting.partition("=")[0].strip() for setting in settings):
        if path in fields:
            values = ",".join(map(value_text, fields[path]))
            raise SpecError(source, (Fault(path, None, f"is what this sweep varies, as --vary {path}={values}"),))
        if variants and all(_names(variant.experiment, path.split(".")) for variant in variants):
            problem = "would change no run: each of this sweep's variants has a value of its own for it"
            raise SpecError(source, (Fault(path, None, problem),))


def _names(page: JsonValue, keys: Sequence[str]) -> bool:
    """Whether a page of settings has a value at a key path."""
    if not keys:
        return True
    return isinstance(page, dict) and keys[0] in page and _names(page[keys[0]], keys[1:])


def values_of(text: str) -> tuple[str, tuple[JsonValue, ...]]:
    """What `--vary dropout.p=0,0.3,0.9` says: a key path and its values.

    Raises:
        SpecError: There is no `=`, or nothing stands between two commas.
    """
    path, equals, listed = (part.strip() for part in text.partition("="))
    if not equals:
        raise SpecError("--vary", (Fault(text, None, "has no '='; write KEY=VALUE,VALUE,…"),))
    whole = parsed(listed if listed.startswith("[") else f"[{listed}]")
    if isinstance(whole, list):
        return path, tuple(whole)
    values = [part.strip() for part in listed.split(",")]
    if not all(values):
        raise SpecError("--vary", (Fault(path, None, f"has an empty value in {listed!r}; write VALUE,VALUE,…"),))
    return path, tuple(NONE if value == NONE else parsed(value) for value in values)  # TOML has no empty value


def vary_fields(settings: Iterable[str]) -> dict[str, tuple[JsonValue, ...]]:
    """What several `--vary` say, together.

    Raises:
        SpecError: One has no `=`, or names a field that another has named.
    """
    fields: dict[str, tuple[JsonValue, ...]] = {}
    for path, values in map(values_of, settings):
        if path in fields:
            raise SpecError("--vary", (Fault(path, None, "is named twice; write all of its values in one --vary"),))
        fields[path] = values
    return fields


def varied(
    preset: Preset, fields: Mapping[str, tuple[JsonValue, ...]], seeds: int | None, *, source: str | None = None
) -> SweepPreset:
    """A preset made into a sweep, or a sweep with more to vary.

    Args:
        preset: A run or a sweep.
        fields: Key paths with the values that each takes.
        seeds: Runs of every point; as it was when None.
        source: What the fields are called in an error; `--vary`, or `--seeds` where there are none, when left out.

    Raises:
        SpecError: It is a measure, or a member is not a possible experiment.
    """
    source = source or ("--vary" if fields else "--seeds")
    if isinstance(preset, MeasurePreset):
        problem = f"cannot be used with {preset.title!r}, which is a measure and no training"
        raise SpecError(source, (Fault("", None, problem),))
    before = preset.sweep if isinstance(preset, SweepPreset) else Sweep()
    if fields and before.variants:
        problem = f"cannot be used with {preset.title!r}, whose runs are named variants; --seeds can"
        raise SpecError(source, (Fault("", None, problem),))
    update: dict[str, Any] = {"fields": {**before.fields, **fields}}
    sweep = before.model_copy(update=update if seeds is None else {**update, "seeds": _seeds(seeds)})
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


def _seeds(number: int) -> int:
    return validated(Sweep, {"seeds": number}, "--seeds").seeds


def _check(experiment: Experiment, sweep: Sweep, source: str) -> None:
    try:
        members(experiment, sweep)
    except Misfit as error:
        raise SpecError(source, [Fault(_without_place(one.keys), None, one.message) for one in error.all]) from None


def _without_place(keys: Keys) -> str:
    """A varied field by its key path; of its values, the message says which."""
    return str(keys[1]) if keys[:1] == ("fields",) and len(keys) > 1 else path_text(keys).removeprefix("fields")


def _check_measure(measure: Measure, experiment: Experiment, source: str) -> None:
    try:
        check_measure(measure, experiment)
    except Misfit as error:
        raise SpecError(source, (Fault(error.shown.removeprefix("experiment."), None, error.message),)) from None
