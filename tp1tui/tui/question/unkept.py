"""Answers whose screens were left before they could be kept: held as long as the app runs, and tried again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tp1tui.journal.answers import AnswerError
from tp1tui.spec.steering import without_steering
from tp1tui.tui.question.keeper import Keeper

Kept = tuple[str, Path | None]
"""A question, and where the answer to it was kept, if that is beside another text."""


@dataclass(eq=False)
class Unkept:
    """A text that is in no file yet."""

    question: str
    text: str
    before: str
    """What the file held when the text was last kept or read, as the box showed it."""
    keeper: Keeper
    keep: Callable[[], Path | None]
    """Keeps it for good, and returns where, if that is beside another text. Raises AnswerError."""
    fault: str = ""
    """Why it could not be kept; empty while nobody knows."""


class UnkeptAnswers:
    """All that an app holds. Screens hold and take from its thread; what is kept is let go from the one that writes."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: list[Unkept] = []

    def __bool__(self) -> bool:
        """Whether any is held."""
        return bool(self._held)

    def hold(self, answer: Unkept) -> None:
        """Hold an answer until it is kept, or its screen is open again."""
        self._held.append(answer)

    def take(self, question: str) -> Unkept | None:
        """What was last held of a question, for its screen, which answers for it from now on."""
        answer = next((held for held in reversed(self._held) if held.question == question), None)
        if answer:
            self._held.remove(answer)
        return answer

    def keep(self, answer: Unkept) -> Path | None:
        """In the thread that writes: keep an answer and hold it no longer; nothing where its screen has it again.

        Raises:
            AnswerError: It cannot be kept, and is held on.
        """
        if answer not in self._held:
            return None
        try:
            place = answer.keep()
        except AnswerError as error:
            answer.fault = str(error)
            raise
        if answer in self._held:
            self._held.remove(answer)
        return place

    def keep_all(self) -> list[Kept]:
        """In the thread that writes: try each again; returns what is kept now."""
        kept: list[Kept] = []
        for answer in list(self._held):
            with suppress(AnswerError):
                kept.append((answer.question, self.keep(answer)))
        return kept

    def last_words(self) -> list[str]:
        """Once the app has ended: what would be lost, to be copied from the terminal."""
        return [without_steering(_told(answer)) for answer in self._held]


def _told(answer: Unkept) -> str:
    sentences = (f"Your answer to {answer.question} is in no file.", answer.fault, "Copy it from here:")
    return f"{' '.join(filter(None, sentences))}\n\n{answer.text}\n"


def beside(place: Path) -> str:
    """Says where a text is that was kept beside another one."""
    return f"The answer was changed elsewhere meanwhile. Your text is in {place}."
