"""The same data written as TOML in any of the ways that TOML allows, with the line of every key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from hypothesis import strategies as st

from tp1tui.spec.model_keys import Keys
from tp1tui.spec.toml_text import key_text, value_text

Page = dict[str, Any]
Styles = Iterator[int]
"""An endless row of choices, drawn by hypothesis."""


def styles(draws: list[int]) -> Styles:
    """Choices for a writer: those drawn, again and again."""
    return (draws[place % len(draws)] for place in count())


STYLES = st.lists(st.integers(0, 11), min_size=1, max_size=30).map(styles)


def write(page: Page, choose: Styles) -> tuple[str, dict[Keys, int]]:
    """A page as TOML.

    Returns:
        The text, and the line, from 1, on which each key path first stands.
    """
    writer = _Writer(choose)
    writer.table(page, ())
    return "".join(f"{line}\n" for line in writer.text), writer.lines


class _Writer:
    def __init__(self, choose: Styles) -> None:
        self.choose = choose
        self.text: list[str] = []
        self.lines: dict[Keys, int] = {}

    def table(self, table: Page, path: Keys) -> None:
        """A table's own keys, then the tables below it that get headers of their own."""
        headed: list[tuple[str, Any]] = []
        for key, value in table.items():
            if self._choice(2) and _is_tables(value):
                headed.append((key, value))
            elif self._choice(2) and isinstance(value, dict) and value:
                self._dotted(value, path, (key,))
            else:
                self._pair(path, (key,), value)
        for key, value in headed:
            for number, entry in enumerate([value] if isinstance(value, dict) else value):
                below = (*path, key) if isinstance(value, dict) else (*path, key, number)
                names = ".".join(self._key(name) for name in below if isinstance(name, str))
                self._line(f"[{names}]" if isinstance(value, dict) else f"[[{names}]]")
                self._mark(below)
                self.table(entry, below)

    def _dotted(self, table: Page, path: Keys, names: tuple[str, ...]) -> None:
        for key, value in table.items():
            if self._choice(2) and isinstance(value, dict) and value:
                self._dotted(value, path, (*names, key))
            else:
                self._pair(path, (*names, key), value)

    def _pair(self, path: Keys, names: tuple[str, ...], value: Any) -> None:
        head = ".".join(map(self._key, names))
        whole = (*path, *names)
        if isinstance(value, list) and self._choice(2):
            self._line(f"{head} = [  # one entry a line")
            self._mark(whole)
            for number, entry in enumerate(value):
                self._line(f"  {value_text(entry)},")
                self._mark_all((*whole, number), entry)
            self.text.append("]")
        else:
            self._line(f"{head} = {value_text(value)}")
            self._mark_all(whole, value)

    def _line(self, line: str) -> None:
        self.text += [["", "# a comment"][self._choice(2)]] * self._choice(3)
        self.text.append(line)

    def _mark(self, path: Keys) -> None:
        for depth in range(1, len(path) + 1):
            self.lines.setdefault(path[:depth], len(self.text))

    def _mark_all(self, path: Keys, value: Any) -> None:
        self._mark(path)
        for key, inner in value.items() if isinstance(value, dict) else ():
            self._mark_all((*path, key), inner)
        for number, inner in enumerate(value if isinstance(value, list) else ()):
            self._mark_all((*path, number), inner)

    def _key(self, key: str) -> str:
        """A key bare where it can be, or in quotes, or with an escape in it."""
        style = self._choice(4)
        if style == 1 and key and "'" not in key and key.isprintable():
            return f"'{key}'"
        if style == 2:
            return value_text(key)
        if style == 3 and key:
            return f'"\\U{ord(key[0]):08x}{value_text(key[1:])[1:]}'
        return key_text(key)

    def _choice(self, ways: int) -> int:
        return next(self.choose) % ways


def _is_tables(value: Any) -> bool:
    entries = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return bool(entries) and all(isinstance(entry, dict) for entry in entries)
