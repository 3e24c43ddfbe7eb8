"""What every widget shares that draws plots or pictures: the characters that a person likes, the colours there are."""

from __future__ import annotations

from typing import cast

from textual.widget import Widget

from tp1tui.tui.lab import Lab
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.ink import Ink


class Inked(Widget):
    """Follows the app's choice of characters. Named last among bases: Textual takes styles from the first alone."""

    glyphs = Glyphs.BRAILLE

    def on_mount(self) -> None:
        """Follow the app."""
        self.watch(self.app, "glyphs", self._draw_with)

    def draw_now(self) -> None:
        """Draw for the size there is now."""
        raise NotImplementedError

    @property
    def ink(self) -> Ink:
        """What to draw with."""
        return Ink.of(cast("Lab", self.app).ability, self.glyphs)

    def _draw_with(self, glyphs: Glyphs) -> None:
        if glyphs is not self.glyphs:
            self.glyphs = glyphs
            self.draw_now()
