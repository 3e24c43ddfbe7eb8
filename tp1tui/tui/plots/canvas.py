"""A grid of cells, each a character with a role, that later layers write upon."""

from __future__ import annotations

from itertools import groupby

from tp1tui.tui.plots.chart import Role

Run = tuple[str, Role | None]
"""Text in one role; None for empty space."""
BLANKS = frozenset(" ⠀")


class Canvas:
    """Rows of cells, [height][width]."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._characters = [[" "] * width for _ in range(height)]
        self._roles: list[list[Role | None]] = [[None] * width for _ in range(height)]

    def put(self, column: int, row: int, text: str, role: Role | None) -> None:
        """Write over what is there; what falls outside is dropped."""
        if not 0 <= row < self.height:
            return
        for offset, character in enumerate(text):
            if 0 <= column + offset < self.width:
                self._characters[row][column + offset] = character
                self._roles[row][column + offset] = role

    def put_behind(self, column: int, row: int, text: str, role: Role | None) -> None:
        """Write only where nothing stands."""
        for offset, character in enumerate(text):
            if self.is_blank(column + offset, row):
                self.put(column + offset, row, character, role)

    def is_blank(self, column: int, row: int, cells: int = 1, *, ignore: str = "") -> bool:
        """Whether `cells` cells from here on lie inside and hold nothing, or only characters to `ignore`."""
        if not (0 <= row < self.height and column >= 0 and column + cells <= self.width):
            return False
        return all(
            (character in BLANKS and role is None) or character in ignore
            for character, role in zip(
                self._characters[row][column : column + cells], self._roles[row][column : column + cells], strict=True
            )
        )

    def rows(self) -> list[list[Run]]:
        """Each row as runs of one role."""
        return [
            [
                ("".join(character for character, _ in run), role)
                for role, run in groupby(zip(characters, roles, strict=True), key=lambda cell: cell[1])
            ]
            for characters, roles in zip(self._characters, self._roles, strict=True)
        ]
