"""Presets on disk: finding them, and naming them by their beginning."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tp1tui.files.private import strangers
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Fault, SpecError
from tp1tui.spec.overlay import laid_upon
from tp1tui.spec.preset import Preset, model_of
from tp1tui.spec.steering import steers
from tp1tui.spec.toml_files import line_of, read_toml, validate

EXTENDS = ("experiment", "extends")
"""Where a file names the preset whose experiment its own is laid upon."""
_ENDING = ".toml"
_BY_PATH = "a file"
"""The origin of a preset in no folder of presets."""


@dataclass(frozen=True)
class PresetFile:
    """One preset that was found, not yet read."""

    id: str
    section: str
    """Name of the folder it lies in: ab, cd, … ; empty directly in a presets folder."""
    path: Path
    origin: str
    """Where it came from, as a person would say it."""

    @property
    def name(self) -> str:
        """What finds it again: its id, or its path where it lies in no folder of presets."""
        return str(self.path) if self.origin == _BY_PATH else self.id


@dataclass(frozen=True)
class _Page:
    """A preset's data, not yet validated."""

    data: dict[str, Any]
    texts: dict[Path, str]
    """Of the file and of those that it extends, nearest first."""


class UnknownPreset(Exception):  # noqa: N818 - what a person did, not an error of the program's
    """A name that stands for no preset, or for several. Its text says which there are."""


class PresetLibrary:
    """Every preset that can be had here; of two with the same id, the nearer one."""

    def __init__(self, folders: Sequence[tuple[str, Path]]) -> None:
        """Look for presets.

        Args:
            folders: (what to call it, folder), nearest first. A folder that is not there holds none; one that is
                reached twice counts once, under its last name. A file whose name no terminal can show is none. The
                last folder is the program's own, and trusted as the program is; in the others, a preset that somebody
                else may change is told when it is loaded, and never takes the place of another.
        """
        last_names = {folder.resolve(): (origin, folder) for origin, folder in folders}
        self._folders = tuple(pair for pair in folders if pair in last_names.values())
        self._found: dict[str, PresetFile] = {}
        self._same_id: dict[Path, Path] = {}
        self._not_ours: dict[Path, str] = {}
        self._pages: dict[Path, _Page] = {}
        for origin, folder in reversed(self._folders):
            here: dict[str, Path] = {}
            for path in sorted(folder.rglob(f"[!.]*{_ENDING}")):
                if steers(str(path.relative_to(folder))) or not path.is_file():
                    continue
                if path.stem in here:
                    self._same_id[path] = here[path.stem]
                section = path.parent.name if path.parent != folder else ""
                file = PresetFile(path.stem, section, path, origin)
                if folder != self._folders[-1][1] and (told := _changed_by_others(path, folder)):
                    self._not_ours[path] = told
                    self._found.setdefault(path.stem, file)
                    continue
                self._found[path.stem] = file
                here[path.stem] = path

    def all(self) -> list[PresetFile]:
        """Every preset, by section and id, questions in the subject's order."""
        return sorted(self._found.values(), key=lambda file: (_section_order(file.section), _natural(file.id)))

    def find(self, name: str) -> PresetFile:
        """The preset that a name stands for: an id, the beginning or any part of just one id, or a file's path.

        Raises:
            UnknownPreset: None does, or several do.
        """
        if name in self._found:
            return self._found[name]
        if is_path(name):
            if not Path(name).is_file():
                raise UnknownPreset(f"There is no file {name!r}. `tp1tui list` shows the presets that have an id.")
            return PresetFile(Path(name).stem, "", Path(name), _BY_PATH)
        ids = [file.id for file in self.all() if name]
        for having, matches in (
            ("begin with", [id for id in ids if id.startswith(name)]),
            ("hold", [id for id in ids if name in id]),
        ):
            if len(matches) == 1:
                return self._found[matches[0]]
            if matches:
                several = f"Several presets {having} {name!r}: {', '.join(matches)}."
                raise UnknownPreset(f"{several} Write more of the name.")
        raise UnknownPreset(self._unknown(name))

    def load(self, file: PresetFile) -> Preset:
        """Read a preset.

        Raises:
            SpecError: It cannot be read, or something in it is not allowed.
        """
        if file.path in self._same_id:
            twin = self._same_id[file.path]
            raise SpecError(str(file.path), (Fault("", None, f"has the same id as {twin}; rename one of them"),))
        page = self._page(file, ())
        model = model_of(page.data, file.path, page.texts[file.path])
        return validate(model, page.data, file.path, page.texts)

    def _page(self, file: PresetFile, above: tuple[str, ...]) -> _Page:
        """A preset's data upon those that it extends, read once: most presets extend the same few."""
        if file.path not in self._pages:
            self._pages[file.path] = self._read(file, above)
        return self._pages[file.path]

    def _read(self, file: PresetFile, above: tuple[str, ...]) -> _Page:
        if told := self._not_ours.get(file.path):
            raise SpecError(str(file.path), (Fault("", None, f"is not used: {told}"),))
        data, text = read_toml(file.path)
        own = _Page(data, {file.path: text})
        _refuse_misplaced_extends(data, file.path, text)
        experiment = data.get("experiment")
        if not isinstance(experiment, dict):
            return own
        if "extends" not in experiment:
            _refuse_misspelt_extends(experiment, file.path, text)
            return own
        base = self._base(experiment.pop("extends"), file, (*above, file.id), text)
        page = self._page(base, (*above, file.id))
        below = page.data.get("experiment")
        if isinstance(below, dict):
            data = {**data, "experiment": laid_upon(below, experiment)}
        return _Page(data, {**own.texts, **page.texts})

    def _base(self, name: object, file: PresetFile, chain: tuple[str, ...], text: str) -> PresetFile:
        """The preset that another extends."""
        if name in chain:
            problem = f"leads in a circle: {' extends '.join((*chain, str(name)))}"
        elif isinstance(name, str) and name in self._found:
            return self._found[name]
        else:
            problem = f"is {name!r}, which is no preset's id; write one in full and in quotes{self._close_to(name)}"
        raise SpecError(str(file.path), (Fault("experiment.extends", line_of(text, EXTENDS), problem, keys=EXTENDS),))

    def _unknown(self, name: str) -> str:
        searched = (
            ", ".join(str(folder) for _, folder in self._folders if folder.is_dir()) or "no folder, as none exists"
        )
        answered = [file.id for file in self.all() if f"({name})" in self._title(file)]
        close = self._close_to(name)
        hint = f"{close[2:].capitalize()}. " if close else ""
        if answered:
            hint = f"{', '.join(answered)} answers that question too. "
        return f"There is no preset {name!r}. {hint}`tp1tui list` shows all; searched: {searched}."

    def _title(self, file: PresetFile) -> str:
        """As it stands in the file; empty where there is none to read. A title names the other questions it answers."""
        try:
            return str(read_toml(file.path)[0].get("title", ""))
        except SpecError:
            return ""

    def _close_to(self, name: object) -> str:
        close = difflib.get_close_matches(str(name), self._found, n=3)
        return f"; close to it: {', '.join(close)}" if close else ""


