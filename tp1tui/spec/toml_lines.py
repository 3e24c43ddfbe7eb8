"""On which line of a TOML text a key stands. Asked only when something is wrong, so its parser is imported late."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tp1tui.spec.model_keys import Keys

if TYPE_CHECKING:
    from tree_sitter import Node

_KEY_TYPES = ("bare_key", "quoted_key", "dotted_key")


def depth_and_line(text: str, keys: Keys) -> tuple[int, int | None]:
    """How many of some keys are set in a text, and the line, from 1, of the deepest; None where none is.

    Args:
        text: TOML.
        keys: From the top down; numbers count the entries of a list from 0.
    """
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node
    lines: dict[Keys, int] = {}
    for place, line in _places(root, keys):
        lines.setdefault(place, line)
    return next(((depth, lines[keys[:depth]]) for depth in range(len(keys), 0, -1) if keys[:depth] in lines), (0, None))


def _places(root: Node, wanted: Keys) -> Iterator[tuple[Keys, int]]:
    """Every key path of a document that leads towards what is wanted, with its line."""
    entries: dict[Keys, int] = {}
    for node in root.named_children:
        if node.type == "pair":
            yield from _pair(node, (), wanted)
        elif node.type in ("table", "table_array_element"):
            keys = [key for child in node.children if child.type in _KEY_TYPES for key in _keys(child)]
            header = _header(keys, entries, begins_entry=node.type == "table_array_element")
            yield from _prefixes((), header, node)
            for child in node.named_children:
                if child.type == "pair":
                    yield from _pair(child, header, wanted)


def _header(keys: list[str], entries: dict[Keys, int], *, begins_entry: bool) -> Keys:
    """A table header's keys with the numbers of the [[entries]] that it stands in, which are counted as they begin."""
    header: Keys = ()
    for depth, key in enumerate(keys, start=1):
        header = (*header, key)
        if begins_entry and depth == len(keys):
            entries[header] = entries.get(header, -1) + 1
        if header in entries:
            header = (*header, entries[header])
    return header


def _pair(node: Node, above: Keys, wanted: Keys) -> Iterator[tuple[Keys, int]]:
    key, value = node.named_children[0], node.named_children[-1]
    path = (*above, *_keys(key))
    yield from _prefixes(above, path, node)
    yield from _value(value, path, wanted)


def _value(node: Node, path: Keys, wanted: Keys) -> Iterator[tuple[Keys, int]]:
    if path != wanted[: len(path)] or len(path) == len(wanted):
        return
    if node.type == "inline_table":
        for child in node.named_children:
            if child.type == "pair":
                yield from _pair(child, path, wanted)
    elif node.type == "array":
        for number, entry in enumerate(child for child in node.named_children if child.type != "comment"):
            yield (*path, number), _line(entry)
            yield from _value(entry, (*path, number), wanted)


def _prefixes(above: Keys, path: Keys, node: Node) -> Iterator[tuple[Keys, int]]:
    """A path and the tables that it makes on the way."""
    return ((path[:depth], _line(node)) for depth in range(len(above) + 1, len(path) + 1))


def _keys(node: Node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(key for child in node.children if child.type in _KEY_TYPES for key in _keys(child))
    text = (node.text or b"").decode()
    return tuple(tomllib.loads(f"{text} = 0")) if node.type == "quoted_key" else (text,)


def _line(node: Node) -> int:
    return node.start_point[0] + 1
