"""What was changed from a preset, in the words of the bench."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tp1tui.tui.bench.fields import LABELS
from tp1tui.tui.switches import SWITCH_NAMES

_FIELD = re.compile(r"[a-z][\w.]* = ")
_NEXT_FIELD = re.compile(rf", (?={_FIELD.pattern})")
_SWITCHES = {f"{switch}.enabled": name for switch, name in SWITCH_NAMES.items()}


def changes_in_words(changes: Sequence[str]) -> str:
    """`optimizer.lr = 0.03` and `dropout.enabled = true` as "learning rate 0.03, dropout on".

    Args:
        changes: Each as `key = value`, the value as TOML has it (`RunSpec.changes`).
    """
    return ", ".join(map(_in_words, changes))


def point_in_words(name: str) -> str:
    """A point of a sweep, `optimizer.lr = 0.03, batch_size = 64`, likewise; a variant's name as it is."""
    return changes_in_words(_NEXT_FIELD.split(name)) if _FIELD.match(name) else name


def point_values(name: str) -> str:
    """Its values alone: `0.03, 64`; of a switch, which it is and how it stands."""
    if not _FIELD.match(name):
        return name
    fields = [change.partition(" = ") for change in _NEXT_FIELD.split(name)]
    return ", ".join(
        _in_words(f"{path} = {value}") if path in _SWITCHES else value_in_words(value) for path, _, value in fields
    )


def value_in_words(value: str) -> str:
    """A number without the digits that only TOML needs, a word without its quotes."""
    try:
        return value if value.lstrip("-").isdecimal() else f"{float(value):g}"
    except ValueError:
        return value.strip('"')


def _in_words(change: str) -> str:
    path, _, value = change.partition(" = ")
    if path in _SWITCHES:
        return f"{_SWITCHES[path]} {'on' if value == 'true' else 'off'}"
    return f"{LABELS.get(path, path)} {value_in_words(value)}"
