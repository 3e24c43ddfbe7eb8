"""Pydantic's errors in plain words: what stands there, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from tp1tui.spec.model_keys import allowed_keys, allowed_kinds
from tp1tui.spec.toml_text import shown


def message(details: ErrorDetails, model: type[BaseModel]) -> str:
    """What a sentence says after the key path; of a kind that is not allowed, after the path of `kind`.

    Args:
        details: One of pydantic's errors.
        model: The model that was validated.
    """
    kind, context, value = details["type"], details.get("ctx", {}), details["input"]
    match kind:
        case "extra_forbidden":
            return unknown_key(str(details["loc"][-1]), allowed_keys(model, details["loc"][:-1]))
        case "missing":
            return "is missing"
        case "union_tag_invalid":
            return f"is {shown(value['kind'])}; allowed: {_listed(allowed_kinds(model, details['loc']))}"
        case "union_tag_not_found":
            return f"needs a kind; allowed: {_listed(allowed_kinds(model, details['loc']))}"
        case "literal_error":
            return f"is {shown(value)}; allowed: {context['expected'].replace(chr(39), chr(34))}"
        case "value_error":
            return str(context["error"])
        case "tuple_type" if isinstance(value, dict) and details["loc"][-3:-1] == ("sweep", "fields"):
            whole = _dotted(details["loc"][-1], value)  # TOML takes the dots of a bare key apart
            return f'has no list of values: write the whole key in quotes, as "{whole}" = […]'
    return f"is {shown(value)}, but {_wanted(kind, context, details['msg'])}"


def unknown_key(key: str, allowed: Sequence[str]) -> str:
    """What is said of a key that nothing knows: the one that was probably meant, and all that may stand there."""
    close = difflib.get_close_matches(key, allowed, n=1)
    hint = f"; did you mean {close[0]}?" if close else "."
    return f"is not a known key{hint} Allowed here: {', '.join(allowed)}" if allowed else "is not a known key"


_BOUNDS = {
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be below {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "too_short": "must have at least {min_length} {noun}",
    "too_long": "must have at most {max_length} {noun}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must be lower-case letters, digits and _, with a letter first",
}
_TYPES = {
    "int": "must be a whole number",
    "float": "must be a number",
    "finite": "must be a finite number",
    "bool": "must be true or false",
    "string": "must be a text in quotes",
    "tuple": "must be a list in brackets",
    "model": "must be a table of keys",
    "dict": "must be a table of keys",
}


def _wanted(kind: str, context: dict[str, Any], fallback: str) -> str:
    if kind in _BOUNDS:
        length = context.get("min_length", context.get("max_length"))
        return _BOUNDS[kind].format(**context, noun="entry" if length == 1 else "entries")
    return next((text for start, text in _TYPES.items() if kind.startswith(start)), fallback.lower())


def _dotted(key: int | str, below: object) -> str:
    """The path to the first value in nested tables."""
    while isinstance(below, dict) and below:
        first, below = next(iter(below.items()))
        key = f"{key}.{first}"
    return str(key)


def _listed(kinds: Sequence[str]) -> str:
    return ", ".join(f'"{kind}"' for kind in kinds)
