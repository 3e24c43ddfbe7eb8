"""TOML files made into models, with errors that name file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from tp1tui.files.plain import TooLarge, content
from tp1tui.spec.faults import Fault, SpecError, unwieldy_values, validated
from tp1tui.spec.model_keys import Keys
from tp1tui.spec.toml_lines import depth_and_line

Loaded = TypeVar("Loaded", bound=BaseModel)

MAX_BYTES = 100_000
"""Of one preset file; a larger one is no preset."""


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """A TOML file as (data, text).

    Raises:
        SpecError: It cannot be read, is no UTF-8 text, no TOML, or holds what no page of settings holds.
    """
    try:
        text = content(path, MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        data = tomllib.loads(text)
    except TooLarge:
        raise SpecError(
            str(path), (Fault("", None, f"is larger than {MAX_BYTES:,} bytes, so it is no preset"),)
        ) from None
    except OSError as error:
        raise SpecError(str(path), (Fault("", None, f"cannot be read: {error.strerror}"),)) from None
    except UnicodeDecodeError:
        raise SpecError(str(path), (Fault("", None, "is not a UTF-8 text"),)) from None
    except (ValueError, RecursionError) as error:
        raise SpecError(str(path), (_not_toml(error),)) from None
    unwieldy = [_placed(fault, data, {path: text}) for fault in unwieldy_values(data)]
    if unwieldy:
        raise SpecError(str(path), unwieldy)
    return data, text


def validate(model: type[Loaded], data: dict[str, Any], path: Path, texts: Mapping[Path, str]) -> Loaded:
    """Make a model of a file's data.

    Args:
        model: What it should be.
        data: What the file holds.
        path: Of the file.
        texts: The file's text and those it extends, by path, nearest first: the places where a fault may stand.

    Raises:
        SpecError: Something in it is not allowed; each fault names its file and line.
    """
    try:
        return validated(model, data, str(path))
    except SpecError as error:
        raise SpecError(str(path), [_placed(fault, data, texts) for fault in error.faults]) from None


def line_of(text: str, keys: Keys) -> int | None:
    """The line, from 1, of a key in TOML, or of the deepest table around it that stands there."""
    return depth_and_line(text, keys)[1]


def _not_toml(error: Exception) -> Fault:
    """A parser's error, its line told as ours are."""
    if isinstance(error, RecursionError):
        return Fault("", None, "is nested too deeply")
    found = re.fullmatch(r"(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", str(error), re.DOTALL)
    if found is None:
        return Fault("", None, f"is not valid TOML: {error}")
    return Fault("", int(found["line"]), f"is not valid TOML: {found['what']} at column {found['column']}")


def _placed(fault: Fault, data: object, texts: Mapping[Path, str]) -> Fault:
    """A fault with the file and line it stands on: the deepest match, and of equal ones the nearest file.

    Only keys that the data hold are looked for: a key that is missing may well stand in the file below, in a table
    that a nearer file has replaced.
    """
    keys = fault.keys[: _held(data, fault.keys)]
    best: tuple[int, int, Path] | None = None
    for source, text in texts.items():
        depth, line = depth_and_line(text, keys)
        if line is not None and (best is None or depth > best[0]):
            best = depth, line, source
    return replace(fault, line=best[1], source=str(best[2])) if best else fault


def _held(data: Any, keys: Keys) -> int:
    """How many of some keys, from the first on, lead to something."""
    for depth, key in enumerate(keys):
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return depth
    return len(keys)
