"""Ways in which files are damaged."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tp1tui.journal.folder import RunFolder
from tp1tui.spec.checkpoint_files import BEST, LAST, PREVIOUS


def write_checkpoints(folder: RunFolder, names: tuple[str, ...] = (LAST, PREVIOUS, BEST)) -> None:
    """Archives as torch writes them, in so far as an examination without torch looks at them."""
    for name in names:
        with zipfile.ZipFile(folder.checkpoints_dir / name, "w") as archive:
            archive.writestr("archive/data.pkl", b"weights of " + name.encode())
            archive.writestr("archive/data/0", bytes(range(256)) * 16)


def flip(path: Path, at: int) -> None:
    """Turn one bit of a file; `at` from its end when negative."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def cut(path: Path, length: int) -> None:
    """Keep only the beginning of a file."""
    path.write_bytes(path.read_bytes()[:length])
