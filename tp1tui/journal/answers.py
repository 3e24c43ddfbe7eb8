"""A person's answers to the questions: one Markdown file a question, in the folder of runs, to be edited anywhere."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tp1tui.files.plain import content as content_of
from tp1tui.files.plain import opened
from tp1tui.files.private import make_private
from tp1tui.journal.atomic import replacing

FOLDER = "answers"
ASIDE = "aside"
"""Below it: what gave way to another text, so that nothing that was written is ever lost."""
MOST_BYTES = 1_000_000
"""Of one answer, in UTF-8: more than anyone writes, and still opened at once."""
_ENDING = ".md"
_TIME = "%Y-%m-%dT%H-%M-%S"


class AnswerError(Exception):
    """An answer that cannot be read or kept. Its text is whole sentences."""


class AnswerChanged(AnswerError):  # noqa: N818 - what another program did, not a fault
    """The file is not as it was when it was last read here: somebody else has written to it."""


@dataclass(frozen=True)
class Answer:
    """What a file held when it was last read or written here."""

    text: str = ""
    digest: str = ""
    """SHA-256 of its bytes; empty where there is no file."""


class Answers:
    """The answers beside the runs of one folder."""

    def __init__(self, runs_dir: Path) -> None:
        """Look nowhere yet.

        Args:
            runs_dir: The folder of runs.
        """
        self.folder = runs_dir / FOLDER

    def path(self, question: str) -> Path:
        """Where the answer to a question is kept.

        Args:
            question: Id of its preset, as an experiment.toml from anywhere may name it.

        Raises:
            AnswerError: The id is no file's name.
        """
        if not question or question.startswith(".") or question != Path(question).name or "\0" in question:
            raise AnswerError(f"{question!r} cannot be a file's name, so no answer to it can be kept.")
        return self.folder / f"{question}{_ENDING}"

    def read(self, question: str) -> Answer:
        """What was answered so far; an empty answer where there is none yet.

        Raises:
            AnswerError: It cannot be read, is too long, or is no text.
        """
        path = self.path(question)
        try:
            with opened(path) as file:
                content = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return Answer()
        except OSError as error:
            raise AnswerError(f"{path} cannot be read: {error.strerror}.") from None
        if len(content) > MOST_BYTES:
            raise AnswerError(f"{path} is longer than {MOST_BYTES:,} bytes; open it with another editor.")
        try:
            return Answer(content.decode("utf-8"), _digest(content))
        except UnicodeDecodeError:
            raise AnswerError(f"{path} is not text in UTF-8; save it as that with the editor that wrote it.") from None

    def write(self, question: str, text: str, before: Answer) -> Answer:
        """Keep an answer, whole or not at all. An empty one makes no file, but empties one that is there.

        Args:
            question: Id of its preset.
            text: As it is to stand in the file, to the last byte.
            before: What the file held when it was last read or written here.

        Returns:
            What the file holds now.

        Raises:
            AnswerChanged: Somebody else has written to the file meanwhile; it is as they left it.
            AnswerError: The text is too long, or the file cannot be written.
        """
        path, content = self.path(question), _encoded(text)
        if not content and not before.digest:
            return before
        with self._told(), self._one_writer():
            if self._digest_now(path) != before.digest:
                raise AnswerChanged(f"{path} was changed elsewhere meanwhile.")
            with replacing(path) as file:
                file.write(text)
        return Answer(text, _digest(content))

    def set_aside(self, question: str, text: str) -> Path:
        """Keep a text that has to give way to another, in a file of its own; returns that file.

        Raises:
            AnswerError: It cannot be written.
        """
        name, folder = self.path(question).stem, self.folder / ASIDE
        now = datetime.now().astimezone().strftime(_TIME)
        with self._told():
            make_private(folder)
            taken = {path.name for path in folder.iterdir()}
            names = (f"{name}_{now}{f'-{number}' if number else ''}{_ENDING}" for number in range(len(taken) + 1))
            path = folder / next(name for name in names if name not in taken)
            with replacing(path) as file:
                file.write(text)
        return path

    def has_changed(self, question: str, since: Answer) -> bool:
        """Whether the file holds something else than it did when it was last read or written here."""
        with suppress(OSError):
            return self._digest_now(self.path(question)) != since.digest
        return False

    def written(self) -> frozenset[str]:
        """Questions that have an answer, by the names and sizes of files alone."""
        with suppress(OSError), os.scandir(self.folder) as entries:
            return frozenset(
                entry.name.removesuffix(_ENDING)
                for entry in entries
                if entry.name.endswith(_ENDING) and not entry.name.startswith(".") and entry.stat().st_size
            )
        return frozenset()

    def _digest_now(self, path: Path) -> str:
        try:
            return _digest(content_of(path, MOST_BYTES))
        except FileNotFoundError:
            return ""

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise AnswerError(f"The answer cannot be kept in {self.folder}: {error.strerror}.") from None

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """Of two terminals, one writes and the other then finds the file changed."""
        from portalocker import LockException, LockFlags, lock

        make_private(self.folder)
        with (self.folder / ".lock").open("a") as file:
            with suppress(LockException):  # no locks on this file system: the digest must do
                lock(file, LockFlags.EXCLUSIVE)
            yield


def word_count(text: str) -> int:
    """Words of an answer; signs of Markdown that stand by themselves are none."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _encoded(text: str) -> bytes:
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        raise AnswerError("The answer holds half of a character, which no file can keep.") from None
    if len(content) > MOST_BYTES:
        raise AnswerError(f"The answer is longer than {MOST_BYTES:,} bytes, so it was not kept.")
    return content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
