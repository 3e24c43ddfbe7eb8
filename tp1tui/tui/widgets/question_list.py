"""The questions by section, each with a mark for what was run and where it comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING

from textual.content import Content

from tp1tui.tui.bench.catalog import Question, section_title

if TYPE_CHECKING:
    from tp1tui.tui.bench.history import Mark
from tp1tui.tui.widgets.choices import Choice, Choices

ANSWERED, TRIED = "✓", "·"
NUMBER_WIDTH = 8
BARE_WIDTH = 16
"""Narrower than this, only the numbers are shown."""


class QuestionList(Choices):
    """A list of questions."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._questions: tuple[Question, ...] = ()
        self._marks: Mapping[str, Mark] = {}
        self._changed: Set[str] = frozenset()
        self._answered: Set[str] = frozenset()

    @property
    def chosen(self) -> Question | None:
        """The question under the cursor."""
        return next((question for question in self._questions if question.id == self.cursor), None)

    def show(self, questions: Sequence[Question]) -> None:
        """List these questions."""
        self._questions = tuple(questions)
        self.rewrite()

    def mark(self, marks: Mapping[str, Mark]) -> None:
        """Say under each question, by preset id, what was run of it."""
        if marks != self._marks:
            self._marks = dict(marks)
            self.rewrite()

    def tick(self, answered: Set[str]) -> None:
        """Put a tick beside the questions, by preset id, that have an answer."""
        if answered != self._answered:
            self._answered = frozenset(answered)
            self.rewrite()

    def star(self, changed: Set[str]) -> None:
        """Put a star beside the questions, by preset id, whose experiment was changed."""
        if changed != self._changed:
            self._changed = frozenset(changed)
            self.rewrite()

    def write(self, width: int) -> Sequence[Choice]:
        """A heading for each section, and its questions."""
        choices: list[Choice] = []
        section: str | None = None
        for question in self._questions:
            if question.file.section != section:
                section = question.file.section
                choices.append(_heading(section, width, "\n" if choices else ""))
            choices.append(Choice(self._entry(question, width), question.id))
        return choices

    def _entry(self, question: Question, width: int) -> Content:
        star = "*" if question.id in self._changed else ""
        overhang = " " * max(0, len(question.number) + 2 - NUMBER_WIDTH)
        name = f"{question.number + star:<{NUMBER_WIDTH - 2}}{self._sign(question)}"
        number = Content.styled(
            f"{name:<{NUMBER_WIDTH}}{overhang}"[: NUMBER_WIDTH + len(overhang)],
            "bold" if question.preset else "bold $error",
        )
        if width < BARE_WIDTH:
            return number
        title = f"{question.title} ({question.foreign_origin})" if question.foreign_origin else question.title
        kind = f" · {question.kind}" if question.kind else ""
        lines = textwrap.wrap(overhang + title + kind, width - NUMBER_WIDTH, drop_whitespace=True)
        indent = "\n" + " " * NUMBER_WIDTH
        words = Content(indent.join(lines)[len(overhang) :])
        if kind:
            words = words.stylize("$foreground 60%", len(words.plain) - len(question.kind) - 1)
        text = Content.assemble(number, words)
        mark = self._marks.get(question.id)
        if mark is None:
            return text
        told = indent.join(["", *textwrap.wrap(mark.text, width - NUMBER_WIDTH)])
        return Content.assemble(text, (told, mark.style))

    def _sign(self, question: Question) -> str:
        """How far a question is, in one character."""
        return ANSWERED if question.id in self._answered else TRIED if question.id in self._marks else ""


def _heading(section: str, width: int, before: str) -> Choice:
    title = section_title(section)
    short = title if width >= BARE_WIDTH else title.partition(" ")[0]
    return Choice(Content.styled(f"{before}{short}", "bold $primary"))
