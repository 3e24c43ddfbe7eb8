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
    """A screen, a kind of pane, or `app` for all screens."""
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
    """Every binding that a person can see, in the order of the screens; those that each class adds itself."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for cls in [_app(), *_classes()]:
        own = BindingsMap(cls.__dict__.get("BINDINGS") or ())
        for key, binding in own:
            if binding.description and not binding.system:
                found.setdefault((room(cls), str(binding.id), binding.description), []).append(key)
    return [Bound(where, name, tuple(keys), description) for (where, name, description), keys in found.items()]


def stages() -> list[Stage]:
    """Every screen with all that listens while it is on."""
    app = list(_bindings(_app()))
    found = []
    for screen in _classes():
        if issubclass(screen, Screen) and not screen.__subclasses__():
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
