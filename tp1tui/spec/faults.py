"""What is wrong with a preset, in sentences: file, line, key path, and what was allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong."""

    path: str
    """Key path, such as experiment.optimizer.lr; empty for the whole."""
    line: int | None
    """In the file, from 1; None where there is no file."""
    message: str
    source: str | None = None
    """The file, where it is another one than the error's (a preset that this one extends)."""


class SpecError(Exception):
    """A preset, a setting or an experiment that cannot be used. Its text is whole sentences, one fault a line."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__("\n".join(self._sentence(fault) for fault in self.faults))

    def _sentence(self, fault: Fault) -> str:
        where = fault.source or self.source
        if fault.line is not None:
            where += f", line {fault.line}"
        return f"{where}: {fault.path} {fault.message}" if fault.path else f"{where}: {fault.message}"


Location = tuple[int | str, ...]


def faults_of(error: ValidationError, model: type[BaseModel], data: object) -> tuple[Fault, ...]:
    """Translate pydantic's errors.

    Args:
        error: What pydantic raised.
        model: The model that was validated.
        data: What was validated, to tell a key from the tag of a union.
    """
    return tuple(
        Fault(".".join(map(str, key_path(details["loc"], data))), None, _message(details, model))
        for details in error.errors(include_url=False)
    )


def key_path(location: Location, data: object) -> Location:
    """Pydantic's location without the tags that it adds for discriminated unions."""
    path: list[int | str] = []
    for item in location:
        if isinstance(data, dict) and item not in data and data.get("kind") == item:
            continue
        path.append(item)
        if isinstance(data, dict):
            data = data.get(item)
        elif isinstance(data, list) and isinstance(item, int) and item < len(data):
            data = data[item]
    return tuple(path)


def allowed_keys(model: type[BaseModel], location: Sequence[int | str]) -> tuple[str, ...]:
    """Keys that may stand at a location (tags included); empty where no model stands there."""
    keys: dict[str, None] = {}
    for candidate in _candidates(model, location):
        keys.update(dict.fromkeys(candidate.model_fields))
    return tuple(keys)


def _candidates(model: type[BaseModel], location: Sequence[int | str]) -> list[type[BaseModel]]:
    """Models that may stand at a location: a key leads into a field's models, a tag picks one of them."""
    candidates: list[type[BaseModel]] = [model]
    for item in location:
        if isinstance(item, int):
            continue
        fields = [candidate.model_fields[item] for candidate in candidates if item in candidate.model_fields]
        if fields:
            candidates = [below for field in fields for below in _models_in(field.annotation)]
        else:
            candidates = [candidate for candidate in candidates if _tag(candidate) == item]
    return candidates


def _tag(model: type[BaseModel]) -> object:
    field = model.model_fields.get("kind")
    return field.default if field else None


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _message(details: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context, value = details["type"], details.get("ctx", {}), details["input"]
    match kind:
        case "extra_forbidden":
            return _unknown_key(str(details["loc"][-1]), allowed_keys(model, details["loc"][:-1]))
        case "missing":
            return "is missing"
        case "union_tag_invalid":
            given = value.get("kind") if isinstance(value, dict) else value
            return f"has kind {given!r}; allowed: {context['expected_tags']}"
        case "union_tag_not_found":
            return f"needs a kind; allowed: {', '.join(_tags_at(model, details['loc']))}"
        case "literal_error":
            return f"is {value!r}; allowed: {context['expected']}"
        case "value_error":
            return str(context["error"])
    return f"is {value!r}, but {_wanted(kind, context, details['msg'])}"


def _wanted(kind: str, context: dict[str, Any], fallback: str) -> str:
    bounds = {
        "greater_than": "must be above {gt:g}",
        "greater_than_equal": "must be at least {ge:g}",
        "less_than": "must be below {lt:g}",
        "less_than_equal": "must be at most {le:g}",
    }
    if kind in bounds:
        return bounds[kind].format(**context)
    wanted = {
        "int": "must be a whole number",
        "float": "must be a number",
        "finite": "must be a finite number",
        "bool": "must be true or false",
        "string": "must be a text in quotes",
        "tuple": "must be a list in brackets",
        "model": "must be a table of keys",
    }
    return next((text for start, text in wanted.items() if kind.startswith(start)), fallback.lower())


def _unknown_key(key: str, allowed: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, allowed, n=1)
    hint = f"; did you mean {close[0]}?" if close else ";"
    return f"is not a known key{hint} Allowed here: {', '.join(allowed)}" if allowed else "is not a known key"


def _tags_at(model: type[BaseModel], location: Location) -> list[str]:
    return [str(_tag(candidate)) for candidate in _candidates(model, location)]
