"""A question's card beside the person's answer to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.timer import Timer
from textual.widgets import Markdown, Static, TextArea

from tp1tui.journal import figures
from tp1tui.journal.answers import AnswerChanged, AnswerError, Answers, word_count
from tp1tui.tui.question.card import card_text
from tp1tui.tui.question.keeper import Keeper
from tp1tui.tui.question.topic import Topic
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.answer_area import AnswerArea, visible
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.text_view import TextView

KEEP_AFTER = 1.0
"""Seconds without a key after which the answer is kept."""
LOOK_EVERY = 1.0
"""Seconds between two looks whether somebody else has written to it."""
NOT_KEPT = "not kept yet"
READING = "Reading your answer …"
KEEPING = "keeping the answer"
"""What is said of it where the disk does not answer."""
Done = TypeVar("Done")


class QuestionScreen(Page):
    """The card on one side, the answer on the other; one over the other where there is little room."""

    CSS_PATH = "question.tcss"
    AUTO_FOCUS = "#card"
    HELP = (
        "A question's card: what is asked, what to try, what to look for, what the report found. Beside it your "
        "answer, in Markdown: Enter leads into it, Tab back to the card, Ctrl+O shows it as it will look. It is kept "
        "as you type, in a file of its own that you can hand in or edit elsewhere; if another program writes to the "
        "file meanwhile, you are asked, and neither text is lost. On the card of a run Ctrl+R puts the run's figures "
        "into the answer. Before a run you can write what you expect of it: it is frozen with the run and shown "
        "beside what came out."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "write", id="question.write"),
        Binding("p", "predict", "predict", id="question.predict"),
        Binding("ctrl+o", "preview", "preview", key_display="Ctrl+O", id="question.preview"),
        Binding("ctrl+o", "write", "write", key_display="Ctrl+O", id="question.source"),
        Binding("ctrl+r", "insert_figures", "insert figures", key_display="Ctrl+R", id="question.figures"),
        Binding("escape", "back", "back", id="question.back"),
        Binding("q", "app.quit", "quit", id="question.quit"),
    ]

    def __init__(self, topic: Topic) -> None:
        """Prepare the screen for a question."""
        super().__init__()
        self._about = topic
        self._prediction = topic.prediction
        self._area = AnswerArea(id="area")  # kept here, since what it holds is wanted when it has been taken away
        self._kept = ""
        self._readable = False
        self._reads = self._looks = False
        """Whether the file is being read, or looked at: what stalls is waited for before the next."""
        self._asking = False
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Card, answer, how the answer stands, keys."""
        with Container(id="sheet"):
            yield TextView(id="card")
            with Container(id="answer"):
                yield self._area
                with VerticalScroll(id="preview"):
                    yield Markdown(id="rendered", open_links=False)
                yield Static(id="state", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the card, and what was answered so far."""
        self._keeper = Keeper(Answers(self.lab.runs_dir), self._about.question)
        self.query_one("#card").border_title = "card"
        self.query_one("#answer").border_title = "your answer"
        self._show_card()
        self._area.read_only = True
        self._say(READING, "")
        self._read("")
        self.set_interval(LOOK_EVERY, self._look)

    def _show_card(self) -> None:
        text = card_text(self._about.question, self._about.card, self._prediction, self._about.reached())
        self.query_one("#card", TextView).show_text(text)
        self.refresh_bindings()

    @property
    def _changed(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._readable and self._area.text != self._kept

    @property
    def _previews(self) -> bool:
        return self.has_class("-preview")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible now."""
        if not self.is_mounted:
            return True
        match action:
            case "write":
                return self._readable and not self._area.has_focus
            case "preview":
                return self._readable and not self._previews
            case "predict":
                return self._about.predict is not None
            case "insert_figures":
                return self._readable and bool(self._about.reached())
        return True

    # Keeping the answer.

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
        if is_first:
            self._area.move_cursor(self._area.document.end)
        if news:
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

        def outcome() -> Done | AnswerError:
            try:
                return deed()
            except AnswerError as error:
                return error

        def written(outcome: Done | AnswerError) -> None:
            if isinstance(outcome, AnswerChanged):
                self._changed_elsewhere()
            elif isinstance(outcome, AnswerError):
                self._say(str(outcome), "-fault")
            else:
                then(outcome)

        self.lab.writes.ask(KEEPING, outcome, partial(self.while_here, written))

    def _have_kept(self, text: str, _: None) -> None:
        self._kept = text
        if not self._changed:
            self._say_kept()

    def _look(self) -> None:
        """Whether somebody else has written to the file; or try again to read it."""
        if not self._readable:
            self._read("")
        elif not self._looks:
            self._looks = True
            self._look_at_file()

    @work(thread=True, group="look")
    def _look_at_file(self) -> None:
        self.in_app(self._looked, self._keeper.has_changed())

    def _looked(self, has_changed: bool) -> None:  # noqa: FBT001 - what the look found
        self._looks = False
        if has_changed:
            self._changed_elsewhere()

    def _changed_elsewhere(self) -> None:
        """Somebody else has written to the file: theirs is taken over, or asked about where there are two texts."""
        if self._asking or self._reads:
            return
        if self._changed:
            self._choose_one()
        else:
            self._read("Changed elsewhere meanwhile: this is the new text.")

    @work
    async def _choose_one(self) -> None:
        self._asking = True
        question = (
            "Your answer was changed elsewhere while you wrote here. Keep your text, or take the other? "
            "The one that gives way is kept, too, in a file of its own."
        )
        mine = await self.is_sure(question, "Keep mine", "Take the other")
        self._asking = False
        text = self._area.text

        def kept(place: Path | None) -> None:
            self._kept = text
            self._say(_told(place), "-news")

        if mine:
            self._write(partial(self._keeper.put_over, text), kept)
        else:
            set_aside = partial(Answers(self.lab.runs_dir).set_aside, self._about.question, text)
            self._write(set_aside, lambda place: self._read(_told(place)))

    def on_unmount(self) -> None:
        """Keep what was typed, however the screen was left."""
        if not self._changed:
            return
        text, app = self._area.text, self.app
        if self._reads:  # theirs, which this one must not be written over
            deed: Callable[[], Path | None] = partial(Answers(self.lab.runs_dir).set_aside, self._about.question, text)
        else:
            deed = partial(self._keeper.save_or_set_aside, text)

        def kept(place: Path | None) -> None:
            if place:
                sentence = f"The answer was changed elsewhere meanwhile. Your text is in {place}."
                app.notify(sentence, title="Two answers", severity="warning", timeout=15)

        self.lab.writes.ask(KEEPING, deed, kept, title="The answer was not kept")

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

    # What the keys do.

    def action_write(self) -> None:
        """Into the answer, to write."""
        self.remove_class("-preview")
        self._area.focus()
        self.refresh_bindings()

    @work(exclusive=True, group="preview")
    async def action_preview(self) -> None:
        """Show the answer as Markdown looks."""
        await self.query_one(Markdown).update(visible(self._area.text) or "*Nothing is written yet.*")
        self.add_class("-preview")
        self.query_one("#preview").focus()
        self.refresh_bindings()

    def action_insert_figures(self) -> None:
        """Put the figures of the runs at the cursor: a table, or a line more of one that ends there."""
        rows = self._about.reached()
        self.action_write()
        if len(rows) == 1 and figures.is_of_table(self._area.line_above):
            self._area.insert_block(figures.line(rows[0]), "")
        else:
            self._area.insert_block(figures.table(rows), "\n" if self._area.line_above.strip() else "")

    @work
    async def action_predict(self) -> None:
        """Write what is expected of the next run."""
        from tp1tui.tui.screens.edit import EditModal

        hint = "In a line. A number in percent is held against test top-1: 72 %, 71 to 74 %. Empty for none."
        modal = EditModal("What do you expect of the next run?", self._prediction, hint, str)
        text: str | None = await self.app.push_screen_wait(modal)
        if text is not None and self._about.predict:
            self._prediction = text
            self._about.predict(text)
            self._show_card()


def _told(place: Path | None) -> str:
    return f"The other text is in {place}." if place else "Kept."
