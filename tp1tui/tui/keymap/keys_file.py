"""The file in which a person gives other keys to what the screens do."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key

from tp1tui import settings
from tp1tui.files.plain import content
from tp1tui.files.private import strangers
from tp1tui.tui.keymap.changed_keys import ChangedKeys
from tp1tui.tui.keymap.table import Stage, stages, table

FILE = settings.KEYS_FILE
MOST_BYTES = 100_000
"""Of the file."""
PANES = frozenset("123456789")
"""Keys that are written on what they open, and so stay."""
MODIFIERS = frozenset(("ctrl", "shift", "alt"))
SENT_AS = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+h": "Backspace", "ctrl+left_square_bracket": "Esc"}
"""Keys that have the byte of another one, which is what Textual makes of it."""
_UNSENT = frozenset(("return", "ctrl+space", "ctrl+at"))
"""Names that Textual knows, and makes of no byte that most terminals send."""
_NAMED = {key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values())


def read_keys(folder: Path) -> ChangedKeys:
    """Read the file of a folder, which need not be there."""
    path = folder / FILE
    try:
        if told := strangers(folder) or strangers(path):
            return ChangedKeys(path, faults=(f"{told} All keys are as they were made.",))
        said = tomllib.loads(content(path, MOST_BYTES).decode("utf-8"))
    except FileNotFoundError:
        return ChangedKeys(path)
    except OSError as error:
        return ChangedKeys(path, faults=(f"{path} cannot be read: {error.strerror}.",))
    except RecursionError:
        return ChangedKeys(path, faults=(f"{path} is nested too deeply. All keys are as they were made.",))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return ChangedKeys(path, faults=(f"{path} is not TOML: {error}. All keys are as they were made.",))
    return _judged(path, dict(_flat(said)))


def _judged(path: Path, said: dict[str, Any]) -> ChangedKeys:
    known = {bound.id: bound for bound in table()}
    changed: dict[str, str] = {}
    faults = []
    for name, value in said.items():
        keys = [_normal(key) for key in _listed(value)]
        wrong = [key for key in keys if not is_key(key)]
        if name not in known:
            faults.append(f"{path}: nothing is called {name}. `tp1tui keys` lists all names.")
        elif not keys:
            faults.append(f'{path}: {name} needs a key, such as "x" or "ctrl+x", or several in a list.')
        elif same := next((key for key in keys if key in SENT_AS), None):
            faults.append(
                f"{path}: {name} cannot have {same}, for which most terminals send {SENT_AS[same]}, so that the two "
                "cannot be told apart."
            )
        elif wrong:
            faults.append(
                f"{path}: {name}: there is no key {wrong[0]!r}; names are such as x, X, f5, ctrl+x, question_mark."
            )
        elif set(keys) == set(known[name].keys):
            continue
        elif set(known[name].keys) & PANES:
            faults.append(f"{path}: {name} stays on {known[name].keys[0]}, which is written on what it opens.")
        else:
            changed[name] = ",".join(keys)
    on = stages()
    while clash := next(_clashes(on, changed), None):
        name, other, key, where = clash
        faults.append(f"{path}: {name} cannot have {key}, which is the key of {other} on the {where} screen.")
        del changed[name]
    return ChangedKeys(path, _with_neighbours(on, changed), changed, tuple(faults))


def is_key(name: str) -> bool:
    """Whether a terminal may send a key of this name."""
    *modifiers, key = name.split("+")
    if len(key) == 1 and (modifiers == ["shift"] or ("ctrl" in modifiers and key.isupper())):
        return False  # a letter with Shift is sent as the capital letter, and with Ctrl as ctrl+shift+x
    return (
        name not in _UNSENT
        and set(modifiers) <= MODIFIERS
        and len(set(modifiers)) == len(modifiers)
        and (key in _NAMED or (len(key) == 1 and key.isprintable()) or _is_character(key))
    )


def _is_character(key: str) -> bool:
    """Whether it is the name of a character, as Textual writes it: question_mark."""
    try:
        unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return False
    return True


def _normal(key: str) -> str:
    """As Textual names it: ? as question_mark."""
    *modifiers, last = key.strip().split("+") if len(key.strip()) > 1 else [key.strip()]
    return "+".join([*modifiers, _character_to_key(last) if len(last) == 1 else last])


def _listed(value: object) -> list[str]:
    match value:
        case str():
            return [key for key in value.split(",") if key.strip()]
        case list() if all(isinstance(key, str) for key in value):
            return [str(key) for key in value]
    return []


def _flat(said: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Tables in tables as names with dots."""
    for name, value in said.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _clashes(on: list[Stage], changed: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """A changed binding, another that it did not share a key with before, the key that both would have, and where."""
    for stage in on:
        first = {
            (binding.id, other.id) for binding in stage.bindings for other in stage.bindings if binding.key == other.key
        }
        now: dict[str, set[str]] = {}
        for binding in stage.bindings:
            for key in changed.get(str(binding.id), binding.key).split(","):
                now.setdefault(key, set()).add(str(binding.id))
        for key, names in now.items():
            for name in sorted(names & changed.keys()):
                for other in sorted(names - {name}):
                    if (name, other) not in first:
                        yield name, other, key, stage.name


def _with_neighbours(on: list[Stage], changed: Mapping[str, str]) -> dict[str, str]:
    """Also the keys of those that share a key with what is changed: Textual would take it from them as well."""
    if not changed:
        return {}
    keymap = dict(changed)
    for stage in on:
        moved = {binding.key for binding in stage.bindings if binding.id in changed}
        for binding in stage.bindings:
            if binding.key in moved and binding.id and binding.id not in changed:
                keys = [one.key for one in stage.bindings if one.id == binding.id]
                keymap[binding.id] = ",".join(Counter(keys))
    return keymap
