"""The line in which words to find are typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tp1tui.tui.keymap.named import Named


class FindLine(Named, Input):
    """Enter leads on to what was found, and the key bar says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "to the list")]
