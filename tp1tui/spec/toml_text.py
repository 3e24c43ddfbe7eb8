"""Keys and values as a person would write them in TOML: for lists of changes, and for sentences about faults."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^.]+')
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SHOWN = 60
"""Characters of a value that a sentence quotes."""


def value_text(value: object) -> str:
    """A value on one line, as TOML writes it; `none` for a field that is not there."""
    match value:
        case None:
            return "none"
        case dict():
            pairs = ", ".join(f"{key_text(str(key))} = {value_text(inner)}" for key, inner in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return f"[{', '.join(map(value_text, value))}]"
        case str():
            text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
            return text.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair cannot be printed
        case float():
            return repr(value)
        case _:
            return json.dumps(value, default=str)


def shown(value: object) -> str:
    """A value for a sentence: as TOML, cut short where it is long."""
    text = value_text(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def key_text(key: str) -> str:
    """One key, in quotes where TOML wants them."""
    return key if _BARE_KEY.fullmatch(key) else value_text(key)


def path_text(keys: Sequence[int | str]) -> str:
    """Keys from the top down, with dots between: experiment.optimizer.lr."""
    return ".".join(key_text(str(key)) for key in keys)


def path_in_words(path: str, keys: Sequence[int | str]) -> str:
    """A path whose entries of lists are counted as a person counts them: lr in the second of sweep.variants.

    Args:
        path: As `path_text` makes it of these keys, or of others that name the same.
        keys: The numbers among them, from 0, are those of entries.
    """
    numbers = {str(key): key for key in keys if isinstance(key, int)}
    above, names = "", list[str]()
    for part in _PART.findall(path):
        if part not in numbers or not (above or names):
            names.append(part)
            continue
        within = " in ".join(filter(None, (".".join(names), above)))
        above, names = f"the {_ordinal(numbers[part] + 1)} of {within}", []
    return " in ".join(filter(None, (".".join(names), above)))


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"
