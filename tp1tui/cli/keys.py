"""`tp1tui keys`: what the keys of every screen do, and a file to begin with where one wants others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from rich.table import Table
from rich.text import Text

from tp1tui import settings
from tp1tui.cli import show
from tp1tui.tui.keymap.keys_file import PANES, read_keys
from tp1tui.tui.keymap.table import Bound, table


def show_keys(*, as_json: bool) -> None:
    """Every screen's keys as they are now, and what the file says that cannot be obeyed."""
    file = read_keys(settings.config_dir())
    bound = [_as_changed(one, file.changed) for one in table()]
    if as_json:
        show.as_json({"keys": [asdict(one) for one in bound], "faults": list(file.faults)})
        return
    show.rich(_table(bound, frozenset(file.changed)))
    for fault in file.faults:
        show.error(fault)


def show_file() -> None:
    """All of it as a keys.toml in which nothing is changed yet."""
    place = settings.config_dir() / settings.KEYS_FILE
    show.line(f"# Other keys for tp1tui. Keep this as {place}, take the # away from a line, and write another key.")
    show.line('# Keys are such as "x", "X", "f5", "ctrl+x", "question_mark"; several are a list: ["x", "f5"].')
    where = ""
    for one in table():
        if one.where != where:
            where = one.where
            show.line(f"\n# {where}")
        if not PANES.intersection(one.keys):
            keys = ", ".join(f'"{key}"' for key in one.keys)
            show.line(f'# "{one.id}" = {keys if len(one.keys) == 1 else f"[{keys}]"}  # {one.description}')


def _as_changed(one: Bound, changed: Mapping[str, str]) -> Bound:
    return replace(one, keys=tuple(changed[one.id].split(","))) if one.id in changed else one


def _table(bound: list[Bound], changed: frozenset[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("where", "keys", "name", "does"):
        table.add_column(title)
    before = ""
    for one in bound:
        keys = ", ".join(one.keys) + (" *" if one.id in changed else "")
        table.add_row("" if one.where == before else one.where, Text(keys, style="bold"), one.id, one.description)
        before = one.where
    return table
