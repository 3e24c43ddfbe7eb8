"""Files as broken disks, editors and strangers leave them: bytes changed, cut, doubled, moved, spliced with others."""

from __future__ import annotations

import random
from collections.abc import Iterator

TOKENS = (
    b"\0", b"\xff\xfe", b"\n", b'"', b"{", b"}", b"[[", b"]", b"'''", b"=", b"-1", b"1e999", b"nan", b"Infinity",
    b"9" * 400, b"true", b"null", b"\x1b[2J", b"\\u0000", b"../", b"=HYPERLINK(1)", "é".encode(), b"[" * 2000,
)  # fmt: skip
"""What parsers stumble over."""


def mutations(content: bytes, others: tuple[bytes, ...], count: int, seed: int) -> Iterator[bytes]:
    """Broken versions of a file, the same at every call.

    Args:
        content: Of the file.
        others: Files whose parts may be spliced in.
        count: How many.
        seed: Of what is drawn.
    """
    chance = random.Random(seed)
    for _ in range(count):
        broken = bytearray(content)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
            _break(broken, others, chance)
        yield bytes(broken)


def _break(broken: bytearray, others: tuple[bytes, ...], chance: random.Random) -> None:
    at = chance.randrange(len(broken) + 1)
    end = min(len(broken), at + chance.choice((1, 4, 40, 400)))
    match chance.randrange(8):
        case 0:
            del broken[at:]
        case 1:
            del broken[at:end]
        case 2:
            broken[at:at] = broken[at:end]
        case 3:
            broken[at:at] = chance.choice(TOKENS)
        case 4:
            broken[at:end] = chance.choice(TOKENS)
        case 5:
            broken[at:end] = chance.randbytes(end - at)
        case 6 if others:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            broken[at:end] = other[start : start + chance.choice((20, 200, 2000))]
        case _ if at < len(broken):
            broken[at] ^= 1 << chance.randrange(8)
