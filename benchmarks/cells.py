"""What stands on a terminal: the program sends only what differs from it, so its text must be put together again."""

from __future__ import annotations

import codecs
import re

from rich.cells import cell_len

_CODE = re.compile(
    r"\x1b(?:\[([0-9;?<>=]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[@-Z\\^_=>])"
)
_BEGUN = re.compile(r"\x1b[^\x1b]{0,100}$")
"""A code whose end has perhaps not come yet."""


class Cells:
    """A screenful of characters, moved about in as tp1tui does: the cursor is put somewhere, text follows."""

    def __init__(self, columns: int, rows: int) -> None:
        self._cells = [[" "] * columns for _ in range(rows)]
        self._row = self._column = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def write(self, content: bytes) -> None:
        """Take over what a program sent."""
        text = self._rest + self._decoder.decode(content)
        place = 0
        for code in _CODE.finditer(text):
            self._put(text[place : code.start()])
            self._obey(code[1] or "", code[2])
            place = code.end()
        begun = _BEGUN.search(text, place)
        end = begun.start() if begun else len(text)
        self._put(text[place:end])
        self._rest = text[end:]

    def rows(self) -> list[str]:
        """What is to be read now."""
        return ["".join(row) for row in self._cells]

    def _obey(self, numbers: str, letter: str | None) -> None:
        if letter == "H":
            row, _, column = numbers.partition(";")
            self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
        elif letter == "J":
            self._cells = [[" "] * len(row) for row in self._cells]

    def _put(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self._column = 0
            elif character == "\n":
                self._row += 1
            elif 0 <= self._row < len(self._cells) and 0 <= self._column < len(self._cells[0]):
                self._cells[self._row][self._column] = character
                self._column += cell_len(character)
