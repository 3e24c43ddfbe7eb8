"""`tp1tui run`: start a run or a measure and follow it without the screen."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.prompt import Prompt

from tp1tui.cli import show
from tp1tui.cli.console import PlainConsole
from tp1tui.cli.errors import WrongUsage
from tp1tui.cli.presets import Asked, resolve
from tp1tui.journal.best import best_of
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.events import Epoch
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.journal.follow import Follower
from tp1tui.journal.gone import gone
from tp1tui.journal.last_words import last_words
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import take_out_of_line, ticket_of
from tp1tui.spec.frozen import MeasureSpec, SweepSpec
from tp1tui.spec.numbers import duration, loss, percent, rate
from tp1tui.spec.results import Result
from tp1tui.tui.line.words import place_in_words, waits_for
from tp1tui.tui.paste import command, command_on
from tp1tui.worker import launcher
from tp1tui.worker.line import LineReader
from tp1tui.worker.line_lock import is_served

LOOK_EVERY = 0.2
"""Seconds between two looks at the journal."""
LINE_EVERY = 1.0
"""Seconds between two looks at the line, while the run waits."""
STARTING = 30.0
"""Seconds that a worker may take to take up its run."""
OVER: tuple[RunState, ...] = ("finished", "stopped", "failed", "interrupted")


def start(asked: Asked, device: str, runs_dir: Path) -> RunFolder | SweepFolder:
    """Start a run, a sweep or a measure, or put it in line where its device has a run already.

    Raises:
        UnknownPreset, SpecError, LaunchError: It cannot be started.
    """
    _, spec = resolve(asked)
    if isinstance(spec, SweepSpec):
        return launcher.start_sweep(spec, runs_dir, device)
    return launcher.start_in_turn(spec, runs_dir, device).folder


def start_now(asked: Asked, device: str, runs_dir: Path) -> RunFolder:
    """Start a run or a measure at once, whatever else goes on.

    Raises:
        UnknownPreset, SpecError, LaunchError: It cannot be started.
        WrongUsage: It is a sweep.
    """
    _, spec = resolve(asked)
    if isinstance(spec, SweepSpec):
        raise WrongUsage("A sweep takes its turn in line, one run at a time on each device: leave --now out.")
    return launcher.start(spec, runs_dir, device)


def say_detached(folder: RunFolder | SweepFolder, *, as_json: bool) -> None:
    """Tell how to come back to what goes on."""
    if as_json:
        show.as_json({"id": folder.id, "path": folder.path})
    elif isinstance(folder, RunFolder) and (place := place_of(folder)):
        line = command("line", runs_dir=folder.path.parent)
        show.sentence(f"{folder.id} is {place}. `{line}` shows the line; it lies in {folder.path}.")
    else:
        show.sentence(detached(folder))


def place_of(folder: RunFolder, reader: LineReader | None = None) -> str:
    """Where a run stands in line that waits for another; empty when it does not.

    Args:
        folder: Of the run.
        reader: Of the line of its folder, for whoever asks again and again.
    """
    if ticket_of(folder) is None:
        return ""
    line = (reader or LineReader(folder.path.parent)).read()
    return place_in_words(line, folder.id, served=True) if waits_for(line, folder.id) else ""


def detached(folder: RunFolder | SweepFolder) -> str:
    """How to come back to what goes on, as a sentence."""
    return f"{folder.id} goes on. `{command_on(folder.path, 'watch')}` opens it; it lies in {folder.path}."


def follow(folder: RunFolder, *, as_json: bool) -> int:
    """Show a run until it is over or a person leaves it. Returns the exit code: 0 when it went as it should.

    Raises:
        OSError: Its journal cannot be read.
    """
    # With --json, standard output belongs to the program that reads it.
    console = PlainConsole(stderr=as_json)
    console.print(f"{short_name(folder.id)} in {folder.path}", markup=False, soft_wrap=True)
    watcher = _Watcher(folder, console)
    while True:
        try:
            state = watcher.watch()
            break
        except KeyboardInterrupt:
            if not _leave_or_stop(folder, console):
                return 0
    return _tell_end(watcher.follower, state, as_json=as_json)


class _Watcher:
    """Prints a line for each epoch, the results of a measure, and a bar for what goes on now."""

    def __init__(self, folder: RunFolder, console: Console) -> None:
        self.follower = Follower(folder)
        spec = folder.spec()
        self._experiment = spec.training.experiment if spec.training else None
        self._measures = isinstance(spec, MeasureSpec)
        self._console = console
        self._printed = -1
        self._warned = 0
        self._results: dict[str, Result] = {}
        self._began = time.monotonic()
        self._line: LineReader | None = None
        self._line_at = 0.0

    def watch(self) -> RunState:
        """Until the run is over."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[news]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task("starting", total=None, news="")
            while True:
                state = self.follower.state()
                if self.follower.poll():
                    self._print_epochs()
                    self._print_results()
                    self._draw(progress, task)
                self._tell_place(state, progress, task)
                if state in OVER or self.follower.is_gone or self._never_began(state):
                    return state
                time.sleep(LOOK_EVERY)

    def _tell_place(self, state: RunState, progress: Progress, task: TaskID) -> None:
        """While it waits in line, say where; it may wait as long as somebody serves the line."""
        if state != "queued" or time.monotonic() < self._line_at:
            return
        self._line_at = time.monotonic() + LINE_EVERY
        folder = self.follower.folder
        self._line = self._line or LineReader(folder.path.parent)
        if (place := place_of(folder, self._line)) and is_served(folder.path.parent):
            self._began = time.monotonic()
            progress.update(task, description=place)

    def _never_began(self, state: RunState) -> bool:
        return state == "queued" and time.monotonic() - self._began > STARTING

    def _print_epochs(self) -> None:
        record, epochs = self.follower.record, self._experiment.epochs if self._experiment else 0
        for epoch in record.epochs:
            if self._printed < 0:
                self._console.print(" " * len(f"epoch {epochs}/{epochs}  ") + _heading(epoch), style="dim")
            if epoch.epoch > self._printed:
                self._printed = epoch.epoch
                self._console.print(_epoch_line(epoch, epochs), markup=False, soft_wrap=True)
        for warning in record.warnings[self._warned :]:
            self._console.print(f"  {warning}", style="yellow", markup=False)
        self._warned = len(record.warnings)

    def _print_results(self) -> None:
        """Those of a measure that are new; what a training finds beside its curves is for the screen and for CSV."""
        found = self.follower.record.findings
        news = [result for name, result in found.items() if self._results.get(name) is not result]
        if self._measures and news:
            from tp1tui.cli.results import print_results

            print_results(news, self._console)
        self._results = dict(found)

    def _draw(self, progress: Progress, task: TaskID) -> None:
        record = self.follower.record
        preparing = record.preparing
        if preparing and not record.losses:
            progress.update(task, description=preparing.what, total=preparing.total, completed=preparing.done or 0)
            return
        if self._experiment is None:
            progress.update(task, description="measuring", total=None)
            return
        total = self._experiment.epochs * self._experiment.steps_per_epoch
        epoch = min(record.step // self._experiment.steps_per_epoch + 1, self._experiment.epochs)
        news = "paused" if record.paused else f"{rate(record.images_per_s)} images/s" if record.images_per_s else ""
        doing = preparing.what if preparing else f"epoch {epoch}"
        progress.update(task, description=doing, total=total, completed=record.step, news=news)


HEADING = "train loss, top-1     test loss, top-1        time"


def _heading(epoch: Epoch) -> str:
    return HEADING if epoch.validation_top1 is None else f"{HEADING}  validation"


def _epoch_line(epoch: Epoch, epochs: int) -> str:
    """What fits into 80 columns."""
    return (
        f"epoch {epoch.epoch:>{len(str(epochs))}}/{epochs}"
        f"  {loss(epoch.train_loss):>9}  {percent(epoch.train_top1):>7}"
        f"   {loss(epoch.test_loss):>9}  {percent(epoch.test_top1):>7}"
        f"  {duration(epoch.seconds):>10}"
        f"{'' if epoch.validation_top1 is None else f'  {percent(epoch.validation_top1):>10}'}"
    )


def _leave_or_stop(folder: RunFolder, console: Console) -> bool:
    """Ask what Ctrl-C meant. Returns whether to go on watching."""
    if not sys.stdin.isatty():
        show.error(f"{folder.id} goes on. `{command_on(folder.path, 'stop')}` ends it.")
        return False
    try:
        console.print("\n(s) stop the run, (d) detach and leave it running, (g) go on; Ctrl-C again detaches")
        answer = Prompt.ask("What now", choices=["s", "d", "g"], default="g", console=console)
    except (KeyboardInterrupt, EOFError):
        answer = "d"
    if answer == "s" and take_out_of_line(folder):
        console.print(f"{folder.id} waits in line no more.", markup=False)
        return False
    if answer == "s":
        send(folder, Stop())
    if answer == "d":
        console.print(detached(folder), markup=False, soft_wrap=True)
    return answer != "d"


def _tell_end(follower: Follower, state: RunState, *, as_json: bool) -> int:
    record, folder = follower.record, follower.folder
    best, last = best_of(record.best), record.last
    if as_json:
        show.as_json(
            {
                "id": folder.id,
                "path": folder.path,
                "state": state,
                "epoch": last.epoch if last else None,
                "last_test_top1": last.test_top1 if last else None,
                "best_test_top1": best.test_top1 if best else None,
                "last_validation_top1": last.validation_top1 if last else None,
                "best_validation_top1": best.validation_top1 if best else None,
                "chosen_on": record.chosen_on,
                "reason": gone(folder) if follower.is_gone else record.failed.reason if record.failed else None,
                "results": [json.loads(result.model_dump_json()) for result in record.results.values()],
            }
        )
    elif state in ("finished", "stopped") and best and last:
        show.sentence(
            f"{state} after {duration(last.elapsed)}: test top-1 {percent(last.test_top1)}, "
            f"{best.words}. `{command_on(folder.path, 'export')}` writes CSV."
        )
    elif state == "finished":
        show.sentence(f"finished. `{command_on(folder.path, 'export')}` writes CSV.")
    if follower.is_gone:
        show.error(gone(folder))
        return 1
    if state == "failed" and record.failed:
        show.error(record.failed.reason)
    if state == "interrupted":
        on = command_on(folder.path, "resume")
        show.error(f"The worker ended before the run did. `{on}` goes on; {folder.log_path} may say why.")
        for line in last_words(folder):
            show.error(line)
    if state == "queued":
        show.error(f"No worker took up the run within {duration(STARTING)}; {folder.log_path} may say why.")
    return 0 if state in ("finished", "stopped") else 1
