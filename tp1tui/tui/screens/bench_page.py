"""What the keys of the bench share: its desk, the question under the cursor, the page that is open."""

from __future__ import annotations

from tp1tui.tui.bench.catalog import Question
from tp1tui.tui.bench.desk import Desk
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.question_list import QuestionList

PAGES = ("question", "experiment", "layers", "schedule")


class BenchPage(Page):
    """A screen with a desk. What it shows is its subclass's affair."""

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
