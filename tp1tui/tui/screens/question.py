"""A question's card beside the person's answer to it."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Markdown, Static

from tp1tui.journal import figures
from tp1tui.tui.question.card import card_text
from tp1tui.tui.question.topic import Topic
from tp1tui.tui.screens.answer_page import AnswerPage
from tp1tui.tui.widgets.answer_area import visible
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.text_view import TextView


class QuestionScreen(AnswerPage):
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
        super().__init__(topic.question)
        self._about = topic
        self._prediction = topic.prediction

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
        """Show the card; the answer comes when it has been read."""
        self.query_one("#card").border_title = "card"
        self.query_one("#answer").border_title = "your answer"
        self._show_card()

    def _show_card(self) -> None:
        text = card_text(self._about.question, self._about.card, self._prediction, self._about.reached())
        self.query_one("#card", TextView).show_text(text)
        self.refresh_bindings()

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
