"""The keys of the bench: which of them are possible now, and those that turn its pages and find questions."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tp1tui.spec.experiment import Switch
from tp1tui.tui.bench.catalog import matching
from tp1tui.tui.bench.desk import PHOTOGRAPHS
from tp1tui.tui.screens.bench_edits import EditKeys
from tp1tui.tui.screens.bench_onward import OnwardKeys
from tp1tui.tui.screens.bench_page import PAGES
from tp1tui.tui.switches import SWITCH_KEYS, absent
from tp1tui.tui.widgets.field_list import FieldList
from tp1tui.tui.widgets.question_list import QuestionList
from tp1tui.tui.widgets.schedule_pane import SchedulePane

_SWITCHES = Binding.Group("flip")


class BenchKeys(EditKeys, OnwardKeys):
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is not possible now."""
        if not self.is_mounted:
            return True
        match action:
            case "start" | "fields" | "card":
                return self.question is not None and self.question.preset is not None
            case "edit":
                return self.row(cast("str", parameters[0])) is not None
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
        """Open the line in which words to find are typed, on the page that has room for it and the list."""
        if self.paged:
            self.show_page(PAGES[0])
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

    # The first steps.

    def action_first_steps(self) -> None:
        """What a newcomer is shown."""
        from tp1tui.tui.screens.welcome import WelcomeScreen

        if spec := self.desk.first_steps:
            self.app.push_screen(WelcomeScreen(spec, self._on_to_photographs))

    def _on_to_photographs(self) -> None:
        self.action_all_questions()
        self.query_one(QuestionList).choose(PHOTOGRAPHS)
