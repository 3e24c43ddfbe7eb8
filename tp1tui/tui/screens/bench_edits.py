"""The keys that change an experiment on the desk: its switches and its fields, and all of it undone."""

from __future__ import annotations

from textual import on

from tp1tui.spec.experiment import Switch
from tp1tui.spec.faults import SpecError
from tp1tui.tui.bench.edits import AS_IN_A_FILE, hint
from tp1tui.tui.bench.fields import FieldRow
from tp1tui.tui.bench.kind_fields import kind_hint, title
from tp1tui.tui.screens.bench_page import BenchPage
from tp1tui.tui.switches import why_not
from tp1tui.tui.widgets.field_list import FieldList


class EditKeys(BenchPage):
    """They act on the question under the cursor."""

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
        if row := self.row(path):
            self._edit(row)

    def row(self, path: str) -> FieldRow | None:
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
        self.app.push_screen(EditModal(title(row, question.number), row.edit, allowed, take_over), self._edited)

    def _edited(self, text: str | None) -> None:
        if text is not None:
            self.lab.device = self.desk.device
            self.show()
