"""What a terminal can show."""

from __future__ import annotations

from dataclasses import dataclass

from tp1tui import settings
from tp1tui.settings import Colours


@dataclass(frozen=True)
class Ability:
    """What can be drawn; what cannot is told by other characters, and by words."""

    colours: Colours = "truecolor"
    unicode: bool = True
    """Whether there are characters beyond ASCII."""

    @classmethod
    def here(cls, *, ascii_only: bool | None = None) -> Ability:
        """Of this terminal, as the environment tells; a person may say better whether it has ASCII only."""
        return cls(settings.terminal_colours(), settings.terminal_unicode() if ascii_only is None else not ascii_only)
