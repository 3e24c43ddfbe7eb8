"""The keys of the bench: which of them are possible now, and what they do to the desk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tp1tui.spec.experiment import Switch
from tp1tui.spec.faults import SpecError
from tp1tui.tui.bench.before import needed
from tp1tui.tui.bench.catalog import Question, matching
from tp1tui.tui.bench.desk import PHOTOGRAPHS, Desk
from tp1tui.tui.bench.edits import AS_IN_A_FILE, hint
from tp1tui.tui.bench.fields import FieldRow
from tp1tui.tui.bench.kind_fields import kind_hint
from tp1tui.tui.screens.page import Page
from tp1tui.tui.switches import SWITCH_KEYS, absent, no_images, why_not
from tp1tui.tui.widgets.field_list import FieldList
from tp1tui.tui.widgets.question_list import QuestionList
from tp1tui.tui.widgets.schedule_pane import SchedulePane

if TYPE_CHECKING:
    from tp1tui.tui.question.topic import Topic

PAGES = ("question", "experiment", "layers", "schedule")
_SWITCHES = Binding.Group("flip")


class BenchKeys(Page):
    """A screen that changes what lies on a desk. What it shows is its subclass's affair."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "start"),
        Binding("a", "flip('augmentation')", "augmentation on or off", group=_SWITCHES),
        Binding("d", "flip('dropout')", "dropout on or off", group=_SWITCHES),
        Binding("n", "flip('standardization')", "standardization on or off", group=_SWITCHES),
        Binding("b", "flip('batchnorm')", "batch normalization on or off", group=_SWITCHES),
        *(Binding(key, f"explain('{switch}')", show=False, system=True) for switch, key in SWITCH_KEYS.items()),
        Binding("e", "fields", "edit"),
        Binding("escape", "all_questions", "all questions"),
        Binding("u", "undo", "undo all"),
        # Obeyed before the next key is looked at, so that words typed in one go all reach the line.
        Binding("slash", "find", "find", key_display="/", priority=True),
        Binding("r", "runs", "runs"),
        Binding("q", "app.quit", "quit"),
        Binding("A", "card", "card"),
        Binding("i", "pictures", "pictures"),
        Binding("s", "start", "start", show=False),
        Binding("L", "edit('optimizer.lr')", "edit the learning rate", show=False),
        Binding("B", "edit('batch_size')", "edit the batch size", show=False),
        Binding("E", "edit('epochs')", "edit the epochs", show=False),
        Binding("S", "edit('seed')", "edit the seed", show=False),
        Binding("D", "edit('device')", "choose the device", show=False),
        Binding("1", "turn('question')", "page 1: the question", show=False),
        Binding("2", "turn('experiment')", "page 2: the experiment", show=False),
        Binding("3", "turn('layers')", "page 3: the layers", show=False),
        Binding("4", "turn('schedule')", "page 4: the learning rate over time", show=False),
        Binding("m", "glyphs", "other plot characters", show=False),
        Binding("W", "first_steps", "the first steps again", show=False),
        Binding("right", "leaf(1)", "the next page", show=False),
        Binding("left", "leaf(-1)", "the page before", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        """Prepare the bench; the desk is what lies on it."""
        super().__init__()
        self.desk = desk
        self.page = PAGES[0]

    def show(self) -> None:
        """Show the chosen question and its experiment as they stand."""
        raise NotImplementedError

    def show_page(self, page: str) -> None:
        """Open a page, where the panes do not fit side by side."""
        raise NotImplementedError

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
            case "start" | "fields" | "card":
                return self.question is not None and self.question.preset is not None
            case "edit":
                return self._row(cast("str", parameters[0])) is not None
            case "flip" | "explain":
                experiment = self.desk.experiment(self.question) if self.question else None
                if experiment is None:
                    return False
                return (action == "explain") == (absent(experiment, cast("Switch", parameters[0])) is not None)
            case "pictures":
                return self.question is not None and self.desk.experiment(self.question) is not None
            case "first_steps":
                return self.desk.first_steps is not None
            case "undo":
                return self.question is not None and self.desk.is_changed(self.question)
            case "turn" | "leaf":
                return self.paged
            case "glyphs":
                schedule = self.query_one(SchedulePane)
                return schedule.display and schedule.worth_a_look
            case "find":
                return not isinstance(self.focused, Input)
            case "all_questions":
                return self.has_class("-finding")
        return True

    # Pages.

    def action_turn(self, page: str) -> None:
        """Open a page."""
        self.show_page(page)
        self.query_one(FieldList if page == "experiment" else QuestionList).focus()

    def action_leaf(self, by: int) -> None:
        """Open the page beside this one."""
        self.action_turn(PAGES[(PAGES.index(self.page) + by) % len(PAGES)])

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
        """List what has the words, the cursor on the first of them."""
        questions, found = self.query_one(QuestionList), matching(self.desk.questions, event.value)
        questions.show(found)
        if event.value and found:
            questions.choose(found[0].id)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: on to the list of what was found."""
        self.query_one(QuestionList).focus()

    # Changing.

    def action_flip(self, switch: Switch) -> None:
        """Flip a switch of the experiment."""
        experiment = self.desk.experiment(self.question) if self.question else None
        if self.question is None or experiment is None:
            return
        reason = why_not(experiment, switch)
        if reason:
            self.notify(reason, severity="warning")
        else:
            self.desk.flip(self.question, switch)
            self.show()

    def action_pictures(self) -> None:
        """Open training images as the network would get them."""
        question = self.question
        experiment = self.desk.experiment(question) if question else None
        if question is None or experiment is None:
            return
        if reason := no_images(experiment):
            self.notify(reason, severity="warning")
            return
        from tp1tui.tui.screens.pictures import PicturesScreen

        def flip(switch: Switch) -> str | None:
            before = self.desk.experiment(question)
            reason = why_not(before, switch) if before else None
            if not reason:
                self.desk.flip(question, switch)
                self.show()
            return reason

        self.app.push_screen(PicturesScreen(lambda: self.desk.experiment(question), flip))

    def action_explain(self, switch: Switch) -> None:
        """Say why there is nothing to switch."""
        self.action_flip(switch)

    def action_undo(self) -> None:
        """Take back every change of this question."""
        if self.question:
            self.desk.undo(self.question)
            self.show()

    def action_fields(self) -> None:
        """Go to the fields, to choose one to edit."""
        if self.paged:
            self.show_page("experiment")
        self.query_one(FieldList).focus()

    def action_edit(self, path: str) -> None:
        """Edit one field."""
        if row := self._row(path):
            self._edit(row)

    def _row(self, path: str) -> FieldRow | None:
        """A field of the chosen question; None where it has no such field."""
        rows = self.desk.main_rows(self.question) if self.question else []
        return next((row for row in rows if row.path == path), None)

    def on_field_list_edit_asked(self, event: FieldList.EditAsked) -> None:
        """Enter on a field."""
        if event.row.switch:
            self.action_flip(event.row.switch)
        else:
            self._edit(event.row)

    def on_field_list_nudged(self, event: FieldList.Nudged) -> None:
        """The next value up or down, where it is allowed."""
        if self.question is None:
            return
        try:
            self.desk.edit(self.question, event.row.path, event.text)
        except SpecError as error:
            self.notify(str(error), severity="warning")
        else:
            self.show()

    @on(FieldList.Moved, "#fields")
    def _on_field(self) -> None:
        """Another field, which may have a next value or none."""
        self.refresh_bindings()

    def _edit(self, row: FieldRow) -> None:
        from tp1tui.tui.screens.edit import EditModal

        question = self.question
        if question is None:
            return

        def take_over(text: str) -> str:
            self.desk.edit(question, row.path, text)
            return text

        asked, experiment = self.desk.asked(question), self.desk.experiment(question)
        allowed = (asked and kind_hint(asked, row.path)) or (hint(experiment, row.path) if experiment else AS_IN_A_FILE)
        self.app.push_screen(EditModal(f"{row.label} of {question.number}", row.edit, allowed, take_over), self._edited)

    def _edited(self, text: str | None) -> None:
        if text is not None:
            self.lab.device = self.desk.device
            self.show()

    # Going elsewhere.

    @property
    def topic(self) -> Topic | None:
        """The question under the cursor, with what is expected of its next run."""
        from tp1tui.tui.question.topic import Topic

        question = self.question
        if question is None or question.preset is None:
            return None

        def predict(text: str) -> None:
            self.desk.predict(question, text)
            self.show()

        return Topic(question.id, question.preset, prediction=self.desk.prediction(question), predict=predict)

    def action_start(self) -> None:
        """Start the experiment as it stands, once its dataset is here, and open its screen."""
        question = self.question
        asked = self.desk.asked(question) if question else None
        look, kind = self.lab.look, needed(asked) if asked else None
        if question is None or asked is None:
            return
        if kind is None or look is None or look.data[kind].state == "ready":
            self._start(question)
            return
        from tp1tui.tui.screens.fetch import FetchScreen

        self.lab.fetching(kind).start()
        self.app.push_screen(FetchScreen(kind, partial(self._start, question)))

    def _start(self, question: Question) -> None:
        """Start it, with what is expected of it."""
        spec = self.desk.spec(question)
        if spec:
            forget = partial(self.desk.predict, question, "")
            self.lab.start(spec, self.desk.device, self.desk.prediction(question), forget)

    def action_first_steps(self) -> None:
        """What a newcomer is shown."""
        from tp1tui.tui.screens.welcome import WelcomeScreen

        if spec := self.desk.first_steps:
            self.app.push_screen(WelcomeScreen(spec, self._on_to_photographs))

    def _on_to_photographs(self) -> None:
        self.action_all_questions()
        self.query_one(QuestionList).choose(PHOTOGRAPHS)

    def action_runs(self) -> None:
        """The list of runs."""
        from tp1tui.tui.screens.runs import RunsScreen

        self.app.push_screen(RunsScreen())
