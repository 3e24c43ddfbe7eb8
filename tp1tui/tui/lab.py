"""What screens may rely on of the app that they belong to, so that they need not know it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.sweep_folder import SweepFolder
    from tp1tui.spec.dataset import DatasetKind
    from tp1tui.spec.frozen import Frozen, SweepSpec
    from tp1tui.tui.compare.places import Places
    from tp1tui.tui.fetching import Fetching
    from tp1tui.tui.look import Look
    from tp1tui.tui.plots.glyphs import Glyphs
    from tp1tui.tui.preferences import Preferences
    from tp1tui.tui.question.topic import Topic
    from tp1tui.tui.question.unkept import UnkeptAnswers
    from tp1tui.tui.shown_as import ShownAs
    from tp1tui.tui.terminal.ability import Ability
    from tp1tui.tui.writes import Writes


class Lab(Protocol):
    """The app, as its screens see it."""

    runs_dir: Path
    """Where runs are and where new ones go."""
    device: str
    """What was asked for: auto, cpu, cuda or cuda:N."""
    ability: Ability
    """What the terminal can show."""
    keys_changed: bool
    """Whether the person has given other keys to anything."""
    places: Places
    """Which colour and letter each compared run has."""
    writes: Writes
    """What keys write."""
    unkept: UnkeptAnswers
    """Answers that could not be kept yet."""

    @property
    def look(self) -> Look | None:
        """What was last seen of the runs; None before the first look."""

    @property
    def preferences(self) -> Preferences:
        """What the person likes."""

    @property
    def glyphs(self) -> Glyphs:
        """Which characters plots are made of: those that the person likes, or those that there are."""

    def prefer(self, *, glyphs: Glyphs | None = None, log_y: bool | None = None) -> None:
        """Take over what the person likes now, and remember it."""

    def look_again(self) -> None:
        """Look at the runs at once, or once more where a look is on its way: something was changed in their folders."""

    def start(
        self, spec: Frozen | SweepSpec, device: str, prediction: str = "", then: Callable[[], object] = lambda: None
    ) -> None:
        """Start a run, a sweep or a measure and show it, or say why it cannot be started. Nobody waits for that.

        Args:
            spec: What to do.
            device: auto, cpu, cuda or cuda:N.
            prediction: What is expected of it; frozen beside it.
            then: Called once it was started.
        """

    def give(self, folder: RunFolder, device: str) -> bool:
        """Let the standby worker have a run; returns whether there was one that was ready, and it took the run."""

    def fetching(self, kind: DatasetKind) -> Fetching:
        """The download of a dataset: one for all screens, begun or not."""

    def open_run(self, folder: RunFolder, shown_as: ShownAs) -> None:
        """Show a run or a measure; leaving it comes back to where this was called. Nothing is read for it here."""

    def open_sweep(self, sweep: SweepFolder) -> None:
        """Show a sweep; leaving it comes back to where this was called."""

    def open_card(self, topic: Topic) -> None:
        """Show a question's card beside the answer to it; leaving it comes back to where this was called."""

    def open_comparison(self, folders: Sequence[RunFolder]) -> None:
        """Hold runs against each other; leaving comes back to where this was called."""
