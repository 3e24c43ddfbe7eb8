"""Presets on disk: finding them, naming them by their beginning, and reading them with errors that name the line."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tp1tui.spec.faults import Fault, SpecError, faults_of
from tp1tui.spec.preset import Preset
from tp1tui.spec.toml_lines import depth_and_line

Loaded = TypeVar("Loaded", bound=BaseModel)

MAX_BYTES = 1_000_000
"""Of one preset file; a larger one is no preset."""


@dataclass(frozen=True)
class PresetFile:
    """One preset that was found, not yet read."""

    id: str
    section: str
    """Name of the folder it lies in: ab, cd, … ; empty directly in a presets folder."""
    path: Path
    origin: str
    """Where it came from, as a person would say it."""


class UnknownPreset(Exception):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no preset, or for several. Its text says which there are."""


class PresetLibrary:
    """Every preset that can be had here; of two with the same id, the nearer one."""

    def __init__(self, folders: Sequence[tuple[str, Path]]) -> None:
        """Look for presets.

        Args:
            folders: (what to call it, folder), nearest first. A folder that is not there holds none.
        """
        self._folders = tuple(folders)
        found: dict[str, PresetFile] = {}
        for origin, folder in reversed(self._folders):
            for path in sorted(folder.rglob("*.toml")):
                section = path.parent.name if path.parent != folder else ""
                found[path.stem] = PresetFile(path.stem, section, path, origin)
        self._found = found

    def all(self) -> list[PresetFile]:
        """Every preset, by section and id, questions in the subject's order."""
        return sorted(self._found.values(), key=lambda file: (_section_order(file.section), _natural(file.id)))

    def find(self, name: str) -> PresetFile:
        """The preset with this id, or the only one whose id begins so.

        Raises:
            UnknownPreset: None does, or several do.
        """
        if name in self._found:
            return self._found[name]
        matches = [file.id for file in self.all() if name and file.id.startswith(name)]
        if len(matches) == 1:
            return self._found[matches[0]]
        if matches:
            raise UnknownPreset(f"Several presets begin with {name!r}: {', '.join(matches)}. Write more of the name.")
        raise UnknownPreset(self._unknown(name))

    def load(self, file: PresetFile) -> Preset:
        """Read a preset.

        Raises:
            SpecError: It cannot be read, or something in it is not allowed.
        """
        texts: dict[Path, str] = {}
        data = self._read(file, texts, ())
        return validate(Preset, data, file.path, texts)

    def _read(self, file: PresetFile, texts: dict[Path, str], seen: tuple[str, ...]) -> dict[str, Any]:
        """A preset's data, upon those of the preset that its experiment extends."""
        data, texts[file.path] = read_toml(file.path)
        experiment = data.get("experiment")
        if not isinstance(experiment, dict) or "extends" not in experiment:
            return data
        base_id = experiment.pop("extends")
        chain = (*seen, file.id)
        base = self._found.get(str(base_id))
        if base is None or base.id in chain:
            problem = "extends itself, through" if base else "extends an unknown preset,"
            raise SpecError(str(file.path), (Fault("experiment.extends", None, f"{problem} {base_id}"),))
        below = self._read(base, texts, chain)
        return {**data, "experiment": _merged(below.get("experiment", {}), experiment)}

    def _unknown(self, name: str) -> str:
        close = difflib.get_close_matches(name, self._found, n=3, cutoff=0.4)
        hint = f" Close to it: {', '.join(close)}." if close else ""
        searched = ", ".join(str(folder) for _, folder in self._folders if folder.is_dir())
        return f"There is no preset {name!r}.{hint} `tp1tui list` shows all; searched: {searched}."


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """A TOML file as (data, text).

    Raises:
        SpecError: It cannot be read, is no UTF-8 text or no TOML.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpecError(str(path), (Fault("", None, f"is larger than {MAX_BYTES:,} bytes, so it is no preset"),))
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except OSError as error:
        raise SpecError(str(path), (Fault("", None, f"cannot be read: {error.strerror}"),)) from None
    except UnicodeDecodeError:
        raise SpecError(str(path), (Fault("", None, "is not a UTF-8 text"),)) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SpecError(str(path), (Fault("", None, f"is not valid TOML: {error}"),)) from None


def validate(model: type[Loaded], data: dict[str, Any], path: Path, texts: dict[Path, str]) -> Loaded:
    """Make a model of a file's data.

    Args:
        model: What it should be.
        data: What the file holds.
        path: Of the file.
        texts: The file's text and those it extends, by path, nearest first: the places where a fault may stand.

    Raises:
        SpecError: Something in it is not allowed; each fault names its file and line.
    """
    try:
        return model.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        faults = faults_of(error, model, data)
        raise SpecError(str(path), [_placed(fault, texts) for fault in faults]) from None


def _placed(fault: Fault, texts: dict[Path, str]) -> Fault:
    """A fault with the file and line it stands on: the deepest match, and of equal ones the nearest file."""
    path = tuple(int(key) if key.isdigit() else key for key in fault.path.split(".")) if fault.path else ()
    best: tuple[int, int, Path] | None = None
    for source, text in texts.items():
        depth, line = depth_and_line(text, path)
        if line is not None and (best is None or depth > best[0]):
            best = depth, line, source
    return Fault(fault.path, best[1], fault.message, str(best[2])) if best else fault


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Tables laid upon tables; one of another kind replaces the one below it whole."""
    merged = dict(below)
    for key, value in above.items():
        base = merged.get(key)
        if (
            isinstance(base, dict)
            and isinstance(value, dict)
            and value.get("kind", base.get("kind")) == base.get("kind")
        ):
            value = _merged(base, value)
        merged[key] = value
    return merged


_SECTIONS = ("start", "ab", "cd", "e")


def _section_order(section: str) -> tuple[int, str]:
    return (_SECTIONS.index(section) if section in _SECTIONS else len(_SECTIONS), section)


def _natural(text: str) -> list[tuple[int, str]]:
    """Sorts cd9 before cd10: digits count as numbers."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text) if part]
