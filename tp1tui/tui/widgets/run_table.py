"""A table of runs that keeps its cursor on the same run while runs come, go and change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary


class RunRows(OptionList, inherit_bindings=False):
    """The rows, one of which is under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "the run above", show=False),
        Binding("down", "cursor_down", "the run below", show=False),
        Binding("home", "first", "the newest run", show=False),
        Binding("end", "last", "the oldest run", show=False),
        Binding("pageup", "page_up", "a page up", show=False),
        Binding("pagedown", "page_down", "a page down", show=False),
    ]


class RunTable(Vertical):
    """Tells which run the cursor is on, and when one is clicked."""

    @dataclass
    class Chosen(Message):
        """The cursor stands on another run."""

    @dataclass
    class Opened(Message):
        """A run was clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id)
        self._runs: tuple[RunSummary, ...] = ()
        self._prompts: dict[str, Content] = {}

    def compose(self) -> ComposeResult:
        """Heading and rows."""
        yield Static(id="run-head", markup=False)
        yield RunRows(id="run-rows")

    @property
    def chosen(self) -> RunSummary | None:
        """The run under the cursor."""
        rows = self.query_one(RunRows)
        if rows.highlighted is None:
            return None
        wanted = rows.get_option_at_index(rows.highlighted).id
        return next((run for run in self._runs if run.id == wanted), None)

    def show(self, runs: Sequence[RunSummary]) -> None:
        """List these runs; only rows that changed are drawn again."""
        self._runs = tuple(runs)
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Columns give way to the width."""
        self._draw()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another run."""
        event.stop()
        self.post_message(self.Chosen())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        event.stop()
        self.post_message(self.Opened())

    def _draw(self) -> None:
        from tp1tui.tui.bench.run_columns import run_lines

        rows = self.query_one(RunRows)
        width = rows.scrollable_content_region.width
        if width <= 0:
            return
        lines = run_lines(self._runs, width)
        self.query_one("#run-head", Static).update(lines.head if self._runs else "")
        prompts = {run.id: _prompt(run, line) for run, line in zip(self._runs, lines.rows, strict=True)}
        if list(prompts) == list(self._prompts):
            for run_id, prompt in prompts.items():
                if prompt != self._prompts[run_id]:
                    rows.replace_option_prompt(run_id, prompt)
        else:
            self._replace(rows, prompts)
        self._prompts = prompts

    def _replace(self, rows: RunRows, prompts: dict[str, Content]) -> None:
        chosen = rows.get_option_at_index(rows.highlighted).id if rows.highlighted is not None else None
        rows.set_options([Option(prompt, id=run_id) for run_id, prompt in prompts.items()])
        if prompts:
            rows.highlighted = rows.get_option_index(chosen) if chosen in prompts and chosen else 0


def _prompt(run: RunSummary, line: str) -> Content:
    if run.problem:
        return Content.assemble((line, "$error"), "\n  ", (run.problem, "$text-muted"))
    return Content.styled(line, _STYLES.get(run.state, ""))


_STYLES = {"running": "bold $success", "paused": "bold $warning", "failed": "$error", "interrupted": "$warning"}
