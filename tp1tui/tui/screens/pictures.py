"""A handful of training images, as they are and as the network gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize

from tp1tui.spec.experiment import Experiment, Switch
from tp1tui.tui.bench.fields import main_fields
from tp1tui.tui.pictures.painter import Answer, Painter, Request
from tp1tui.tui.pictures.pairs import layout, pair_lines
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.run.lines import Line, Tone, fitted, width_of, wrapped
from tp1tui.tui.screens.page import Page
from tp1tui.tui.switches import SWITCH_KEYS
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_view import LineView

LOOK_EVERY = 1.0
"""Seconds between two looks at whether the experiment is another: a run's switches may be flipped elsewhere."""
GAP = 3
_SWITCHES: tuple[Switch, ...] = ("augmentation", "standardization")


class PicturesScreen(Page):
    """Asks a process of its own for the images, so that no key waits for them."""

    CSS_PATH = "pictures.tcss"
    AUTO_FOCUS = ""
    HELP = (
        "The first training images of an epoch: above each as it is, below it as the network gets it, augmented and "
        "standardized as the experiment stands now, with the label that the network is to answer. Space shows the "
        "draws of the next epoch. The draws are those that the run makes: the same seed and epoch give the same. "
        "Where colours are missing, shades of light stand for them; m draws without blocks."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "again", "draw anew"),
        Binding("a", "flip('augmentation')", "augmentation"),
        Binding("n", "flip('standardization')", "standardization"),
        Binding("m", "glyphs", "other characters", show=False, id="pictures.glyphs"),
        Binding("escape", "back", "back"),
        Binding("i", "back", "back", show=False),
        Binding("q", "app.quit", "quit"),
    ]

    def __init__(
        self, experiment: Callable[[], Experiment | None], flip: Callable[[Switch], str | None] | None = None
    ) -> None:
        """Prepare the screen.

        Args:
            experiment: The experiment as it stands now.
            flip: Flips a switch of it, or says in a sentence why it cannot; None where nothing can be flipped here.
        """
        super().__init__()
        self._experiment_now, self._flip = experiment, flip
        self._painter = Painter(self._heard)
        self._plain = False
        self._epoch = 1
        self._asked: Request | None = None
        self._answer: Answer | None = None

    def compose(self) -> ComposeResult:
        """What is on, the images, how to read them, keys."""
        yield LineView(id="head")
        yield LineView(id="images")
        yield LineView(id="note")
        yield KeyBar()

    def on_mount(self) -> None:
        """Start the process; what is shown follows its answers."""
        self._serve()
        self._ask()
        self.set_interval(LOOK_EVERY, self._ask)

    def on_unmount(self) -> None:
        """Let the process end."""
        self._painter.close()

    @work(exclusive=True, group="painter")
    async def _serve(self) -> None:
        await self._painter.run()

    def on_resize(self, event: Resize) -> None:
        """Another size has room for other images."""
        self.call_after_refresh(self._ask)
        self.call_after_refresh(self._draw)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Switches are flipped on the bench only; a run's own screen flips its."""
        return action != "flip" or self._flip is not None

    def action_again(self) -> None:
        """The draws of the next epoch."""
        self._epoch += 1
        self._ask()

    def action_flip(self, switch: Switch) -> None:
        """Flip a switch of the experiment, right here."""
        reason = self._flip(switch) if self._flip else None
        if reason:
            self.notify(reason, severity="warning")
        self._ask()

    def action_glyphs(self) -> None:
        """Draw with half blocks, or with plain characters."""
        self._plain = not self._plain
        self._draw()

    def _ask(self) -> None:
        """Ask for images where others are wanted than those that were asked for."""
        experiment = self._experiment_now()
        width, height = self.query_one("#images").content_size
        if experiment is None or width < 1 or height < 1:
            return
        count = layout(width, height, experiment.facts.shape[-1]).count
        request = Request(experiment, count, self._epoch)
        if request != self._asked:
            self._asked = request
            self._painter.ask(request)
            self._draw_words()

    def _heard(self, answer: Answer) -> None:
        if not self.is_attached:
            return
        if not answer.doing:
            self._answer = answer
            self._draw()
        self._draw_words(answer.doing)

    def _draw(self) -> None:
        """The images that came last, in the room that there is."""
        answer, view = self._answer, self.query_one("#images", LineView)
        width, height = view.content_size
        if answer is None or width < 1 or height < 1:
            return
        if answer.problem:
            view.show_lines(wrapped(answer.problem, Tone.WARN, width))
            return
        ink = Ink.of(self.lab.ability, Glyphs.ASCII if self._plain else self.lab.glyphs)
        place = layout(width, height, answer.request.experiment.facts.shape[-1])
        view.show_lines(pair_lines(answer.originals, answer.seen, place, ink))

    def _draw_words(self, doing: str = "") -> None:
        """What is on, whether the images are still being drawn, and how to read them."""
        if self._asked is None:
            return
        experiment = self._asked.experiment
        head, note = self.query_one("#head", LineView), self.query_one("#note", LineView)
        width = head.content_size.width
        head.show_lines([_head_line(experiment, self._asked.epoch, width)])
        waiting = f"{doing or 'drawing'} …" if self._painter.is_busy else ""
        text = waiting or (self._answer.note if self._answer else "")
        note.show_lines(wrapped(text, Tone.DIM, width))


def _head_line(experiment: Experiment, epoch: int, width: int) -> Line:
    """Of which epoch the draws are, and what is on; how it does that only where there is room."""
    rows = [row for row in main_fields(experiment, experiment) if row.switch in _SWITCHES]
    for values in ([row.value for row in rows], [row.value.partition(",")[0] for row in rows]):
        items: list[Line] = [((f"epoch {epoch}", Tone.STRONG),)]
        for row, value in zip(rows, values, strict=True):
            key = SWITCH_KEYS[row.switch] if row.switch else ""
            items.append(((f"{key} ", Tone.KEY), (f"{row.label} {value}", None)))
        if sum(map(width_of, items)) + GAP * (len(items) - 1) <= width:
            break
    return fitted(items, width, GAP)
