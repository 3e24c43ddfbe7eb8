"""Every key of every screen, read from the bindings that dispatch them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.screen import Screen

from tp1tui.tui.keymap.named import room

OURS = "tp1tui.tui."
ROOMS = ("screens", "widgets")


@dataclass(frozen=True)
class Bound:
    """What some keys do in one place."""

    where: str
    """A screen, a kind of pane, `plot` for all screens with plots, or `app` for all screens."""
    id: str
    keys: tuple[str, ...]
    """As Textual names them: question_mark."""
    description: str


@dataclass(frozen=True)
class Stage:
    """What is listened to at once: a screen, the panes on it, and the app."""

    name: str
    bindings: tuple[Binding, ...]


def table() -> list[Bound]:
    """Every binding that a person can see, those of one place together."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for cls in [_app(), *_classes()]:
        for key, binding in BindingsMap(cls.__dict__.get("BINDINGS") or ()):
            if binding.description and not binding.system:
                found.setdefault((str(binding.id), binding.description), {})[key] = None
    rows = [Bound(name.partition(".")[0], name, tuple(keys), does) for (name, does), keys in found.items()]
    return sorted(rows, key=lambda row: list(dict.fromkeys(other.where for other in rows)).index(row.where))


def stages() -> list[Stage]:
    """Every screen with all that listens while it is on."""
    app = list(_bindings(_app()))
    found = []
    for screen in _classes():
        if issubclass(screen, Screen) and screen.__name__.endswith(("Screen", "Modal")):
            panes = {
                value
                for cls in screen.__mro__
                if cls.__module__.startswith(OURS)
                for value in vars(sys.modules[cls.__module__]).values()
                if inspect.isclass(value) and issubclass(value, DOMNode) and ".widgets." in value.__module__
            }
            bindings = [*_bindings(screen), *(one for pane in panes for one in _bindings(pane)), *app]
            found.append(Stage(room(screen), tuple(bindings)))
    return found


def _bindings(cls: type[DOMNode]) -> Iterator[Binding]:
    """Ours of a class and of those above it."""
    for base in cls.__mro__:
        if base.__module__.startswith(OURS):
            yield from (binding for _, binding in BindingsMap(base.__dict__.get("BINDINGS") or ()))


def _app() -> type[Any]:
    from tp1tui.tui.app import Tp1Tui

    return Tp1Tui


@cache
def _classes() -> tuple[type[DOMNode], ...]:
    """All screens and panes."""
    found: list[type[DOMNode]] = []
    for part in ROOMS:
        package = importlib.import_module(OURS + part)
        for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__, f"{OURS}{part}.")):
            module = importlib.import_module(name)
            found += [
                value
                for value in vars(module).values()
                if inspect.isclass(value) and issubclass(value, DOMNode) and value.__module__ == name
            ]
    return tuple(found)
