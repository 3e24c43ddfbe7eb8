"""Where two experiments differ, and how a changed one is made: `optimizer.lr=0.03`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Fault, SpecError, allowed_keys, faults_of
from tp1tui.spec.layers import layer_names


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


def differences(old: Experiment, new: Experiment) -> tuple[Change, ...]:
    """Every field in which two experiments differ, in the order of the fields.

    A field that only one of them has (its part is of another kind) counts with None on the other side.
    """
    before, after = dict(fields(old)), dict(fields(new))
    paths = list(before) + [path for path in after if path not in before]
    return tuple(
        Change(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    )


def fields(experiment: Experiment) -> Iterator[tuple[str, object]]:
    """Every field of an experiment as (key path, value), layers by their names."""
    data = experiment.model_dump(mode="json")
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


def value_text(value: object) -> str:
    """A value as TOML writes it; `none` for a field that is not there."""
    return "none" if value is None else json.dumps(value)


def with_changes(experiment: Experiment, settings: Iterable[str], *, source: str = "--set") -> Experiment:
    """Apply `key.path=value` settings, in order, through the same validation as a preset file.

    Args:
        experiment: Where to start.
        settings: Each `key.path=value`; the value as TOML, or a bare word for a string. Layers go by name or by
            their number from 0: `model.layers.conv1.filters=64`.
        source: What the settings are called in an error.

    Raises:
        SpecError: A setting has no `=`, names an unknown key or holds a value that is not allowed.
    """
    data = experiment.model_dump(mode="json", exclude_none=True)
    given: dict[str, str] = {}
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals:
            raise SpecError(source, (Fault(setting, None, "has no '='; write KEY=VALUE, as in optimizer.lr=0.03"),))
        keys = _assign(data, path.strip(), _parse(text.strip()), source)
        given[".".join(map(str, keys))] = setting
    try:
        return Experiment.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise SpecError(source, faults_of(error, Experiment, data)) from None


def _parse(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _assign(data: dict[str, Any], path: str, value: object, source: str) -> list[str | int]:
    """Put a value into nested data; returns the keys it went by. A new `kind` drops what that kind does not know."""
    keys = _keys(data, path)
    place: Any = data
    for depth, key in enumerate(keys[:-1]):
        try:
            place = place[key]
        except (KeyError, IndexError, TypeError):
            place = None
        if not isinstance(place, dict | list):
            stop = ".".join(map(str, keys[: depth + 1]))
            raise SpecError(source, (Fault(path, None, f"there is no {stop} to set it in"),))
    last = keys[-1]
    if isinstance(place, list) and not (isinstance(last, int) and last < len(place)):
        raise SpecError(source, (Fault(path, None, f"there is no entry {last}; there are {len(place)}, from 0"),))
    if last == "kind" and place.get("kind") != value:
        known = allowed_keys(Experiment, [*keys[:-1], str(value)])
        for key in [key for key in place if known and key not in known]:
            del place[key]
    place[last] = value
    return keys


def _keys(data: dict[str, Any], path: str) -> list[str | int]:
    """Split a key path; numbers index lists, and a layer's name stands for its number."""
    keys: list[str | int] = [int(key) if key.isdigit() else key for key in path.split(".")]
    if keys[:2] == ["model", "layers"] and len(keys) > 2 and isinstance(keys[2], str):
        layers = data["model"]["layers"]
        names = [layer.get("name") or f"{layer['kind']}{place}" for place, layer in enumerate(layers, start=1)]
        if keys[2] in names:
            keys[2] = names.index(keys[2])
    return keys
