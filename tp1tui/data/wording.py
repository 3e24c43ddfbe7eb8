"""How amounts are written for people."""

from __future__ import annotations


def size_text(size: int) -> str:
    """Bytes as people read them: `186.1 MB`, `9 kB`, `0 bytes`."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000:.0f} kB" if size >= 1_000 else f"{size} bytes"


def duration_text(seconds: float) -> str:
    """Seconds as people read them: `15 s`, `20 min`, `6 h`."""
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
