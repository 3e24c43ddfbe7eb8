"""A name for every binding, made of where it is and what it does, by which a person's file changes its keys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from textual.binding import Binding, BindingType

_STEPS = {"-1": "back", "1": "on"}
"""How steps to and fro are called in names."""


class Named:
    """Gives the bindings of a class a name where they have none: `bench.flip-dropout`. To be the first of its bases."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Name them before Textual reads them."""
        own = cls.__dict__.get("BINDINGS")
        if own:
            cls.BINDINGS = named(own, room(cls))  # type: ignore[attr-defined]
        super().__init_subclass__(**options)


def room(cls: type) -> str:
    """Where a class's bindings are, for their names: `bench` of screens/bench_keys.py."""
    return cls.__module__.rsplit(".", 1)[-1].removesuffix("_keys")


def named(bindings: Iterable[BindingType], where: str) -> list[BindingType]:
    """Bindings with a name each. Those that no one sees take the name of the one whose key they share."""
    listed = [cast("Binding", binding) for binding in bindings]
    seen = {
        binding.key: binding.id or _name(where, binding.action) for binding in reversed(listed) if not binding.system
    }
    return [
        replace(
            binding,
            id=binding.id or (seen.get(binding.key) if binding.system else None) or _name(where, binding.action),
        )
        for binding in listed
    ]


def _name(where: str, action: str) -> str:
    """`flip('dropout')` as bench.flip-dropout; what an action belongs to is left out."""
    name, _, parameters = action.partition("(")
    words = [_STEPS.get(word, word) for word in re.findall(r"[\w.-]+", parameters)]
    return f"{where}.{'-'.join([name.rpartition('.')[2], *words])}"
