"""On which line of a TOML text a key stands. Asked only when something is wrong, so its parser is imported late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

Path = tuple[int | str, ...]


def depth_and_line(text: str, path: Path) -> tuple[int, int | None]:
    """How many keys of `path` are set in a text, and the line, from 1, of the deepest; None where none is.

    Args:
        text: TOML.
        path: Keys from the top down; numbers count the entries of a list from 0.
    """
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node
    lines: dict[Path, int] = {}
    for place, line in _places(root):
        lines.setdefault(place, line)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return length, lines[path[:length]]
    return 0, None


def _places(root: Node) -> Iterator[tuple[Path, int]]:
    """Every key path of a document with its line."""
    counts: dict[Path, int] = {}
    for node in root.children:
        if node.type == "pair":
            yield from _pair(node, ())
        elif node.type in ("table", "table_array_element"):
            header: Path = _keys(next(child for child in node.children if child.type in _KEY_TYPES))
            if node.type == "table_array_element":
                counts[header] = counts.get(header, -1) + 1
                header = (*header, counts[header])
            yield header, _line(node)
            for child in node.children:
                if child.type == "pair":
                    yield from _pair(child, header)


_KEY_TYPES = ("bare_key", "quoted_key", "dotted_key")


def _pair(node: Node, above: Path) -> Iterator[tuple[Path, int]]:
    key, value = node.children[0], node.children[-1]
    path = (*above, *_keys(key))
    yield path, _line(node)
    yield from _value(value, path)


def _value(node: Node, path: Path) -> Iterator[tuple[Path, int]]:
    if node.type == "inline_table":
        for child in node.children:
            if child.type == "pair":
                yield from _pair(child, path)
    elif node.type == "array":
        entries = [child for child in node.children if child.is_named and child.type != "comment"]
        for number, entry in enumerate(entries):
            yield (*path, number), _line(entry)
            yield from _value(entry, (*path, number))


def _keys(node: Node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(key for child in node.children if child.type in _KEY_TYPES for key in _keys(child))
    text = (node.text or b"").decode()
    return (text[1:-1],) if node.type == "quoted_key" else (text,)


def _line(node: Node) -> int:
    return node.start_point[0] + 1