def is_path(name: str) -> bool:
    """Whether a name can only be a file's."""
    return name.endswith(_ENDING) or os.sep in name


def _changed_by_others(path: Path, folder: Path) -> str | None:
    """Who else may change a preset, or put another in its place, as a sentence."""
    places = [path, *(parent for parent in path.parents if parent.is_relative_to(folder))]
    with suppress(OSError):
        return next(filter(None, map(strangers, places)), None)
    return f"{path} cannot be looked at."


def _refuse_misspelt_extends(experiment: dict[str, Any], path: Path, text: str) -> None:
    """Without its base a preset lacks nearly everything, so say the one thing that matters first."""
    unknown = [key for key in experiment if key not in Experiment.model_fields]
    for key in difflib.get_close_matches("extends", unknown, n=1):
        keys = ("experiment", key)
        fault = Fault(f"experiment.{key}", line_of(text, keys), "is not a known key; did you mean extends?", keys=keys)
        raise SpecError(str(path), (fault,))


def _refuse_misplaced_extends(data: dict[str, Any], path: Path, text: str) -> None:
    """The same of one that stands beside the title."""
    keys = EXTENDS[1:]
    if keys[0] in data:
        fault = Fault(keys[0], line_of(text, keys), "is no key of a page; write it under [experiment]", keys=keys)
        raise SpecError(str(path), (fault,))


_SECTIONS = ("start", "ab", "cd", "e")


def _section_order(section: str) -> tuple[int, str]:
    return (_SECTIONS.index(section) if section in _SECTIONS else len(_SECTIONS), section)


def _natural(text: str) -> list[tuple[int, str]]:
    """Sorts cd9 before cd10: digits count as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text) if part]
