"""One event, one line: JSON whose last keys are the run that it is of and the checksum of what stands before it."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from pydantic import ValidationError

from tp1tui.journal.events import EVENTS, Event

_CRC = b',"crc":"'
_SEAL = len(_CRC) + 8 + len(b'"}')
"""Bytes from `,"crc"` to the closing brace."""
_UID = b',"uid":"'
_UID_LENGTH = len(_UID) + 8 + len(b'"')
OF_ANOTHER_RUN = "it is of another run"
"""Why a line that is whole is damage all the same."""


@dataclass(frozen=True)
class Damage:
    """A line that cannot be trusted, so that nothing of it is used."""

    reason: str
    """What is wrong with it; it completes "line 17 of the journal is damaged: …"."""
    line: int = 0
    """Its number in the journal, from 1."""

    @property
    def text(self) -> str:
        """The same as a sentence."""
        return f"Line {self.line} of the journal is damaged and was skipped: {self.reason}."


def encode(event: Event, uid: str = "") -> bytes:
    """An event as a line of the journal, newline included. `kind` is its first key, `uid` and `crc` its last.

    Args:
        event: What happened.
        uid: Of the run; empty for one of format 1, whose lines do not have that key.
    """
    fields = event.model_dump_json(exclude={"kind"}).encode()
    body = b'{"kind":"%b",%b' % (event.kind.encode(), fields[1:-1])
    if uid:
        body += b'%b%b"' % (_UID, uid.encode())
    return body + _CRC + _checksum(body) + b'"}\n'


def decode(line: bytes, uid: str | None = None) -> Event | Damage | None:
    """The event of a line; None for a whole line of a kind that is not known here.

    Args:
        line: With or without its newline.
        uid: Of the run whose line it should be; empty for one of format 1, None where nothing tells.
    """
    line = line.removesuffix(b"\n")
    body, seal = line[:-_SEAL], line[-_SEAL:]
    if not (seal.startswith(_CRC) and seal.endswith(b'"}')):
        return Damage("it does not end with its checksum")
    if seal != _CRC + _checksum(body) + b'"}':
        return Damage("its checksum does not match")
    if uid is not None and _uid_of(body) != uid.encode():
        return Damage(OF_ANOTHER_RUN)
    try:
        return EVENTS.validate_json(line)
    except ValidationError as error:
        if error.errors(include_url=False)[0]["type"] == "union_tag_invalid":
            return None
        return Damage("its checksum matches, but its keys or values are not those of an event")


def _uid_of(body: bytes) -> bytes:
    """Which run a line says that it is of; empty where it says nothing. No text of an event holds a bare `","`."""
    end = body[-_UID_LENGTH:]
    return end[len(_UID) : -1] if end.startswith(_UID) and end.endswith(b'"') else b""


def _checksum(body: bytes) -> bytes:
    return b"%08x" % crc32(body)
