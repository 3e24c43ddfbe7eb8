"""The bench: choose a question, see what it would run, change it, start it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.events import Resize

from tp1tui.spec.preset import MeasurePreset, Preset
from tp1tui.tui.bench.about import about
from tp1tui.tui.bench.before import Before
from tp1tui.tui.bench.catalog import Question
from tp1tui.tui.bench.desk import FIRST, Desk
from tp1tui.tui.look import Look, nothing_run_yet
from tp1tui.tui.screens.bench_keys import BenchKeys
from tp1tui.tui.screens.bench_page import PAGES
from tp1tui.tui.widgets.field_list import FieldList
from tp1tui.tui.widgets.find_line import FindLine
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.layer_pane import LayerPane
from tp1tui.tui.widgets.question_list import QuestionList
from tp1tui.tui.widgets.schedule_pane import SchedulePane
from tp1tui.tui.widgets.text_view import TextView
from tp1tui.tui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from tp1tui.tui.widgets.result_pane import ResultPane

NOTHING_FOUND = Content("No question has all of these words. Esc shows all questions again.")


class BenchScreen(BenchKeys):
    """The list on the left; words, fields and layers of the chosen question beside it, or as pages."""

    AUTO_FOCUS = "#questions"
    HELP = (
        "Choose a question with the arrow keys: what it asks and what it would run follow at once. Enter starts the "
        "training and opens its screen; where its device has a run already, it waits in line for it. Switches turn "
        "parts of the experiment on and off; every other field can be edited, and a star marks what differs from "
        "the preset; on a number, + and - try the next value. A measure that is arithmetic alone shows its results "
        "at once. Changes stay until you undo them or quit. Tab moves between the panes, each of which scrolls with "
        "the arrow keys."
    )
    follows_runs = True
    _calculated: Preset | None = None
    """Whose results are shown."""

    def __init__(self, desk: Desk) -> None:
        """Prepare the bench; the desk is what lies on it."""
        super().__init__(desk)
        self._before = Before()

    def compose(self) -> ComposeResult:
        """The list and four panes between two bars."""
        yield TopBar()
        with Container(id="panes"):
            with Container(id="left"):
                with Container(id="choose"):
                    yield FindLine(placeholder="words to find", id="words", compact=True)
                    yield QuestionList(id="questions")
                yield FieldList(id="fields")
            with Container(id="right"):
                yield TextView(id="text")
                yield SchedulePane(id="schedule")
                yield LayerPane(id="layers")
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill the list; the rest follows from its cursor."""
        for pane, title in _TITLES.items():
            self.query_one(pane).border_title = title
        questions = self.query_one(QuestionList)
        questions.show(self.desk.questions)
        questions.choose(FIRST)
        self.watch(self.app, "look", self._on_look)

    # What is shown.

    def on_resize(self, event: Resize) -> None:
        """Panes side by side, or as pages."""
        self.show_page(self.page)

    @on(QuestionList.Moved, "#questions")
    def _on_question(self) -> None:
        """Another question: everything follows."""
        self.show()
        self.query_one("#text", TextView).scroll_home(animate=False)

    def _on_look(self, look: Look | None) -> None:
        if look is None:
            return
        from tp1tui.tui.bench.history import marks, overview

        self.query_one(QuestionList).mark(marks(look.runs))
        self.query_one(QuestionList).tick(look.answered)
        news = (look.fetching, look.problem or overview(look.runs))
        self.query_one(TopBar).state = ", ".join(filter(None, news))
        self.show()

    def show(self) -> None:
        """Show the chosen question and its experiment as they stand."""
        question = self.question
        self.query_one(FieldList).show(
            self.desk.main_rows(question) if question else [], self.desk.other_rows(question) if question else []
        )
        self.query_one(QuestionList).star(self.desk.changed)
        experiment = self.desk.experiment(question) if question else None
        self.query_one(LayerPane).show(experiment.layer_table() if experiment else ())
        self._show_instant(question)
        schedule = self.query_one(SchedulePane)
        schedule.show(self.desk.asked(question) if question else None)
        self.set_class(schedule.worth_a_look, "-scheduled")
        self.query_one("#text", TextView).show_text(self._words(question))
        self.refresh_bindings()

    def _show_instant(self, question: Question | None) -> None:
        """The results of a measure that is arithmetic alone, in the place of the layers."""
        asked = self.desk.asked(question) if question else None
        if asked is self._calculated:
            return
        self._calculated = asked
        instant = isinstance(asked, MeasurePreset) and asked.measure.instant
        if instant != self.has_class("-instant"):
            self.set_class(instant, "-instant")
            self.show_page(self.page)
        if isinstance(asked, MeasurePreset) and instant:
            from tp1tui.spec.instant import instant_results

            self._result_pane.show(instant_results(asked.measure, asked.experiment) or ())

    @property
    def _result_pane(self) -> ResultPane:
        """Made when it is first wanted: most people begin with a training."""
        from tp1tui.tui.widgets.result_pane import ResultPane

        pane = next(iter(self.query(ResultPane)), None)
        if pane is None:
            pane = ResultPane(id="results")
            pane.border_title = "results"
            self.query_one("#right").mount(pane)
        return pane

    def _words(self, question: Question | None) -> Content:
        if question is None:
            return NOTHING_FOUND
        look = self.lab.look
        nothing_yet = not look.runs if look else nothing_run_yet(self.lab.runs_dir)
        asked = self.desk.asked(question)
        cost = self._before.sentences(asked, self.desk.device, look) if asked else ()
        newcomer = nothing_yet and question.id == FIRST
        return about(question, cost, newcomer=newcomer, prediction=self.desk.prediction(question))

    # Pages, where the panes do not fit side by side.

    def show_page(self, page: str) -> None:
        """Open a page, where the panes do not fit side by side."""
        self.page = page
        for name in PAGES:
            self.set_class(self.paged and name == page, f"-page-{name}")
        bar = self.query_one(TopBar)
        names = {"layers": "results"} if self.has_class("-instant") else {}
        bar.pages = tuple(names.get(name, name) for name in PAGES) if self.paged else ()
        bar.page = names.get(page, page)
        self.refresh_bindings()


_TITLES = {
    "#choose": "questions",
    "#fields": "experiment",
    "#text": "question",
    "#schedule": "schedule",
    "#layers": "layers",
}
