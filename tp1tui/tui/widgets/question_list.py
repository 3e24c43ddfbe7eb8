"""The questions by section, each with a mark for what was run and where it comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tp1tui.tui.bench.catalog import Question, section_title

NUMBER_WIDTH = 7
BARE_WIDTH = 16
"""Narrower than this, only the numbers are shown."""


class QuestionList(OptionList, inherit_bindings=False):
    """Tells which question the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "The question above", show=False),
        Binding("down", "cursor_down", "The question below", show=False),
        Binding("home", "first", "The first question", show=False),
        Binding("end", "last", "The last question", show=False),
        Binding("pageup", "page_up", "A page up", show=False),
        Binding("pagedown", "page_down", "A page down", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """The cursor stands on another question; None when the list is empty."""

        question: Question | None

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._questions: tuple[Question, ...] = ()
        self._marks: Mapping[str, str] = {}
        self._width = 0

    @property
    def chosen(self) -> Question | None:
        """The question under the cursor."""
        if self.highlighted is None:
            return None
        wanted = self.get_option_at_index(self.highlighted).id
        return next((question for question in self._questions if question.id == wanted), None)

    def show(self, questions: Sequence[Question]) -> None:
        """List these questions; the cursor stays on the one it is on, if that is among them."""
        self._questions = tuple(questions)
        self._rebuild()

    def mark(self, marks: Mapping[str, str]) -> None:
        """Say under each question, by preset id, what was run of it."""
        if marks != self._marks:
            self._marks = dict(marks)
            self._rebuild()

    def choose(self, preset_id: str) -> None:
        """Put the cursor on a question, if it is listed."""
        if any(question.id == preset_id for question in self._questions):
            self.highlighted = self.get_option_index(preset_id)

    def on_resize(self, event: Resize) -> None:
        """Titles are wrapped to the width."""
        if self._room != self._width:
            self._rebuild()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another question."""
        event.stop()
        self.post_message(self.Chosen(self.chosen))

    @property
    def _room(self) -> int:
        return self.container_size.width if not self.size.width else self.scrollable_content_region.width

    def _rebuild(self) -> None:
        chosen = self.chosen
        self._width = self._room
        options: list[Option] = []
        section: str | None = None
        for question in self._questions:
            if question.file.section != section:
                section = question.file.section
                options.append(self._heading(section, first=not options))
            options.append(Option(self._entry(question), id=question.id))
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(options)
            if chosen and any(question.id == chosen.id for question in self._questions):
                self.highlighted = self.get_option_index(chosen.id)
                return
        if self._questions:
            self.highlighted = self.get_option_index(self._questions[0].id)
        else:
            self.post_message(self.Chosen(None))

    def _heading(self, section: str, *, first: bool) -> Option:
        title = section_title(section)
        if self._width < BARE_WIDTH:
            title = title.partition(" ")[0]
        return Option(Content.styled(f"{'' if first else chr(10)}{title}", "bold $primary"), disabled=True)

    def _entry(self, question: Question) -> Content:
        if self._width < BARE_WIDTH:
            return Content(question.number)
        title = f"{question.title} ({question.foreign_origin})" if question.foreign_origin else question.title
        room = max(8, self._width - NUMBER_WIDTH)
        lines = textwrap.wrap(title, room, initial_indent=" " * max(0, len(question.number) + 1 - NUMBER_WIDTH))
        parts: list[Content] = [
            Content.styled(f"{question.number:<{NUMBER_WIDTH}}", "bold" if question.preset else "bold $error"),
            Content(f"\n{' ' * NUMBER_WIDTH}".join(lines)),
        ]
        mark = self._marks.get(question.id)
        if mark:
            parts.append(Content.styled(f"\n{' ' * NUMBER_WIDTH}{mark}", "$success"))
        return Content.assemble(*parts)
