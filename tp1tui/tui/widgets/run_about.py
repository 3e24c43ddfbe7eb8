"""What the run was for: the question, what to look for, what the report found."""

from __future__ import annotations

from textual.content import Content

from tp1tui.spec.frozen import RunSpec
from tp1tui.tui.widgets.text_view import TextView
from tp1tui.tui.words import flowing, numbered


class RunAbout(TextView):
    """A few paragraphs, scrolled where they do not fit."""

    DEFAULT_CSS = "RunAbout { height: 1fr; }"

    def show(self, spec: RunSpec) -> None:
        """Tell what this run was asked to do."""
        parts = [
            ("question", flowing(spec.question)),
            ("try", numbered(spec.to_try)),
            ("look for", flowing(spec.look_for)),
            ("the report", flowing(spec.report.text)),
        ]
        paragraphs = [Content.assemble((title, "bold"), "\n", text) for title, text in parts if text]
        self.show_text(Content("\n\n").join(paragraphs))
