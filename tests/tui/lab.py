"""The smallest app that a run screen can live in, and waiting for what it shows."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.pilot import Pilot
from textual.reactive import var
from textual.screen import Screen

from tests.waiting import PATIENCE
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.preferences import Preferences
from tp1tui.tui.question.unkept import UnkeptAnswers
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.themes import DARK, THEMES
from tp1tui.tui.writes import Writes


class Lab(App[str]):
    """What the run screen asks of its app, and nothing else."""

    TITLE = "tp1tui"
    ability = Ability()
    keys_changed = False
    preferences: var[Preferences] = var(Preferences)
    glyphs: var[Glyphs] = var(Glyphs.BRAILLE)
    BINDINGS = [Binding("question_mark", "help", "help", key_display="?")]  # noqa: RUF012

    def __init__(self, folder: RunFolder, reference: RunFolder | None = None) -> None:
        super().__init__()
        self.runs_dir, self.device = folder.path.parent, "cpu"
        self.left = False
        self._folder, self._reference = folder, reference
        self.writes = Writes(self)
        self.unkept = UnkeptAnswers()
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[Any]:
        return Screen()

    def on_mount(self) -> None:
        screen = RunScreen(self._folder, self._reference)
        moment = _last_time(self._folder) + 1
        screen.clock = lambda: moment
        self.push_screen(screen)

    def give(self, folder: RunFolder, device: str) -> bool:
        return False

    def prefer(self, **news: Any) -> None:
        self.preferences = self.preferences.model_copy(update=news)
        self.glyphs = self.preferences.glyphs

    async def action_quit(self) -> None:
        self.left = True
        self.exit()


def _last_time(folder: RunFolder) -> float:
    follower = Follower(folder)
    follower.poll()
    return follower.record.last_time or 0.0


def screen_of(pilot: Pilot[Any]) -> RunScreen:
    """The run screen, where it is on top."""
    assert isinstance(pilot.app.screen, RunScreen)
    return pilot.app.screen


async def until(pilot: Pilot[Any], seen: Callable[[], Any]) -> None:
    """Let the app work until there is something to see."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        await pilot.pause(0.01)
        if seen():
            return
    raise AssertionError("waited in vain")


async def opened(pilot: Pilot[Any]) -> RunScreen:
    """Wait until the run's journal has been read and drawn."""
    await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen) and pilot.app.screen.watched)
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.query_one("#head").text)  # type: ignore[attr-defined]
    await pilot.pause()
    return screen


async def written(pilot: Pilot[Any]) -> None:
    """Wait until all is written that keys asked for, and the screens were told."""
    app: Any = pilot.app
    if app.writes.wait:
        await until(pilot, lambda: not app.writes.wait)
        await pilot.pause()


def shown(screen: RunScreen, selector: str) -> str:
    """What a widget of the run screen says, as plain text."""
    return str(screen.query_one(selector).text)  # type: ignore[attr-defined]


def possible(screen: RunScreen) -> dict[str, str]:
    """What each key does now."""
    return {
        key: active.binding.description
        for key, active in screen.active_bindings.items()
        if active.enabled and active.binding.description
    }


def journal(folder: RunFolder, *events: Any) -> None:
    """Append to a run's journal, as its worker would."""
    from tp1tui.journal.writer import JournalWriter

    with JournalWriter(folder.journal_path) as writer:
        for event in events:
            writer.append(event)
