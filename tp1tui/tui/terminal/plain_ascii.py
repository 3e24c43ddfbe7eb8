"""Every character as one of ASCII that takes as many cells: for terminals and fonts that have no others."""

from __future__ import annotations

import unicodedata

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

BRAILLE = range(0x2800, 0x2900)


class PlainAscii(LineFilter):
    """Stands between what widgets draw and the terminal, so that no widget need know of it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, each as wide as it was."""
        return [
            segment if segment.text.isascii() else Segment(as_ascii(segment.text), segment.style, segment.control)
            for segment in segments
        ]


def as_ascii(text: str) -> str:
    """Text in ASCII that takes as many cells."""
    return text.translate(_TABLE)


class _Table(dict[int, str]):
    """What each character becomes; found once, when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        found = self[code] = character if character.isascii() else _stand_in(character)
        return found


def _stand_in(character: str) -> str:
    width = get_character_cell_size(character)
    if ord(character) in BRAILLE:
        return " ..::####"[(ord(character) - BRAILLE.start).bit_count()]
    simpler = unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in simpler if part.isascii() and part.isprintable())
    if len(plain) == width:
        return plain
    name = unicodedata.name(character, "")
    if name.startswith("BOX DRAWINGS"):
        upright, lying = "VERTICAL" in name, "HORIZONTAL" in name
        return "+" if upright == lying else "|" if upright else "-"
    return "?" * width


_LIKE = {
    " ": "\u00a0\u2007\u2009\u202f",
    "-": "–—‒−·╸╺┈╌╍▔",
    "_": "▁▄",
    ".": "…░◌▂▪",
    ":": "┊▒▃",
    "=": "━═▅",
    "+": "✓",
    "*": "●◉",
    "#": "▆▇█■▓▣",  # blocks, as the ends of a scrollbar are, beside words: none as a mark that words may have
    "o": "•○◦□◇",
    "x": "×✗✕",
    "X": "◆◈",
    "|": "‖│┃▏▎▍▌▋▊▉▐▕",
    "^": "↑▲△◬▴",
    "v": "↓▼▾▽",
    "<": "←◀◄‹«◂",
    ">": "→▶►›»▸",
    "'": "‘’′",
    '"': "“”▀″",
    "~": "±≈∼",
    "u": "µμ",
    "S": "Σ",
    "F": "Φ",
    "p": "π",
    "I": "∞",
}
_TABLE = _Table({ord(character): plain for plain, characters in _LIKE.items() for character in characters})
