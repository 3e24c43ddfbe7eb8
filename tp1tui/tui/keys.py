"""What can be done now, read from the bindings that dispatch the keys: for the key bar, help and the palette."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen


@dataclass
class Possible:
    """One thing that can be done now, and the keys that do it."""

    description: str
    action: str
    """As the binding names it; empty for a group of several."""
    namespace: DOMNode
    """Where the action is looked up."""
    id: str | None = None
    """The binding's name, as a person's file of keys has it; None for one that is not ours but Textual's."""
    keys: list[str] = field(default_factory=list)
    """As Textual names them: question_mark."""
    names: list[str] = field(default_factory=list)
    """As they are written on screens: ?"""


def possible_now(screen: Screen[Any]) -> list[Possible]:
    """Everything that a screen's active bindings do, one entry an action, in the order of the bindings.

    What every screen has comes last.
    """
    entries: dict[tuple[str, str], Possible] = {}
    for namespace, binding, enabled, _ in screen.active_bindings.values():
        if not (enabled and binding.description) or binding.system or binding.key.startswith("super+"):
            continue
        entry = entries.setdefault(
            (binding.action, binding.description),
            Possible(binding.description, binding.action, namespace, binding.id),
        )
        entry.keys.append(binding.key)
        entry.names.append(key_name(screen, binding))
    return sorted(entries.values(), key=lambda entry: entry.action.startswith(_OF_EVERY_SCREEN))


def in_bar(screen: Screen[Any]) -> list[Possible]:
    """What the key bar shows: the first key of each action, a group of bindings as one entry."""
    groups: dict[str, Possible] = {}
    for namespace, binding, enabled, _ in screen.active_bindings.values():
        if not (binding.show and enabled and binding.description):
            continue
        name = binding.group.description if binding.group else binding.description
        entry = groups.setdefault(name, Possible(name, "" if binding.group else binding.action, namespace))
        if binding.group or not entry.keys:
            entry.keys.append(binding.key)
            entry.names.append(key_name(screen, binding))
    return list(groups.values())


def key_name(screen: Screen[Any], binding: Binding) -> str:
    """A key as it is written on screens."""
    return binding.key_display or _NAMES.get(binding.key) or _composed(binding.key)


def _composed(key: str) -> str:
    """ctrl+x as Ctrl+X, f5 as F5."""
    *modifiers, last = key.split("+")
    plain = _NAMES.get(last) or format_key(last)
    if _FUNCTION_KEY.fullmatch(last) or ("ctrl" in modifiers and len(last) == 1):
        plain = plain.upper()
    return "+".join([*(modifier.title() for modifier in modifiers), plain])


_OF_EVERY_SCREEN = ("app.", "screen.copy_text", "help", "next_theme", "quit")
"""Actions that are listed last."""
_FUNCTION_KEY = re.compile(r"f\d+")
_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}
