"""Where two experiments differ, and how a changed one is made: `optimizer.lr=0.03`."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Fault, Misfit, SpecError, entry_name, validated
from tp1tui.spec.layers import layer_names
from tp1tui.spec.measure import Measure
from tp1tui.spec.model import LayeredModel
from tp1tui.spec.model_keys import Keys, models_at
from tp1tui.spec.part import Part
from tp1tui.spec.toml_text import path_text, shown
from tp1tui.spec.toml_text import value_text as value_text

Changed = TypeVar("Changed", bound=BaseModel)

NONE = "none"
"""What empties a field that may be left out."""


class _MeasurePage(Part):
    """So that a measure's fields are called `measure.kernel`."""

    measure: Measure


@dataclass(frozen=True)
class Change:
    """One field that differs between two experiments."""

    path: str
    """Key path from the experiment down, as `--set` takes it."""
    old: object
    new: object

    @property
    def text(self) -> str:
        """`key = value`, the value as TOML would have it."""
        return f"{self.path} = {value_text(self.new)}"


@dataclass(frozen=True)
class DifferingField:
    """One field in which some experiments differ."""

    path: str
    """Key path from the experiment down, as `--set` takes it."""
    values: tuple[object, ...]
    """One an experiment, in their order; None for one that has no such field."""


def differences(old: Experiment, new: Experiment) -> tuple[Change, ...]:
    """Every field in which two experiments differ, in the order of the fields.

    A field that only one of them has (its part is of another kind) counts with None on the other side.
    """
    return tuple(Change(field.path, *field.values) for field in differing_fields((old, new)))


def differing_fields(experiments: Sequence[Experiment]) -> tuple[DifferingField, ...]:
    """Every field in which any of some experiments differs from another, in the order of the fields.

    A field that only some of them have (their parts are of other kinds) counts with None for the others.
    """
    pages = [dict(fields(experiment)) for experiment in experiments]
    paths = dict.fromkeys(path for page in pages for path in page)
    found = (DifferingField(path, tuple(page.get(path) for page in pages)) for path in paths)
    return tuple(field for field in found if any(value != field.values[0] for value in field.values))


def fields(experiment: Experiment) -> Iterator[tuple[str, object]]:
    """Every field of an experiment as (key path, value), layers by their names."""
    data = experiment.model_dump(mode="json")
    if isinstance(experiment.model, LayeredModel):
        names = layer_names(experiment.model.layers)
        data["model"]["layers"] = {
            name: {key: value for key, value in layer.items() if key != "name"}
            for name, layer in zip(names, data["model"]["layers"], strict=True)
        }
    yield from _leaves(data, "")


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, f"{path}.{key}" if path else key)
    else:
        yield path, value


def with_changes(experiment: Experiment, settings: Iterable[str], *, source: str = "--set") -> Experiment:
    """Apply `key.path=value` settings, in order, through the same validation as a preset file.

    Args:
        experiment: Where to start.
        settings: Each `key.path=value`. The value as TOML, or a bare word for a string; `none` empties a field that
            may be left out. Entries of a list go by their number from 0, layers also by name
            (`model.layers.conv1.filters=64`) and augmentation steps by kind (`augmentation.steps.crop.size=24`).
        source: What the settings are called in an error.

    Raises:
        SpecError: A setting has no `=`, names an unknown key or holds a value that is not allowed.
    """
    return _changed(experiment, settings, source)


def with_measure_changes(measure: Measure, settings: Iterable[str], *, source: str = "--set") -> Measure:
    """Apply `measure.key=value` settings, as `with_changes` does to an experiment.

    Raises:
        SpecError: As there.
    """
    return _changed(_MeasurePage(measure=measure), settings, source).measure


