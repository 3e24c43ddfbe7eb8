"""What the app opens for its screens: runs, sweeps and comparisons, those that it starts among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from tp1tui import settings
from tp1tui.tui.question.unkept import UnkeptAnswers
from tp1tui.tui.shown_as import shown_as
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.terminal.terminal_app import TerminalApp
from tp1tui.tui.writes import Writes

if TYPE_CHECKING:
    from tp1tui.journal.folder import RunFolder
    from tp1tui.journal.sweep_folder import SweepFolder
    from tp1tui.spec.dataset import DatasetKind
    from tp1tui.spec.frozen import Frozen, SweepSpec
    from tp1tui.tui.fetching import Fetching
    from tp1tui.tui.question.topic import Topic
    from tp1tui.tui.shown_as import ShownAs
    from tp1tui.tui.standby_keeper import StandbyKeeper

    Watched = RunFolder | SweepFolder | Sequence[RunFolder]


class OpeningApp(TerminalApp):
    """Starts, fetches and opens; each screen is imported when it is opened first."""

    def __init__(self, runs_dir: Path, device: str, ability: Ability, standby: StandbyKeeper | None = None) -> None:
        """Prepare to open.

        Args:
            runs_dir: Where runs are and where new ones go.
            device: What was asked for: auto, cpu, cuda or cuda:N.
            ability: What the terminal can show.
            standby: Keeps a worker ready; none is kept when left out.
        """
        super().__init__(ability)
        self.runs_dir = runs_dir
        self.device = device
        self.writes = Writes(self)
        self.unkept = UnkeptAnswers()
        self._standby = standby
        self._is_starting = False
        self._fetchings: dict[DatasetKind, Fetching] = {}

    def start(
        self, spec: Frozen | SweepSpec, device: str, prediction: str = "", then: Callable[[], object] = lambda: None
    ) -> None:
        """Start a run, a sweep or a measure and show it; where its device has a run already, put it in line.

        What it waits for is said, and so is why it cannot be started. Enter twice at once starts one.
        """
        from tp1tui.journal.sweep_folder import SweepFolder
        from tp1tui.spec.frozen import SweepSpec
        from tp1tui.tui.starting import Begun, begin

        if self._is_starting:
            return
        self._is_starting, here = True, self.screen

        def begun(what: Begun) -> None:
            self._is_starting = False
            then()
            if what.problem:
                self.notify(what.problem, severity="warning")
            if what.waits:
                self._tell_place(what.first, len(spec.runs) if isinstance(spec, SweepSpec) else 1)
            elif self.screen is not here:  # the disk took its time, and the person has gone on
                self.notify("It goes on. The list of runs (r on the bench) opens it.", title="Started")
            elif isinstance(spec, SweepSpec):
                self.open_sweep(SweepFolder(what.folder.path))
            else:
                self.open_run(what.first, shown_as(spec))

        def failed() -> None:
            self._is_starting = False

        deed = partial(begin, spec, self.runs_dir, device, prediction, self.give)
        self.writes.ask("starting a run", deed, begun, failed, title="Not started")

    def give(self, folder: RunFolder, device: str) -> bool:
        """Let the standby worker have a run; returns whether there was one that was ready, and it took the run."""
        return self._standby is not None and self._standby.give(folder, device)

    def fetching(self, kind: DatasetKind) -> Fetching:
        """The download of a dataset: one for all screens, begun or not; made anew when one is over."""
        from tp1tui.data.store import Store
        from tp1tui.tui.fetching import Fetching

        known = self._fetchings.get(kind)
        if known is None or known.state == "done":
            known = self._fetchings[kind] = Fetching(kind, Store(settings.data_dir()))
        return known

    @work(thread=True, group="line")
    def _tell_place(self, first: RunFolder, many: int) -> None:
        """Say where a run stands in line, or the first of several; the line is read where nobody waits for it."""
        from tp1tui.tui.line.words import is_held_up, place_in_words
        from tp1tui.worker.line import LineReader

        line = LineReader(self.runs_dir).read()
        place = place_in_words(line, first.id, served=True) or "its turn has come already"
        whose = f"{many} runs, the first " if many > 1 else ""
        sentence = (
            f"{whose}{place}. Q shows the line{'; there, p starts it now' if is_held_up(line, first.id) else ''}."
        )
        self.in_app(partial(self.notify, sentence[:1].upper() + sentence[1:], title="In line", timeout=10))

    def open_sweep(self, sweep: SweepFolder) -> None:
        """Show a sweep; leaving it comes back to where this was called."""
        from tp1tui.tui.screens.sweep import SweepScreen

        self.push_screen(SweepScreen(sweep))

    def open_card(self, topic: Topic) -> None:
        """Show a question's card beside the answer to it; leaving it comes back to where this was called."""
        from tp1tui.tui.screens.question import QuestionScreen

        self.push_screen(QuestionScreen(topic))

    def open_comparison(self, folders: Sequence[RunFolder]) -> None:
        """Hold runs against each other; leaving comes back to where this was called."""
        from tp1tui.tui.screens.compare import CompareScreen

        self.push_screen(CompareScreen(folders))

    def open_run(self, folder: RunFolder, shown_as: ShownAs) -> None:
        """Show a run or a measure; leaving it comes back to where this was called. Nothing is read for it here."""
        if shown_as == "measure":
            from tp1tui.tui.screens.measure import MeasureScreen

            self.push_screen(MeasureScreen(folder))
        else:
            from tp1tui.tui.screens.run import RunScreen

            self.push_screen(RunScreen(folder, results_first=shown_as == "training with results"))

    def _open(self, watch: Watched) -> None:
        from tp1tui.journal.folder import RunFolder
        from tp1tui.journal.sweep_folder import SweepFolder

        match watch:
            case SweepFolder():
                self.open_sweep(watch)
            case RunFolder():
                self.open_run(watch, shown_as(watch.spec()))
            case _:
                self.open_comparison(watch)
