"""The bench: choose a question, see what it would run, change it, start it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input

from tp1tui.spec.experiment import Experiment, Switch
from tp1tui.tui.bench.about import about
from tp1tui.tui.bench.before import before
from tp1tui.tui.bench.catalog import Question, matching
from tp1tui.tui.bench.desk import FIRST, Desk
from tp1tui.tui.bench.edits import hint
from tp1tui.tui.bench.fields import FieldRow
from tp1tui.tui.look import Look, nothing_run_yet
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.field_list import FieldList
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.layer_pane import LayerPane
from tp1tui.tui.widgets.question_list import QuestionList
from tp1tui.tui.widgets.text_view import TextView
from tp1tui.tui.widgets.topbar import TopBar

PAGES = ("question", "experiment", "layers")
SWITCHES = Binding.Group("switches")
NOTHING_FOUND = Content("No question has all of these words. Esc shows all questions again.")


class BenchScreen(Page):
    """The list on the left; words, fields and layers of the chosen question beside it, or as pages."""

    AUTO_FOCUS = "#questions"
    HELP = (
        "Choose a question with the arrow keys: what it asks and what it would run follow at once. Enter starts the "
        "training and opens its screen. Switches turn parts of the experiment on and off; every other field can be "
        "edited, and a star marks what differs from the preset. Changes stay until you undo them or quit. Tab moves "
        "between the panes, each of which scrolls with the arrow keys."
    )
    follows_runs = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "start"),
        Binding("a", "flip('augmentation')", "augmentation on or off", group=SWITCHES),
        Binding("d", "flip('dropout')", "dropout on or off", group=SWITCHES),
        Binding("n", "flip('standardization')", "standardization on or off", group=SWITCHES),
        Binding("b", "flip('batchnorm')", "batch norm on or off", group=SWITCHES),
        Binding("e", "fields", "edit"),
        Binding("u", "undo", "undo"),
        # Obeyed before the next key is looked at, so that words typed in one go all reach the line.
        Binding("slash", "find", "find", key_display="/", priority=True),
        Binding("escape", "all_questions", "all questions"),
        Binding("r", "runs", "runs"),
        Binding("q", "app.quit", "quit"),
        Binding("s", "start", "start", show=False),
        Binding("L", "edit('optimizer.lr')", "edit the learning rate", show=False),
        Binding("B", "edit('batch_size')", "edit the batch size", show=False),
        Binding("E", "edit('epochs')", "edit the epochs", show=False),
        Binding("S", "edit('seed')", "edit the seed", show=False),
        Binding("D", "edit('device')", "choose the device", show=False),
        Binding("1", "turn('question')", "page 1: the question", show=False),
        Binding("2", "turn('experiment')", "page 2: the experiment", show=False),
        Binding("3", "turn('layers')", "page 3: the layers", show=False),
        Binding("right", "leaf(1)", "the next page", show=False),
        Binding("left", "leaf(-1)", "the page before", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        """Prepare the bench; the desk is what lies on it."""
        super().__init__()
        self._desk = desk
        self._page = PAGES[0]

    def compose(self) -> ComposeResult:
        """The list and three panes between two bars."""
        yield TopBar()
        with Container(id="panes"):
            with Container(id="left"):
                with Container(id="choose"):
                    yield Input(placeholder="words to find", id="words", compact=True)
                    yield QuestionList(id="questions")
                yield FieldList(id="fields")
            with Container(id="right"):
                yield TextView(id="text")
                yield LayerPane(id="layers")
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill the list; the rest follows from its cursor."""
        for pane, title in _TITLES.items():
            self.query_one(pane).border_title = title
        questions = self.query_one(QuestionList)
        questions.show(self._desk.questions)
        questions.choose(FIRST)
        self.watch(self.app, "look", self._on_look)

    @property
    def question(self) -> Question | None:
        """The one under the cursor."""
        return self.query_one(QuestionList).chosen

    @property
    def paged(self) -> bool:
        """Whether the panes are pages, since they do not fit side by side."""
        return self.has_class("-narrow") or self.has_class("-short")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible now."""
        if not self.is_mounted:
            return True
        match action:
            case "start" | "flip" | "edit" | "fields":
                return self.question is not None and self.question.preset is not None
            case "undo":
                return self.question is not None and self._desk.is_changed(self.question)
            case "turn" | "leaf":
                return self.paged
            case "find":
                return not isinstance(self.focused, Input)
            case "all_questions":
                return self.has_class("-finding")
        return True

    # What is shown.

    def on_resize(self, event: Resize) -> None:
        """Panes side by side, or as pages."""
        self._show_page(self._page)

    @on(QuestionList.Moved, "#questions")
    def _on_question(self) -> None:
        """Another question: everything follows."""
        self._show()
        self.query_one("#text", TextView).scroll_home(animate=False)

    def _on_look(self, look: Look | None) -> None:
        if look is None:
            return
        from tp1tui.tui.bench.history import marks, overview

        self.query_one(QuestionList).mark(marks(look.runs))
        self.query_one(TopBar).state = look.problem or overview(look.runs)
        self._show()

    def _show(self) -> None:
        question = self.question
        self.query_one(FieldList).show(
            self._desk.main_rows(question) if question else [], self._desk.other_rows(question) if question else []
        )
        self.query_one(QuestionList).star(self._desk.changed)
        experiment = self._desk.experiment(question) if question else None
        self.query_one(LayerPane).show(experiment.layer_table() if experiment else ())
        self.query_one("#text", TextView).show_text(self._words(question, experiment))
        self.refresh_bindings()

    def _words(self, question: Question | None, experiment: Experiment | None) -> Content:
        if question is None:
            return NOTHING_FOUND
        look = self.lab.look
        nothing_yet = not look.runs if look else nothing_run_yet(self.lab.runs_dir)
        cost = before(experiment, self._desk.device, look) if experiment else ()
        return about(question, cost, newcomer=nothing_yet and question.id == FIRST)

    # Pages, where the panes do not fit side by side.

    def action_turn(self, page: str) -> None:
        """Open a page."""
        self._show_page(page)
        self.query_one(FieldList if page == "experiment" else QuestionList).focus()

    def action_leaf(self, by: int) -> None:
        """Open the page beside this one."""
        self.action_turn(PAGES[(PAGES.index(self._page) + by) % len(PAGES)])

    def _show_page(self, page: str) -> None:
        self._page = page
        for name in PAGES:
            self.set_class(self.paged and name == page, f"-page-{name}")
        bar = self.query_one(TopBar)
        bar.pages, bar.page = (PAGES if self.paged else ()), page
        self.refresh_bindings()

    # Finding.

    def action_find(self) -> None:
        """Open the line in which words to find are typed."""
        self.add_class("-finding")
        words = self.query_one("#words", Input)
        words.display = True  # at once: what is not displayed cannot be focused
        self.set_focus(words)

    def action_all_questions(self) -> None:
        """Close that line again."""
        self.remove_class("-finding")
        words = self.query_one("#words", Input)
        words.clear()
        words.display = False
        self.query_one(QuestionList).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """List what has the words."""
        self.query_one(QuestionList).show(matching(self._desk.questions, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: on to the list of what was found."""
        self.query_one(QuestionList).focus()

    # Changing.

    def action_flip(self, switch: Switch) -> None:
        """Flip a switch of the experiment."""
        if self.question is None:
            return
        try:
            self._desk.flip(self.question, switch)
        except ValueError as error:
            self.notify(str(error), severity="warning")
        self._show()

    def action_undo(self) -> None:
        """Take back every change of this question."""
        if self.question:
            self._desk.undo(self.question)
            self._show()

    def action_fields(self) -> None:
        """Go to the fields, to choose one to edit."""
        if self.paged:
            self._show_page("experiment")
        self.query_one(FieldList).focus()

    def action_edit(self, path: str) -> None:
        """Edit one field."""
        row = (
            next((row for row in self._desk.main_rows(self.question) if row.path == path), None)
            if self.question
            else None
        )
        if row:
            self._edit(row)

    def on_field_list_edit_asked(self, event: FieldList.EditAsked) -> None:
        """Enter on a field."""
        if event.row.switch:
            self.action_flip(event.row.switch)
        else:
            self._edit(event.row)

    def _edit(self, row: FieldRow) -> None:
        from tp1tui.tui.screens.edit import EditModal

        question = self.question
        if question is None:
            return

        def take_over(text: str) -> str:
            self._desk.edit(question, row.path, text)
            return text

        experiment = self._desk.experiment(question)
        allowed = hint(experiment, row.path) if experiment else ""
        self.app.push_screen(EditModal(f"{row.label} of {question.number}", row.edit, allowed, take_over), self._edited)

    def _edited(self, text: str | None) -> None:
        if text is not None:
            self.lab.device = self._desk.device
            self._show()

    # Going elsewhere.

    def action_start(self) -> None:
        """Start the experiment as it stands, and open its screen."""
        spec = self._desk.spec(self.question) if self.question else None
        if spec:
            self.lab.start(spec, self._desk.device)

    def action_runs(self) -> None:
        """The list of runs."""
        from tp1tui.tui.screens.runs import RunsScreen

        self.app.push_screen(RunsScreen())


_TITLES = {"#choose": "questions", "#fields": "experiment", "#text": "question", "#layers": "layers"}
