"""A download that is not whole yet: `<name>.part` beside its place, and what it is a part of."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from tp1tui.files.plain import content
from tp1tui.files.private import make_private

_MOST_OF_NOTE = 10_000
"""Bytes."""


@dataclass(frozen=True)
class Part:
    """The beginning of a file.

    Beside it lies a note that says which version of which address it is the beginning of, so that two versions are
    never joined.
    """

    place: Path
    """Where the whole file will be."""

    @property
    def path(self) -> Path:
        """The beginning itself."""
        return self.place.with_name(f"{self.place.name}.part")

    @property
    def size(self) -> int:
        """Bytes that are here; 0 when there is none."""
        return self.path.stat().st_size if self.path.exists() else 0

    def range_headers(self, url: str) -> dict[str, str]:
        """What to ask a server so that it sends the rest only; forgets a part that came from another address."""
        if not self.size:
            return {}
        note = self._read_note()
        if note.get("url") != url:
            self.discard()
            return {}
        headers = {"Range": f"bytes={self.size}-"}
        if version := note.get("version"):
            headers["If-Range"] = version
        return headers

    def start_over(self, url: str, version: str | None) -> None:
        """Empty it, and note what it is going to be a part of."""
        make_private(self.place.parent)
        self.path.write_bytes(b"")
        self._note.write_text(json.dumps({"url": url, "version": version}))

    def finish(self) -> None:
        """Move it into its place, whole."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        self.path.replace(self.place)
        self._note.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self.place.with_name(f"{self.place.name}.part.json")

    def _read_note(self) -> dict[str, str | None]:
        try:
            note = json.loads(content(self._note, _MOST_OF_NOTE))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}
