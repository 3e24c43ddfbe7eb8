"""The names of a run's results, to go to one of them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tp1tui.tui.widgets.choices import Choice, Choices


class ResultNames(Choices):
    """A list of names; moving its cursor is to be followed by the results."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._names: tuple[str, ...] = ()

    def show(self, names: Sequence[str]) -> None:
        """List these names."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.rewrite()

    def write(self, width: int) -> Sequence[Choice]:
        """One entry a name, wrapped where it is long."""
        return [Choice(Content(name), name) for name in self._names]
