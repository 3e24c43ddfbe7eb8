"""The app: which screen is on, what every screen can rely on, and what is said after it closes."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.reactive import var
from textual.screen import Screen

from tp1tui import settings
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.bench.catalog import read_questions
from tp1tui.tui.bench.desk import Desk
from tp1tui.tui.compare.places import Places
from tp1tui.tui.keys import possible_now
from tp1tui.tui.look import Look, Lookout
from tp1tui.tui.opening_app import OpeningApp
from tp1tui.tui.palette import Palette, PossibleNow
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.preferences import Preferences, PreferencesFile
from tp1tui.tui.screens.bench import BenchScreen
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.themes import DARK, THEMES

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.sweep_folder import SweepFolder
    from tp1tui.tui.keymap.changed_keys import ChangedKeys
    from tp1tui.tui.question.unkept import Kept
    from tp1tui.tui.standby_keeper import StandbyKeeper

    Watched = RunFolder | SweepFolder | Sequence[RunFolder]

STYLES: list[str | PurePath] = ["app.tcss", "screens/bench.tcss"]
"""The first screen's are loaded with the app's; every other screen loads its own when it is opened."""
WIDTHS = [(0, "-narrow"), (110, "-medium"), (170, "-wide")]
HEIGHTS = [(0, "-short"), (34, "-tall")]
LOOK_EVERY = 1.0
"""Seconds between two looks at the runs, on screens that show them."""
LEAVE = 2.0
"""Seconds that leaving may wait for the disk: for what is still to be written, and for what goes on."""
QUITS = frozenset(("leave_running", "app.quit", "quit"))
"""Actions that end the app, whatever goes on."""
TRY_EVERY = 5.0
"""Seconds between two tries to keep answers that could not be kept."""
TEND_EVERY = 2.0
"""Seconds between two looks after the standby worker; the first comes so long after the first screen."""


class Tp1Tui(OpeningApp):
    """The terminal laboratory."""

    TITLE = "tp1tui"
    CSS_PATH = STYLES
    COMMANDS: ClassVar[set[Any]] = {PossibleNow}
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    SUSPENDED_SCREEN_CLASS = "-behind"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "help", key_display="?", id="app.help"),
        Binding("Q", "line", "the line: what goes on and what waits", show=False, id="app.line"),
        Binding("7", "device", "the devices of this machine", show=False, id="app.device"),
        Binding("ctrl+t", "next_theme", "next theme", show=False, id="app.next_theme"),
        Binding("ctrl+l", "draw_anew", "draw the screen anew", show=False, id="app.draw_anew"),
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="app.quit"),
    ]

    look: var[Look | None] = var(None)
    """What was last seen of the runs; None before the first look."""
    preferences: var[Preferences] = var(Preferences, init=False)
    """What the person likes."""
    glyphs: var[Glyphs] = var(Glyphs.BRAILLE, init=False)
    """Which characters plots are made of: those that the person likes, or those that there are."""

    def __init__(
        self,
        runs_dir: Path,
        device: str,
        *,
        watch: Watched | None = None,
        library: PresetLibrary | None = None,
        ability: Ability = Ability(),  # noqa: B008 - immutable
        preferences: PreferencesFile | None = None,
        theme: str | None = None,
        first_time: bool = False,
        keys: ChangedKeys | None = None,
        standby: StandbyKeeper | None = None,
    ) -> None:
        """Prepare the app.

        Args:
            runs_dir: Where runs are and where new ones go.
            device: What was asked for: auto, cpu, cuda or cuda:N.
            watch: A run or a sweep to open at once, or several runs to compare.
            library: The presets; those of the usual places when left out.
            ability: What the terminal can show.
            preferences: Where what the person likes is kept; nowhere when left out.
            theme: A theme for this time; the one that was used last when left out.
            first_time: Whether the person is to be shown the first steps.
            keys: Which keys the person has changed; none when left out.
            standby: Keeps a worker ready; none is kept when left out.
        """
        super().__init__(runs_dir, device, ability, standby)
        self._preferences_file = preferences
        self._keys = keys
        self.keys_changed = bool(keys and keys.changed)
        self._watch = watch
        self._library = library or PresetLibrary(settings.preset_dirs())
        self._first_time = first_time
        self._looking = self._look_once_more = False
        self.places = Places()
        self._lookout = Lookout(runs_dir, settings.data_dir())
        if preferences:
            self.set_reactive(Tp1Tui.preferences, preferences.preferences)
        self.set_reactive(Tp1Tui.glyphs, self._glyphs_to_use)
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = DARK.name if self.no_color else THEMES[theme or self.preferences.theme].name

    def get_default_screen(self) -> Screen[Any]:
        """The bench lies under everything else."""
        return BenchScreen(Desk(read_questions(self._library), self.device))

    def on_mount(self) -> None:
        """Begin to look at the runs, once something is on the screen; open the run that was asked for."""
        if self._watch is not None:
            self._open(self._watch)
        elif self._first_time:
            self.open_first_steps()
        if self._keys:
            self.set_keymap(self._keys.keymap)
            for fault in self._keys.faults:
                self.notify(fault, title="Keys", severity="warning", timeout=15)
        if self._preferences_file and self._preferences_file.fault:
            self.notify(self._preferences_file.fault, title="Preferences", severity="warning", timeout=15)
        self.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        gc.enable()  # see `tp1tui.cli.verbs.screens`, which opens us without it
        self._look_out()
        self.set_interval(LOOK_EVERY, self._look_out)
        self.set_interval(TRY_EVERY, self._keep_answers)
        if self._standby:
            self.set_interval(TEND_EVERY, self._standby.tend)

    async def on_unmount(self) -> None:
        """Write what was asked for, where the disk lets us, and leave no worker that has no run."""
        await self.writes.settle(LEAVE)
        if self._standby:
            self._standby.dismiss()

    def open_first_steps(self) -> None:
        """Show the first steps, over the bench."""
        bench = self.screen_stack[0]
        if isinstance(bench, BenchScreen):
            bench.action_first_steps()

    # For the screens.

    def prefer(self, *, glyphs: Glyphs | None = None, log_y: bool | None = None, theme: str | None = None) -> None:
        """Take over what the person likes now, and remember it."""
        news = {"glyphs": glyphs, "log_y": log_y, "theme": theme}
        self.preferences = self.preferences.model_copy(update={k: v for k, v in news.items() if v is not None})
        self.glyphs = self._glyphs_to_use
        if self._preferences_file:
            keep = partial(self._preferences_file.keep, self.preferences)
            self.writes.ask("keeping what you like", keep, self._have_kept)

    def _have_kept(self, problem: str) -> None:
        if problem:
            self.notify(problem, title="Preferences", severity="warning")

    def _keep_answers(self) -> None:
        """Try again what is held, unless the disk has something to do already."""
        if self.unkept and not self.writes.wait:
            self.writes.ask("keeping answers", self.unkept.keep_all, self._tell_kept)

    def _tell_kept(self, kept: Sequence[Kept]) -> None:
        for question, place in kept:
            self.notify(f"Your answer to {question} is kept now.{f' It is in {place}.' if place else ''}")

    @property
    def _glyphs_to_use(self) -> Glyphs:
        return self.preferences.glyphs if self.ability.unicode else Glyphs.ASCII

    # Actions of every screen.

    def action_help(self) -> None:
        """Say what the keys do here."""
        from tp1tui.tui.screens.help import HelpModal

        self.push_screen(HelpModal(self.screen))

    def action_line(self) -> None:
        """Show what goes on and what waits in line."""
        from tp1tui.tui.screens.line import LineScreen

        if not isinstance(self.screen, LineScreen):
            self.push_screen(LineScreen())

    def action_device(self) -> None:
        """Show how busy the devices of this machine are, and who uses them."""
        from tp1tui.tui.screens.device import DeviceScreen

        if not isinstance(self.screen, DeviceScreen):
            self.push_screen(DeviceScreen())

    def action_command_palette(self) -> None:
        """Everything that can be done here, to be found by its letters."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without colours there is one look."""
        return not self.no_color if action in ("next_theme", "use_theme") else True

    def action_next_theme(self) -> None:
        """Change to the next look."""
        names = list(THEMES)
        at = next(number for number, name in enumerate(names) if THEMES[name].name == self.theme)
        self.action_use_theme(names[(at + 1) % len(names)])

    def action_use_theme(self, name: str) -> None:
        """Change to a look, and remember it."""
        self.theme = THEMES[name].name
        self.prefer(theme=name)

    def action_help_quit(self) -> None:
        """What Ctrl+C does where the mouse has marked nothing: say what it is for, and which key quits here."""
        quits = next(entry.names[0] for entry in possible_now(self.screen) if entry.action in QUITS)
        self.notify(f"Ctrl+C copies what the mouse has marked, and nothing is marked. {quits} quits tp1tui.")

    async def action_quit(self) -> None:
        """Leave; trainings go on, and what is printed afterwards says how to come back to them."""
        from tp1tui.tui.farewell import farewell, unread

        words = asyncio.get_running_loop().run_in_executor(None, farewell, self.runs_dir)
        try:
            self.exit(await asyncio.wait_for(words, LEAVE))
        except TimeoutError:
            self.exit(unread(self.runs_dir))

    # Looking at the runs.

    def look_again(self) -> None:
        """Look at the runs at once, or once more where a look is on its way."""
        self._look_once_more = self._looking
        self._look_out()

    def _look_out(self) -> None:
        if getattr(self.screen, "follows_runs", False) and not self._looking:
            self._looking = True
            self.take_a_look()

    @work(thread=True, group="look")
    def take_a_look(self) -> None:
        """Look at the runs, in a thread of its own, and tell the screens."""
        look = self._lookout.look()
        self.in_app(self._seen, look)

    def _seen(self, look: Look) -> None:
        self._looking = False
        fetching = ", ".join(filter(None, (known.in_short for known in self._fetchings.values())))
        self.look = replace(look, fetching=fetching)
        if self._look_once_more or look.unread:
            self._look_once_more = False
            self._look_out()
