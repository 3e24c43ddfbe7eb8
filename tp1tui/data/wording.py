"""How sizes of files are written for people."""

from __future__ import annotations


def size_text(size: int) -> str:
    """Bytes as people read them: `186.1 MB`, `9 kB`, `0 bytes`."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000:.0f} kB" if size >= 1_000 else f"{size} bytes"
