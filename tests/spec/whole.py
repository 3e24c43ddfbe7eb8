"""A whole preset for tests that break one, so that they hold whatever the shipped presets come to say."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset_files import PresetLibrary

TEXT = Path(__file__).with_suffix(".toml").read_text()
PAGE = tomllib.loads(TEXT)


def error_of(folder: Path, text: str | bytes) -> SpecError:
    """What is wrong with a preset of this text, written as mine.toml."""
    path = folder / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    library = PresetLibrary([("this folder", folder)])
    with pytest.raises(SpecError) as caught:
        library.load(library.find("mine"))
    return caught.value


def line_of(start: str) -> int:
    """The only line, from 1, of the whole preset that begins so."""
    (line,) = (number for number, line in enumerate(TEXT.splitlines(), start=1) if line.strip().startswith(start))
    return line
