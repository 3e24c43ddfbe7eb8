"""What is wrong with a preset, in sentences: file, line, key path, and what was allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tp1tui.spec.model_keys import Keys, key_path
from tp1tui.spec.steering import steers
from tp1tui.spec.toml_text import path_in_words, path_text
from tp1tui.spec.wording import message

Validated = TypeVar("Validated", bound=BaseModel)

DEEPEST = 20
"""Tables and lists inside each other; no page of settings needs as many."""
LARGEST = 2**63 - 1
"""TOML's largest whole number."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong."""

    path: str
    """Key path, such as experiment.optimizer.lr, layers by their names; empty for the whole."""
    line: int | None
    """In the file, from 1; None where there is no file."""
    message: str
    """What a sentence says after the path, without its full stop."""
    source: str | None = None
    """The file, where it is another one than the error's (a preset that this one extends)."""
    keys: Keys = ()
    """The same path as keys, layers by their numbers."""


class SpecError(Exception):
    """A preset, a setting or an experiment that cannot be used. Its text is whole sentences, one fault a line."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__("\n".join(self._sentence(fault) for fault in self.faults))

    def _sentence(self, fault: Fault) -> str:
        where = fault.source or self.source
        if fault.line is not None:
            where += f", line {fault.line}{',' if not fault.path else ''}"
        path = fault.path if fault.line is None else path_in_words(fault.path, fault.keys)  # --set counts from 0
        sentence = f"{where}: {path} {fault.message}" if path else f"{where} {fault.message}"
        return sentence if sentence.endswith((".", "?")) else f"{sentence}."


class Misfit(ValueError):  # noqa: N818 - it is what stands in a file, not an error of the program's
    """Values that are allowed one by one and do not fit together; its text is a sentence."""

    def __init__(self, keys: Keys, message: str, *, shown: str | None = None, others: Sequence[Misfit] = ()) -> None:
        """Say what does not fit.

        Args:
            keys: The value to blame, from the model that is validated.
            message: What a sentence says after its path.
            shown: The path as a person would write it, where that differs.
            others: What does not fit either, to be told with it.
        """
        self.keys = keys
        self.message = message
        self.shown = shown or path_text(keys)
        self.others = tuple(others)
        super().__init__(f"{self.shown} {message}")

    @classmethod
    def together(cls, misfits: Sequence[Misfit]) -> Misfit:
        """The first of some misfits, with the others."""
        first, *others = misfits
        return cls(first.keys, first.message, shown=first.shown, others=others)

    @property
    def all(self) -> tuple[Misfit, ...]:
        """This one and those told with it."""
        return (self, *self.others)

    def below(self, *keys: int | str) -> Misfit:
        """The same, of a model that has the one that was validated at these keys."""
        others = [other.below(*keys) for other in self.others]
        return Misfit((*keys, *self.keys), self.message, shown=_joined(path_text(keys), self.shown), others=others)


def validated(model: type[Validated], data: object, source: str) -> Validated:
    """Make a model of plain data: dicts, lists, texts, numbers, as TOML or JSON hold them.

    Args:
        model: What it should be.
        data: What was written.
        source: What the data are called in an error.

    Raises:
        SpecError: Something in it is not allowed; all that is wrong is told at once.
    """
    unwieldy = list(unwieldy_values(data))
    if unwieldy:
        raise SpecError(source, unwieldy)
    try:
        return model.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise SpecError(source, faults_of(error, model, data)) from None


def faults_of(error: ValidationError, model: type[BaseModel], data: object) -> tuple[Fault, ...]:
    """Translate pydantic's errors.

    Args:
        error: What pydantic raised.
        model: The model that was validated.
        data: What was validated, to call layers by their names.
    """
    return tuple(fault for details in error.errors(include_url=False) for fault in _faults(details, model, data))


def named_keys(keys: Keys, data: object) -> Keys:
    """Keys with the names of layers in place of their numbers."""
    named = list(keys)
    for depth, key in enumerate(keys):
        if isinstance(key, int) and isinstance(data, list) and keys[:depth][-2:] == ("model", "layers"):
            named[depth] = entry_name(data[key], key) if key < len(data) else key
        data = _entry(data, key)
    return tuple(named)


def entry_name(entry: object, place: int) -> int | str:
    """A layer's name in plain data: its own, or its kind with its place counted from 1; the number if it has neither.

    The same rule as `tp1tui.spec.layers.layer_names`, for data that may not be valid.
    """
    if not isinstance(entry, dict):
        return place
    if isinstance(entry.get("name"), str):
        return str(entry["name"])
    return f"{entry['kind']}{place + 1}" if isinstance(entry.get("kind"), str) else place


def unwieldy_values(data: object, keys: Keys = ()) -> Iterator[Fault]:
    """What TOML lets pass and no page of settings holds: giant numbers, deep nesting, broken characters."""
    if isinstance(data, int) and abs(data) > LARGEST:
        yield Fault(path_text(keys), None, "is too large a number", keys=keys)
    elif isinstance(data, str) and not _is_text(data):
        yield Fault(path_text(keys), None, "holds characters that are not valid Unicode", keys=keys)
    elif isinstance(data, str) and steers(data):
        yield Fault(path_text(keys), None, "holds control characters, which would steer a terminal", keys=keys)
    elif isinstance(data, dict | list) and len(keys) >= DEEPEST:
        yield Fault(path_text(keys[:3]), None, f"is nested more than {DEEPEST} levels deep", keys=keys[:3])
    elif isinstance(data, dict):
        for key, value in data.items():
            if not _is_text(key) or steers(key):
                yield Fault(path_text(keys), None, "holds a key that no terminal can show", keys=keys)
            else:
                yield from unwieldy_values(value, (*keys, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from unwieldy_values(value, (*keys, number))


def _faults(details: ErrorDetails, model: type[BaseModel], data: object) -> Iterator[Fault]:
    keys = key_path(model, details["loc"])
    if details["type"] == "union_tag_invalid":
        keys = (*keys, "kind")
    path = path_text(named_keys(keys, data))
    misfit = details.get("ctx", {}).get("error")
    if isinstance(misfit, Misfit):
        for one in misfit.all:
            yield Fault(_joined(path, one.shown), None, one.message, keys=(*keys, *one.keys))
    else:
        yield Fault(path, None, message(details, model), keys=keys)


def _joined(above: str, below: str) -> str:
    return ".".join(filter(None, (above, below)))


def _entry(data: object, key: int | str) -> object:
    if isinstance(data, dict):
        return data.get(key)
    if isinstance(data, list) and isinstance(key, int) and key < len(data):
        return data[key]
    return None


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
