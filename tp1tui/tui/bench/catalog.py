"""The questions of the bench: every preset that was found, read or with what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset import Preset
from tp1tui.spec.preset_files import PresetFile, PresetLibrary

PACKAGE = "tp1tui"
"""Origin of the presets that come with the program (`settings.preset_dirs`); the others' is shown."""

START = "start"
_TITLES = {
    START: "Start here",
    "ab": "A-B · networks by hand",
    "cd": "C-D · convnets on CIFAR-10",
    "e": "E · a vision transformer",
    "": "Your own",
}
_NUMBERED = re.compile(r"^((?:ab|cd|e)\d+(?:\.\d+)?)-")


@dataclass(frozen=True)
class Question:
    """One preset as the bench lists it."""

    file: PresetFile
    preset: Preset | None
    """None when it cannot be read."""
    fault: str = ""
    """What is wrong with it, in whole sentences, one a line."""

    @property
    def id(self) -> str:
        """The preset's id."""
        return self.file.id

    @property
    def number(self) -> str:
        """cd18 of cd18-baseline; ids that do not begin with a question's number stay whole."""
        numbered = _NUMBERED.match(self.file.id)
        return numbered[1] if numbered else self.file.id

    @property
    def title(self) -> str:
        """A few words."""
        return self.preset.title if self.preset else "cannot be read"

    @property
    def kind(self) -> str:
        """What it is when it is no single training: a sweep or a measure; else empty."""
        return self.preset.kind if self.preset and self.preset.kind != "run" else ""

    @property
    def foreign_origin(self) -> str:
        """Where it comes from, when that is not the package."""
        return "" if self.file.origin == PACKAGE else self.file.origin


def read_questions(library: PresetLibrary) -> list[Question]:
    """Every preset of a library in its order; those that cannot be read carry their fault."""
    return [_read(library, file) for file in library.all()]


def section_title(section: str) -> str:
    """A folder of presets as a heading."""
    return _TITLES.get(section, section)


def matching(questions: list[Question], words: str) -> list[Question]:
    """Those whose id, title or section holds every one of the words, in any case.

    A question that is called so comes before those that only speak of it.
    """
    wanted = words.casefold().split()
    found = [question for question in questions if all(word in _haystack(question) for word in wanted)]
    return sorted(found, key=lambda question: not question.id.casefold().startswith(tuple(wanted)))


def _haystack(question: Question) -> str:
    return f"{question.id} {question.title} {section_title(question.file.section)}".casefold()


def _read(library: PresetLibrary, file: PresetFile) -> Question:
    try:
        return Question(file, library.load(file))
    except SpecError as error:
        return Question(file, None, str(error))
