"""What a person likes, kept from one time to the next: the colours, the plots' characters, the scale of losses."""

from __future__ import annotations

import tomllib
from pathlib import Path

import tomli_w
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from tp1tui.files.plain import content
from tp1tui.files.private import make_private, strangers
from tp1tui.journal.atomic import replacing
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.themes import THEMES

FILE = "preferences.toml"
MOST_BYTES = 100_000
"""Of the file."""


class Preferences(BaseModel):
    """All of them. What a later version knows besides is kept as it is."""

    model_config = ConfigDict(frozen=True, extra="allow")

    theme: str = "dark"
    """One of `THEMES`."""
    glyphs: Glyphs = Glyphs.BRAILLE
    """Which characters plots are made of."""
    log_y: bool = False
    """Whether losses are on a log scale."""

    @field_validator("theme")
    @classmethod
    def _is_known(cls, theme: str) -> str:
        if theme not in THEMES:
            raise ValueError(unknown_theme(theme))
        return theme


def unknown_theme(name: str) -> str:
    """That there is no such theme, in a sentence."""
    return f"There is no theme {name!r}. There are: {', '.join(THEMES)}."


class PreferencesFile:
    """The file that they are kept in, written whole or not at all. One that is damaged is left as it is."""

    def __init__(self, folder: Path) -> None:
        """Read the file of a folder, which need not be there.

        Args:
            folder: Of a person's settings.
        """
        self.path = folder / FILE
        self.fault = ""
        """What is wrong with the file, as a sentence; empty where nothing is."""
        self.preferences = self._read()

    def _read(self) -> Preferences:
        try:
            reason = strangers(self.path.parent) or strangers(self.path)
            if reason is None:
                return Preferences.model_validate(tomllib.loads(content(self.path, MOST_BYTES).decode("utf-8")))
        except FileNotFoundError:
            return Preferences()
        except OSError as error:
            reason = str(error.strerror)
        except UnicodeDecodeError:
            reason = "it is not UTF-8"
        except tomllib.TOMLDecodeError as error:
            reason = f"it is not TOML: {error}"
        except RecursionError:
            reason = "it is nested too deeply"
        except ValidationError as error:
            first = error.errors()[0]
            reason = f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}"
        self.fault = (
            f"{self.path} cannot be used: {reason.rstrip('.')}. It is left as it is, and what you like now is not "
            "remembered; mend it or remove it."
        )
        return Preferences()

    def keep(self, preferences: Preferences) -> str:
        """Write them, unless the file is damaged. Returns what went wrong, as a sentence; empty where nothing did."""
        if self.fault:
            return ""
        try:
            make_private(self.path.parent)
            with replacing(self.path) as file:
                file.write(tomli_w.dumps(preferences.model_dump(mode="json")))
        except OSError as error:
            return f"What you like cannot be remembered: {self.path} cannot be written: {error.strerror}."
        self.preferences = preferences
        return ""
