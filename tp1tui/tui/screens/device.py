"""Every device of this machine: how busy it is, how much of its memory is taken, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import time
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tp1tui.tui.device.meter import DeviceMeter
from tp1tui.tui.device.others import held_by_others
from tp1tui.tui.device.view import all_lines
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.run.lines import Line, Tone, wrapped
from tp1tui.tui.screens.page import Page
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.line_view import LineView
from tp1tui.tui.widgets.live_pane import LivePane
from tp1tui.tui.widgets.topbar import TopBar

SAMPLE_EVERY = 1.0
"""Seconds between two samples, at least."""


class DeviceScreen(Page):
    """Samples while it is looked at, in a thread of its own."""

    CSS_PATH = "device.tcss"
    HELP = (
        "The devices of this machine: each GPU that the NVIDIA driver shows, then the processor and the memory. Every "
        "chart goes from 0 to 100 % and shows the last minutes, as far as somebody looked; the temperature is in "
        "degrees. Under a GPU stands every process that uses it, those of other users marked. Where braille dots are "
        "missing in your font, m draws with blocks, then with plain ASCII."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "glyphs", "other plot characters"),
        Binding("escape,7", "back", "back"),
        Binding("q", "app.quit", "quit"),
    ]

    clock: Callable[[], float] = staticmethod(time)
    """Seconds since 1970."""

    def __init__(self, meter: DeviceMeter | None = None) -> None:
        """Prepare the screen.

        Args:
            meter: Who samples; one of its own when left out.
        """
        super().__init__()
        self._meter = meter or DeviceMeter()
        self._sampling = Lock()

    def compose(self) -> ComposeResult:
        """The charts between two bars."""
        yield TopBar()
        yield LineView(id="warning")
        yield LivePane("", "", self._lines, id="devices")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to sample."""
        pane = self.query_one(LivePane)
        pane.is_titled = False
        self._sample()
        self.set_interval(SAMPLE_EVERY, self._sample)

    def on_unmount(self) -> None:
        """Let go of the driver, unless a sample is being taken: then the process's end does."""
        if self._sampling.acquire(blocking=False):
            self._meter.close()

    def _sample(self) -> None:
        if self.in_sight:
            self.take_a_sample()

    @work(thread=True, group="device")
    def take_a_sample(self) -> None:
        """Sample where nobody waits for it; not while the driver is still busy with the one before."""
        if not self._sampling.acquire(blocking=False):
            return
        try:
            self._meter.sample(self.clock())
        finally:
            self._sampling.release()
        self.in_app(self._sampled)

    def _sampled(self) -> None:
        seen = self._meter.seen
        sentences = [sentence for gpu in seen.gpus if (sentence := held_by_others(gpu))] if seen else []
        width = self.size.width - 2
        self.query_one("#warning", LineView).show_lines(
            line for sentence in sentences for line in wrapped(sentence, Tone.WARN, width)
        )
        self.query_one(LivePane).draw_now()

    def _lines(self, width: int, height: int, ink: Ink) -> list[Line]:
        return all_lines(self._meter, width, height, ink.glyphs)
