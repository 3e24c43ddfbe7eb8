"""What a person writes on a run: a name, tags, a note, a pin. A small file in the folder of the run or the sweep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from tp1tui.journal.atomic import replacing
from tp1tui.journal.stamp import Stamp, stamp_of
from tp1tui.spec.faults import SpecError
from tp1tui.spec.toml_files import read_toml, validate

LABELS_FILE = "labels.toml"
LONGEST_NAME = 60
"""Characters; so are the two below."""
LONGEST_TAG = 24
LONGEST_NOTE = 500
MOST_TAGS = 12
_TAG = re.compile(r"\w[\w.-]*")
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of what steers a terminal or turns the writing round, and shows nothing itself."""


class LabelError(Exception):
    """Labels that are not allowed, or cannot be read or written. Its text is whole sentences."""


class Labels(BaseModel):
    """What is written on one run or sweep."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[str, AfterValidator(lambda text: _fitting(text, LONGEST_NAME))] = ""
    """What the person calls it. Its id stays what it is."""
    tags: Annotated[tuple[str, ...], AfterValidator(lambda tags: _fitting_tags(tags))] = ()
    """Words to find it by."""
    note: Annotated[str, AfterValidator(lambda text: _fitting(text, LONGEST_NOTE))] = ""
    """A few sentences."""
    pinned: bool = False
    """Whether it stands before all others."""

    def named(self, name: str) -> Labels:
        """The same with another name: one line, single spaces, empty for none.

        Raises:
            LabelError: It is too long or holds what cannot be shown.
        """
        return self._with("A name", name=name)

    def tagged(self, words: Iterable[str]) -> Labels:
        """The same with other tags: each once, without a leading #.

        Raises:
            LabelError: One is too long, or is no word; or there are too many.
        """
        return self._with("Tags", tags=tuple(words))

    def noted(self, note: str) -> Labels:
        """The same with another note.

        Raises:
            LabelError: As for `named`.
        """
        return self._with("A note", note=note)

    def with_pin(self) -> Labels:
        """The same, to stand before all others."""
        return self.model_copy(update={"pinned": True})

    def without_pin(self) -> Labels:
        """The same, to stand among the others."""
        return self.model_copy(update={"pinned": False})

    def _with(self, what: str, **values: object) -> Labels:
        try:
            return Labels.model_validate({**dict(self), **values})
        except ValidationError as error:
            raise LabelError(f"{what} {error.errors(include_url=False)[0]['ctx']['error']}.") from None


BLANK_LABELS = Labels()
"""What is written on a run on which nothing is."""


def labels_of(folder: Path) -> Labels:
    """What is written on a run or a sweep; blank where nothing is.

    Raises:
        LabelError: The file cannot be read, or holds what is not allowed.
    """
    path = folder / LABELS_FILE
    if not path.exists():
        return BLANK_LABELS
    try:
        data, text = read_toml(path)
        return validate(Labels, data, path, {path: text})
    except SpecError as error:
        raise LabelError(f"{error} Mend it or delete it.") from None


def relabel(folder: Path, change: Callable[[Labels], Labels]) -> Labels:
    """Change what is written on a run or a sweep, and return it; labels that are blank leave no file.

    Args:
        folder: Of the run or the sweep.
        change: From what is written there now to what shall be.

    Raises:
        LabelError: The new ones are not allowed, what is there cannot be read, or the file cannot be written.
    """
    import tomli_w

    labels = change(labels_of(folder))
    path = folder / LABELS_FILE
    try:
        if labels == BLANK_LABELS:
            with suppress(FileNotFoundError):
                path.unlink()
        else:
            with replacing(path) as file:
                file.write(tomli_w.dumps(labels.model_dump(mode="json", exclude_defaults=True)))
    except OSError as error:
        raise LabelError(f"Nothing can be written on {folder.name}: {error.strerror}.") from None
    return labels


class LabelReader:
    """Reads the labels of one folder again and again; what has not changed is not read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: Stamp | None = None
        self.labels = BLANK_LABELS
        """As they were when they were last read."""
        self.problem = ""
        """Why they cannot be read, as a sentence."""

    def changed(self) -> bool:
        """Read what is new; returns whether anything was."""
        stamp = stamp_of(self._folder / LABELS_FILE)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self.labels, self.problem = labels_of(self._folder), ""
        except LabelError as error:
            self.labels, self.problem = BLANK_LABELS, str(error)
        return True


def _fitting(text: str, longest: int) -> str:
    """One line of single spaces; raises ValueError with what completes "A name …"."""
    text = " ".join(text.split())
    unseen = next((character for character in text if unicodedata.category(character) in _UNSEEN), None)
    if unseen is not None:
        raise ValueError(f"must hold no character that shows nothing, as U+{ord(unseen):04X} does")
    if len(text) > longest:
        raise ValueError(f"must have at most {longest} characters, and this one has {len(text)}")
    return text


def _fitting_tags(words: Iterable[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(filter(None, (_fitting(word, LONGEST_TAG).removeprefix("#") for word in words))))
    if not all(_TAG.fullmatch(tag) for tag in tags):
        raise ValueError("must be words of letters, digits, dots, - and _, each beginning with a letter or a digit")
    if len(tags) > MOST_TAGS:
        raise ValueError(f"must be {MOST_TAGS} at most, and these are {len(tags)}")
    return tags
