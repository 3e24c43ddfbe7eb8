"""The keys that label runs and throw them away: pin, name, tags, note, trash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from tp1tui.tui.runs.columns import called
from tp1tui.tui.runs.rows import labels_on, runs_of
from tp1tui.tui.screens.runs_page import RunsPage
from tp1tui.tui.sweep.group import SweepRow
from tp1tui.tui.widgets.run_table import RunTable

if TYPE_CHECKING:
    from tp1tui.journal.labels import Labels
    from tp1tui.journal.listing import RunSummary
    from tp1tui.journal.trash import Thrown


class LabelKeys(RunsPage):
    """Pins, tags and the trash take all that is selected; a name and a note go to the row under the cursor."""

    thrown: Thrown | None = None
    """What was moved to the trash last."""
    _unwritten: tuple[Callable[[], None], ...] = ()
    """Each opens an editor again with a text that could not be written, in their order."""

    def on_screen_resume(self) -> None:
        """Give back what could not be written while something else lay over this."""
        self._edit_unwritten()

    @property
    def compared(self) -> list[RunSummary]:
        """Those of the picked runs that have curves."""
        runs = (run for entry in self.picked for run in runs_of(entry))
        return [run for run in runs if run.problem is None and run.kind == "run"]

    def action_pin(self) -> None:
        """Let the picked runs stand before the others, or among them again where all are pinned."""
        from tp1tui.journal.labels import Labels

        entries = self.picked
        pinned = all(labels_on(entry).pinned for entry in entries)
        self._relabel(entries, Labels.without_pin if pinned else Labels.with_pin)

    def action_rename(self) -> None:
        """Give the run or the sweep under the cursor a name."""
        from tp1tui.journal.labels import LONGEST_NAME

        entry = self.entry
        if entry is not None:
            hint = f"At most {LONGEST_NAME} characters; without any, it goes by its preset. Its id stays {entry.id}."
            self._edit("Name", [entry], labels_on(entry).name, hint, lambda text: lambda labels: labels.named(text))

    def action_note(self) -> None:
        """Write a note on the run or the sweep under the cursor."""
        from tp1tui.journal.labels import LONGEST_NOTE

        entry = self.entry
        if entry is not None:
            hint = f"A line of at most {LONGEST_NOTE} characters, shown under the table and on the run's screen."
            self._edit("Note", [entry], labels_on(entry).note, hint, lambda text: lambda labels: labels.noted(text))

    def action_tag(self) -> None:
        """Change the tags of the picked runs: those that all of them have."""
        from tp1tui.journal.labels import MOST_TAGS

        entries = self.picked
        if not entries:
            return
        shared = [tag for tag in labels_on(entries[0]).tags if all(tag in labels_on(entry).tags for entry in entries)]

        def change(text: str) -> Callable[[Labels], Labels]:
            tags = text.replace(",", " ").split()
            return lambda labels: labels.tagged([*(tag for tag in labels.tags if tag not in shared), *tags])

        hint = f"Up to {MOST_TAGS} words with spaces between, found again with /tag:word."
        if len(entries) > 1:
            hint = f"{hint} These are the tags that all have; each keeps what else it has."
        self._edit("Tags", entries, " ".join(shared), hint, change)

    def action_throw_away(self) -> None:
        """Move the picked runs to the trash; of a sweep, all of its runs."""
        from tp1tui.journal.trash import throw_away

        table, look = self.query_one(RunTable), self.lab.look
        going = {run.id for entry in self.picked for run in runs_of(entry)}
        if not going or look is None:
            return
        unseen = len(going - {run.id for run in table.listed})
        deed = partial(throw_away, self.lab.runs_dir, table.folders_of(going), datetime.now().astimezone())

        def then(thrown: Thrown) -> None:
            more = f" {unseen} of them {'is' if unseen == 1 else 'are'} not listed here." if unseen else ""
            self.notify(
                f"Moved {thrown.text} to the trash.{more} u brings back what went there last.",
                title="Trash",
                timeout=10,
            )
            self.thrown = thrown
            self._changed()

        self.lab.writes.ask("moving runs to the trash", deed, then, self._changed)

    def action_bring_back(self) -> None:
        """Bring back what was moved to the trash last."""
        from tp1tui.journal.trash import bring_back

        thrown = self.thrown
        if thrown is None:
            return

        def then(_: None) -> None:
            when = f"{thrown.at.day} {thrown.at:%b %H:%M}"
            self.notify(f"Brought back {thrown.text}, in the trash since {when}.", title="Trash", timeout=10)
            self._changed()

        self.thrown = None  # until the next look tells what lies there still
        self.lab.writes.ask("bringing runs back", partial(bring_back, self.lab.runs_dir, thrown), then, self._changed)

    def _edit(
        self,
        what: str,
        entries: list[RunSummary | SweepRow],
        value: str,
        hint: str,
        change: Callable[[str], Callable[[Labels], Labels]],
    ) -> None:
        from tp1tui.tui.screens.edit import EditModal

        def check(text: str) -> str:
            for entry in entries:
                change(text)(labels_on(entry))
            return text

        whose = called(entries[0]) if len(entries) == 1 else f"{len(entries)} runs and sweeps"
        title = f"{what} of {whose}"

        def checked(text: str | None) -> None:
            if text is not None:
                again = partial(self._edit, what, entries, text, hint, change)
                self._relabel(entries, change(text), partial(self._give_back, f"{title}: {text}", again))

        self.app.push_screen(EditModal(title, value, hint, check), checked)

    def _give_back(self, unwritten: str, again: Callable[[], None]) -> None:
        """Open the editor again with what could not be written; say it where this screen was left meanwhile."""
        if self.is_attached:
            self._unwritten = (*self._unwritten, again)
            self._edit_unwritten()
        else:
            self.notify(unwritten, title="Not written", severity="warning", timeout=15)

    def _edit_unwritten(self) -> None:
        """Where this is on top; else it is tried again when it comes to be."""
        if self._unwritten and self.is_active:
            again, *others = self._unwritten
            self._unwritten = tuple(others)
            again()

    def _relabel(
        self,
        entries: list[RunSummary | SweepRow],
        change: Callable[[Labels], Labels],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        from tp1tui.journal.labels import relabel

        def write() -> None:
            for entry in entries:
                relabel(entry.path, change)

        def not_written() -> None:
            self._changed()
            failed()

        self.lab.writes.ask("writing labels", write, lambda _: self._changed(), not_written)

    def _changed(self) -> None:
        """Look at the folder at once."""
        self.lab.look_again()
        self.while_here(self.refresh_bindings)