def measure_differences(old: Measure, new: Measure) -> tuple[str, ...]:
    """Every field in which two measures of a kind differ, each as `measure.key = value`."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    return tuple(f"measure.{key} = {value_text(value)}" for key, value in after.items() if before.get(key) != value)


def _changed(page: Changed, settings: Iterable[str], source: str) -> Changed:
    data = page.model_dump(mode="json", exclude_none=True)
    written: dict[Keys, str] = {}
    for setting in settings:
        path, equals, text = (part.strip() for part in setting.partition("="))
        typed = path if path and path.isprintable() else value_text(path)
        if not equals:
            raise SpecError(source, (Fault(typed, None, "has no '='; write KEY=VALUE, as in optimizer.lr=0.03"),))
        try:
            keys = _assign(type(page), data, path, parsed(text), kept=written)
        except Misfit as error:
            raise SpecError(source, (Fault(typed, None, error.message, keys=error.keys),)) from None
        written[keys] = typed
    try:
        return validated(type(page), data, source)
    except SpecError as error:
        raise SpecError(source, [replace(f, path=written.get(f.keys, f.path)) for f in error.faults]) from None


def parsed(text: str) -> Any:
    """A value as it was typed: TOML where it is TOML, else the text itself."""
    if text == NONE:
        return None
    try:
        page = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return page["value"] if list(page) == ["value"] else text


def _assign(model: type[BaseModel], data: dict[str, Any], path: str, value: object, kept: Container[Keys]) -> Keys:
    """Put a value into nested data.

    Args:
        model: What the data are to become again.
        data: Changed in place.
        path: Where the value belongs.
        value: What was typed.
        kept: Keys that earlier settings named, which a new `kind` must not drop.

    Returns:
        The keys that it went by.

    Raises:
        Misfit: There is no such place.
    """
    place: Any = data
    keys: Keys = ()
    parts = path.split(".")
    for part in parts[:-1]:
        key = _key(place, keys, part)
        if isinstance(place, dict) and key not in place:
            place[key] = {}  # unknown, which validation will tell better
        place, keys = place[key], (*keys, key)
    last = _key(place, keys, parts[-1])
    if last == "kind" and place.get("kind") != value:
        _change_kind(model, place, keys, value, kept)
    place[last] = NONE if value is None and NONE in _words(model, keys, last) else value
    return (*keys, last)


def _words(model: type[BaseModel], keys: Keys, key: int | str) -> Iterator[object]:
    """Those that a field chooses among; "none" may be one of them, and then empties nothing."""
    for candidate in models_at(model, keys):
        if key in candidate.model_fields:
            yield from get_args(candidate.model_fields[str(key)].annotation)


def _key(place: object, keys: Keys, part: str) -> int | str:
    """The key that one part of a path means at a place: an entry's number, name or kind in a list, or itself."""
    if isinstance(place, dict):
        return part
    if not isinstance(place, list):
        raise Misfit(keys, f"leads nowhere: {path_text(keys)} is {shown(place)}, with nothing below it")
    if part.isascii() and part.isdecimal() and len(part) < 10 and int(part) < len(place):
        return int(part)
    names = [entry_name(entry, number) for number, entry in enumerate(place)]
    if part in names:
        return names.index(part)
    kinds = [entry.get("kind") for entry in place if isinstance(entry, dict)]
    if kinds.count(part) == 1:
        return kinds.index(part)
    known = ", ".join(map(str, names)) or "no entries"
    raise Misfit(keys, f"leads nowhere: {path_text(keys)} has no entry {shown(part)}; there are {known}")


def _change_kind(
    model: type[BaseModel], place: dict[str, Any], keys: Keys, kind: object, kept: Container[Keys]
) -> None:
    """Drop what only the old kind knows, and what it had by default, so that the new kind's defaults hold."""
    new = models_at(model, [*keys, str(kind)])
    old = models_at(model, [*keys, str(place.get("kind"))])
    if len(new) != 1 or len(old) != 1:
        return  # no such kind, which validation will tell
    for key in [key for key in place if (*keys, key) not in kept]:
        field = old[0].model_fields.get(key)
        by_default = field is not None and not field.is_required() and place[key] == to_jsonable_python(field.default)
        if by_default or key not in new[0].model_fields:
            del place[key]
