"""`tp1tui run` of a sweep: a line for each of its runs as it ends, a bar for what goes on, the outcome at the end."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.prompt import Prompt

from tp1tui.cli import show
from tp1tui.cli.console import PlainConsole
from tp1tui.cli.running import OVER, detached
from tp1tui.cli.sweep_steering import out_of_line
from tp1tui.journal.best import best_of
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.folder import short_name
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import MemberRecord, Point, SweepFollower, points
from tp1tui.journal.sweep_results import heat, outcome
from tp1tui.journal.sweep_series import error_over_field
from tp1tui.spec.numbers import duration, percent, rate
from tp1tui.spec.results import Result
from tp1tui.tui.paste import command_on
from tp1tui.worker.line_lock import is_served

LOOK_EVERY = 0.3
"""Seconds between two looks at the journals."""
UNSERVED = 20.0
"""Seconds after which runs that wait, and that no process serves, are told of."""


def follow(sweep: SweepFolder, *, as_json: bool) -> int:
    """Show a sweep until it is over or a person leaves it. Returns the exit code: 0 when no run failed.

    Raises:
        OSError: A journal cannot be read.
        RunFolderError: The sweep cannot be read.
    """
    follower, over = watch(sweep, console := PlainConsole(stderr=as_json))
    if not over:
        return 0
    if as_json:
        show.as_json(for_programs(follower))
    else:
        print_outcome(points(follower.members), console)
        show.sentence(f"{follower.state}. `{command_on(sweep.path, 'export')}` writes CSV.")
    return exit_code(follower)


def watch(sweep: SweepFolder, console: Console) -> tuple[SweepFollower, bool]:
    """Print what happens until the sweep is over (True) or a person leaves it (False)."""
    watcher = _Watcher(sweep, console)
    console.print(f"{short_name(sweep.id)} in {sweep.path}", markup=False, soft_wrap=True)
    while True:
        try:
            watcher.watch()
        except KeyboardInterrupt:
            if not _leave_or_stop(sweep, console):
                return watcher.follower, False
        else:
            return watcher.follower, True


def exit_code(follower: SweepFollower) -> int:
    """Say what went wrong; 0 when nothing did."""
    for member in follower.members:
        if member.state == "failed" and member.record.failed:
            show.error(f"{member.folder.id}: {member.record.failed.reason}")
    for trouble in follower.troubles:
        show.error(trouble)
    if follower.state in ("queued", "interrupted"):
        left = sum(member.state in ("queued", "interrupted") for member in follower.members)
        why = "no process starts them" if follower.state == "queued" else "their workers ended before they did"
        on = command_on(follower.folder.path, "resume")
        show.error(f"{left} of the runs have no end: {why}. `{on}` goes on.")
    return 0 if follower.state in ("finished", "stopped") else 1


def for_programs(follower: SweepFollower) -> dict[str, object]:
    """A sweep as JSON."""
    return {
        "id": follower.folder.id,
        "path": follower.folder.path,
        "state": follower.state,
        "runs": [
            {
                "id": member.folder.id,
                "point": member.run.member,
                "values": member.run.values,
                "seed": member.run.seed,
                "state": member.shown_state,
                "epoch": member.record.last.epoch if member.record.last else None,
                "last_test_top1": member.record.last.test_top1 if member.record.last else None,
                "best_test_top1": member.record.best.test_top1 if member.record.best else None,
                "chosen_on": member.record.chosen_on,
            }
            for member in follower.members
        ],
        "outcome": json.loads(outcome(points(follower.members)).model_dump_json()),
    }


def print_outcome(found: Sequence[Point], console: Console) -> None:
    """The table of a sweep, its heat tables where two fields were varied, its error where one number was."""
    from tp1tui.cli.results import print_results

    heats = (heat(found, "final_test_top1"), heat(found, "best_test_top1"))
    drawn = (*heats, error_over_field(found))
    results: list[Result] = [outcome(found), *(result for result in drawn if result is not None)]
    print_results(results, console)
    console.print()


class _Watcher:
    """Prints a line for each run that ends, and a bar for the one that goes on."""

    def __init__(self, sweep: SweepFolder, console: Console) -> None:
        self.follower = SweepFollower(sweep)
        self._console = console
        self._told: set[str] = set()
        self._served = time.monotonic()

    def watch(self) -> None:
        """Until the sweep is over, or waits in vain."""
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[news]}"))
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task("waiting in line", total=None, news="")
            while True:
                if self.follower.poll():
                    self._print_news()
                    self._draw(progress, task)
                state = self.follower.state
                if state in OVER or self._waits_in_vain(state):
                    return
                time.sleep(LOOK_EVERY)

    def _waits_in_vain(self, state: RunState) -> bool:
        if state != "queued" or is_served(self.follower.folder.path.parent):
            self._served = time.monotonic()
        return time.monotonic() - self._served > UNSERVED

    def _print_news(self) -> None:
        members = self.follower.members
        for number, member in enumerate(members, start=1):
            if member.state in OVER and member.folder.id not in self._told:
                self._told.add(member.folder.id)
                self._console.print(_line(number, len(members), member), markup=False, soft_wrap=True)

    def _draw(self, progress: Progress, task: TaskID) -> None:
        members = self.follower.members
        going = [(number, member) for number, member in enumerate(members, start=1) if _goes_on(member)]
        if not going:
            progress.update(task, description="waiting in line", total=None, news="")
            return
        number, member = going[0]
        experiment, record = member.spec.experiment, member.record
        news = "paused" if member.state == "paused" else f"{rate(record.images_per_s)} images/s"
        preparing = (
            record.preparing.what if record.preparing else f"epoch {record.last.epoch + 1 if record.last else 0}"
        )
        progress.update(
            task,
            description=f"{number}/{len(members)} {_name(member)}: {preparing}",
            total=experiment.epochs * experiment.steps_per_epoch,
            completed=record.step,
            news=f"{news}, {len(going)} at once" if len(going) > 1 else news,
        )


def _goes_on(member: MemberRecord) -> bool:
    return member.state in ("running", "paused")


def _name(member: MemberRecord) -> str:
    seed = f"seed {member.run.seed}"
    return f"{member.run.member}, {seed}" if member.run.member else seed


def _line(number: int, total: int, member: MemberRecord) -> str:
    last, best = member.record.last, best_of(member.record.best)
    figures = ""
    if last and best:
        figures = f": test top-1 {percent(last.test_top1)}, {best.words}, {duration(last.elapsed)}"
    return f"{number:>{len(str(total))}}/{total}  {_name(member)}  {member.state}{figures}"


def _leave_or_stop(sweep: SweepFolder, console: Console) -> bool:
    """Ask what Ctrl-C meant. Returns whether to go on watching."""
    if not sys.stdin.isatty():
        show.error(f"{sweep.id} goes on. `{command_on(sweep.path, 'stop')}` ends it.")
        return False
    try:
        console.print("\n(s) stop all of it, (d) detach and leave it running, (g) go on; Ctrl-C again detaches")
        answer = Prompt.ask("What now", choices=["s", "d", "g"], default="g", console=console)
    except (KeyboardInterrupt, EOFError):
        answer = "d"
    if answer == "s":
        for folder in out_of_line(sweep):
            send(folder, Stop())
    if answer == "d":
        console.print(detached(sweep), markup=False, soft_wrap=True)
    return answer != "d"
