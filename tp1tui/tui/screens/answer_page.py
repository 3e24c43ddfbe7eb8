"""Keeping a person's answer to a question: read, saved as it is typed, and never over what somebody else wrote."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from textual import on, work
from textual.timer import Timer
from textual.widgets import Static, TextArea

from tp1tui.journal.answers import AnswerChanged, AnswerError, Answers, word_count
from tp1tui.tui.question.keeper import Keeper
from tp1tui.tui.question.unkept import Unkept, beside
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.answer_area import AnswerArea

KEEP_AFTER = 1.0
"""Seconds without a key after which the answer is kept."""
LOOK_EVERY = 1.0
"""Seconds between two looks whether somebody else has written to it."""
NOT_KEPT = "not kept yet"
READING = "Reading your answer …"
KEEPING = "keeping the answer"
"""What is said of it where the disk does not answer."""
HELD = "Until it can be, tp1tui holds your text: the card shows it again, and it is printed when you quit."
Done = TypeVar("Done")


class AnswerPage(Page):
    """A screen with an answer to write, and a line `#state` on how it is kept. What else it shows is its subclass's."""

    def __init__(self, question: str) -> None:
        """Prepare the screen.

        Args:
            question: Id of its preset.
        """
        super().__init__()
        self._question = question
        self._area = AnswerArea(id="area")  # kept here, since what it holds is wanted when it has been taken away
        self._kept = ""
        self._readable = self._failed = False
        """Whether the file was read, and whether what was typed could not be written."""
        self._held: Unkept | None = None
        """What was typed when this card was open before, and is in no file; None once it is in the box."""
        self._reads = self._looks = False
        """Whether the file is being read, or looked at: what stalls is waited for before the next."""
        self._asking = False
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Read what was answered so far, and follow it."""
        self._held = self.lab.unkept.take(self._question)
        self._keeper = self._held.keeper if self._held else Keeper(Answers(self.lab.runs_dir), self._question)
        self._area.read_only = True
        if self._held:
            self._area.show(self._held.text)
        self._say(READING, "")
        self._read("")
        self.set_interval(LOOK_EVERY, self._look)

    @property
    def _changed(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._readable and self._area.text != self._kept

    def _read(self, news: str) -> None:
        """Take the file's text over, and say this of it; empty for how it is kept."""
        if not self._reads:
            self._reads = True
            self._read_file(self._area.text, news)

    @work(thread=True, group="read")
    def _read_file(self, before: str, news: str) -> None:
        try:
            text = self._keeper.read()
        except AnswerError as error:
            self.in_app(self._cannot_read, str(error))
        else:
            self.in_app(self._have_read, text, before, news)

    def _cannot_read(self, fault: str) -> None:
        """Say so; it is tried again."""
        self._reads = self._readable = False
        self._area.read_only = True
        self._say(fault, "-fault")
        self.refresh_bindings()

    def _have_read(self, text: str, before: str, news: str) -> None:
        self._reads = False
        if self._readable and self._area.text != before:  # typed while the disk took its time
            self._choose_one()
            return
        is_first, self._readable = not self._readable, True
        self._area.read_only = False
        self._area.show(text)
        self._kept = self._area.text
        held, self._held = self._held, None
        if held:
            self._area.show(held.text)
        if is_first:
            self._area.move_cursor(self._area.document.end)
        if held and self._changed:
            self._say(NOT_KEPT, "")
            if self._kept == held.before:
                self._keep()
            else:
                self._choose_one()
        elif news:
            self._say(news, "-news")
        else:
            self._say_kept()
        self.refresh_bindings()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if not self._changed:
            return
        self._say(NOT_KEPT, "")
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        if self._changed and not self._asking and not self._reads:
            text = self._area.text
            self._write(partial(self._keeper.save, text), partial(self._have_kept, text))

    def _write(self, deed: Callable[[], Done], then: Callable[[Done], object]) -> None:
        """Write an answer after all that was to be written before; why it cannot be is said where it stands."""
        self._order(deed, partial(self._written, then))

    def _settle(self, deed: Callable[[], Done], then: Callable[[Done], object]) -> None:
        """As `_write`, of two texts the one that was chosen; until that is done nobody is asked again."""

        def settled(outcome: Done | AnswerError) -> None:
            self._asking = False
            self._written(then, outcome)

        self._order(deed, settled)

    def _order(self, deed: Callable[[], Done], ended: Callable[[Done | AnswerError], None]) -> None:
        def outcome() -> Done | AnswerError:
            try:
                return deed()
            except AnswerError as error:
                return error

        self.lab.writes.ask(KEEPING, outcome, partial(self.while_here, ended))

    def _written(self, then: Callable[[Done], object], outcome: Done | AnswerError) -> None:
        if isinstance(outcome, AnswerChanged):
            self._changed_elsewhere()
        elif isinstance(outcome, AnswerError):
            self._failed = True
            self._say(str(outcome), "-fault")
        else:
            self._failed = False
            then(outcome)

    def _have_kept(self, text: str, _: None) -> None:
        self._kept = text
        if not self._changed:
            self._say_kept()

    def _look(self) -> None:
        """Whether somebody else has written to the file; or try again to read it, or to write it."""
        if not self._readable:
            self._read("")
        elif self._failed and self._changed and not self.lab.writes.wait:
            self._keep()
        elif not self._looks:
            self._looks = True
            self._look_at_file(self._kept)

    @work(thread=True, group="look")
    def _look_at_file(self, kept: str) -> None:
        self.in_app(self._looked, self._keeper.has_changed(), kept)

    def _looked(self, has_changed: bool, kept: str) -> None:  # noqa: FBT001 - what the look found
        self._looks = False
        if has_changed and kept == self._kept:  # else a text was written meanwhile, and that is what was seen
            self._changed_elsewhere()

    def _changed_elsewhere(self) -> None:
        """Somebody else has written to the file: theirs is taken over, or asked about where there are two texts."""
        if self._asking or self._reads:
            return
        if self._changed:
            self._choose_one()
        else:
            self._read("Changed elsewhere meanwhile: this is the new text.")

    def _choose_one(self) -> None:
        self._asking = True
        self._ask_which()

    @work
    async def _ask_which(self) -> None:
        question = (
            "Your answer was changed elsewhere while you wrote here. Keep your text, or take the other? "
            "The one that gives way is kept, too, in a file of its own."
        )
        mine = await self.is_sure(question, "Keep mine", "Take the other")
        text = self._area.text

        def kept(place: Path | None) -> None:
            self._kept = text
            self._say(_told(place), "-news")

        if mine:
            self._settle(partial(self._keeper.put_over, text), kept)
        else:
            set_aside = partial(Answers(self.lab.runs_dir).set_aside, self._question, text)
            self._settle(set_aside, lambda place: self._read(_told(place)))

    def on_unmount(self) -> None:
        """Keep what was typed, however the screen was left; what cannot be kept is held until it can."""
        app, unkept = self.app, self.lab.unkept
        if self._held:
            unkept.hold(self._held)
        if not self._changed:
            return
        text = self._area.text
        if self._reads:  # theirs, which this one must not be written over
            deed: Callable[[], Path | None] = partial(Answers(self.lab.runs_dir).set_aside, self._question, text)
        else:
            deed = partial(self._keeper.save_or_set_aside, text)
        answer = Unkept(self._question, text, self._kept, self._keeper, deed)
        unkept.hold(answer)

        def keep() -> Path | AnswerError | None:
            try:
                return unkept.keep(answer)
            except AnswerError as error:
                return error

        def kept(outcome: Path | AnswerError | None) -> None:
            if isinstance(outcome, AnswerError):
                sentence = f"{outcome} {HELD}"
                app.notify(sentence, title="The answer is not kept yet", severity="error", timeout=15)
            elif outcome:
                app.notify(beside(outcome), title="Two answers", severity="warning", timeout=15)

        self.lab.writes.ask(KEEPING, keep, kept)

    def _say_kept(self) -> None:
        words = word_count(self._area.text)
        if words:
            self._say(f"{words} word{'s' if words > 1 else ''}, kept in {self._keeper.path}", "")
        else:
            self._say(f"Will be kept in {self._keeper.path}", "")

    def _say(self, text: str, manner: str) -> None:
        state = self.query_one("#state", Static)
        state.set_classes(manner)
        state.update(text)


def _told(place: Path | None) -> str:
    return f"The other text is in {place}." if place else "Kept."
