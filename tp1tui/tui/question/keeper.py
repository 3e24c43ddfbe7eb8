"""One answer, kept while it is written: saved as often as one likes, and never over what somebody else wrote."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from tp1tui.journal.answers import Answer, AnswerChanged, Answers


class Keeper:
    """Remembers what the file last held here. May be asked from several threads; they take turns."""

    def __init__(self, answers: Answers, question: str) -> None:
        """Prepare for one question; nothing is read yet.

        Args:
            answers: Where answers are kept.
            question: Id of its preset.
        """
        self._answers, self._question = answers, question
        self._known = Answer()
        self._turn = Lock()

    @property
    def path(self) -> Path:
        """Where the answer is kept.

        Raises:
            AnswerError: The question's id is no file's name.
        """
        return self._answers.path(self._question)

    def read(self) -> str:
        """The text as the file holds it.

        Raises:
            AnswerError: It cannot be read.
        """
        with self._turn:
            self._known = self._answers.read(self._question)
            return self._known.text

    def save(self, text: str) -> None:
        """Keep a text, unless the file holds it already.

        Raises:
            AnswerChanged: Somebody else has written to the file; nothing was kept.
            AnswerError: It cannot be kept.
        """
        with self._turn:
            if text != self._known.text:
                self._known = self._answers.write(self._question, text, self._known)

    def has_changed(self) -> bool:
        """Whether somebody else has written to the file."""
        with self._turn:
            return self._answers.has_changed(self._question, self._known)

    def put_over(self, text: str) -> Path | None:
        """Keep a text though somebody else has written, whose text is set aside; returns where, if there was any.

        Raises:
            AnswerError: It cannot be kept.
        """
        with self._turn:
            theirs = self._answers.read(self._question)
            place = self._answers.set_aside(self._question, theirs.text) if theirs.text else None
            self._known = self._answers.write(self._question, text, theirs)
            return place

    def save_or_set_aside(self, text: str) -> Path | None:
        """Keep a text for good; where somebody else has written meanwhile, beside theirs: returns where.

        Raises:
            AnswerError: It cannot be kept.
        """
        try:
            self.save(text)
        except AnswerChanged:
            return self._answers.set_aside(self._question, text)
        return None
