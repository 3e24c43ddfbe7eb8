"""`tp1tui pause`, `resume`, `stop`, `probe` and `export`: what can be done with a run, a measure or a sweep."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

from tp1tui.cli import show, sweep_steering
from tp1tui.cli.errors import CannotDo
from tp1tui.journal.commands import Command, Pause, ProbeExample, Resume, Stop, send
from tp1tui.journal.export import export as export_run
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.gone import gone
from tp1tui.journal.listing import find_run
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_export import export_sweep
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import SweepFollower
from tp1tui.journal.tickets import take_out_of_line
from tp1tui.spec.live import PROBE, ProbeOf
from tp1tui.spec.numbers import duration
from tp1tui.tui.paste import command, command_on
from tp1tui.worker import launcher

LOOK_EVERY = 0.1
"""Seconds between two looks at the journal."""
OVER: tuple[RunState, ...] = ("finished", "stopped", "failed", "interrupted")
PATIENCE = 30.0
"""Seconds to wait for a worker's answer; it answers between two batches, and an evaluation may come between."""


def pause(name: str, runs_dir: Path) -> None:
    """Ask a run to stand still, and wait until it does; of a sweep, those that run.

    Raises:
        CannotDo: It does not run.
    """
    folder = find_run(name, runs_dir)
    if isinstance(folder, SweepFolder):
        for member in sweep_steering.to_pause(folder):
            _ask(member, Pause(), ("paused", "finished"))
        return
    _need(folder, ("running",), "paused")
    _ask(folder, Pause(), ("paused",))


def resume(name: str, runs_dir: Path, device: str | None) -> None:
    """Let a run go on; of a sweep, what is paused, and put the rest in line again.

    Raises:
        CannotDo: It is going on already, or has reached its end.
    """
    folder = find_run(name, runs_dir)
    if isinstance(folder, SweepFolder):
        for member in sweep_steering.resumed(folder, device):
            _ask(member, Resume(), ("running", "finished"))
        return
    if _need(folder, ("queued", "paused", "interrupted", "stopped", "failed"), "resumed") == "paused":
        _ask(folder, Resume(), ("running", "finished"))
        return
    launcher.resume(folder, device)
    show.sentence(f"{folder.id} is taken up again. `{command_on(folder.path, 'watch')}` opens it.")


def stop(name: str, runs_dir: Path) -> None:
    """End a run, and wait until it has; take one that waits out of line. Of a sweep, all of its runs.

    Raises:
        CannotDo: It does not run.
    """
    folder = find_run(name, runs_dir)
    if isinstance(folder, SweepFolder):
        for member in sweep_steering.out_of_line(folder):
            _ask(member, Stop(), ("stopped", "finished"))
        return
    if _state(folder) == "queued" and take_out_of_line(folder):
        show.line(f"{folder.id} waits in line no more.")
        return
    _need(folder, ("running", "paused"), "stopped")
    _ask(folder, Stop(), ("stopped", "finished"))


def probe(name: str, runs_dir: Path, number: int, part: Literal["train", "test"]) -> None:
    """Probe another example of a run that a worker has, and say what its network says of it.

    Raises:
        CannotDo: No worker has it, it is a sweep, or there is no such example.
    """
    folder = find_run(name, runs_dir)
    if isinstance(folder, SweepFolder):
        listing = command("runs", runs_dir=runs_dir)
        raise CannotDo(f"{folder.id} is a sweep; probe one of its runs. `{listing}` lists them.")
    _need(folder, ("running", "paused"), "probed")
    follower = Follower(folder)
    follower.poll()
    refusals, of = follower.record.refusals, ProbeOf(part=part, number=number)
    send(folder, ProbeExample(of=of))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        follower.poll()
        found = follower.record.results.get(PROBE)
        if follower.record.refusals > refusals:
            raise CannotDo(follower.record.warnings[-1])
        if found and found.note.startswith((f"{of.text}:", f"{of.text} ")):
            show.sentence(found.note)
            return
        _check_goes_on(follower, follower.state())
        time.sleep(LOOK_EVERY)
    raise _no_answer(folder)


def export(name: str, runs_dir: Path, to: Path | None) -> None:
    """Write a run or a sweep as CSV and say where, and what of a journal could not be read."""
    folder = find_run(name, runs_dir)
    if isinstance(folder, SweepFolder):
        paths, watcher = export_sweep(folder, to), SweepFollower(folder)
        watcher.poll()
        troubles = watcher.troubles
    else:
        paths, follower = export_run(folder, to), Follower(folder)
        follower.poll()
        follower.state()
        troubles = follower.troubles
    for path in paths:
        show.line(str(path))
    for trouble in troubles:
        show.error(trouble)


def _state(folder: RunFolder) -> RunState:
    follower = Follower(folder)
    follower.poll()
    return follower.state()


def _need(folder: RunFolder, allowed: tuple[RunState, ...], done: str) -> RunState:
    """The state of a run that is in one of these."""
    follower = Follower(folder)
    follower.poll()
    state = follower.state()
    if state not in allowed:
        raise CannotDo(f"{folder.id} is {follower.shown_state}; only one that is {_either(allowed)} can be {done}.")
    return state


def _either(states: tuple[RunState, ...]) -> str:
    return f"{', '.join(states[:-1])} or {states[-1]}" if len(states) > 1 else states[0]


def _ask(folder: RunFolder, command: Command, wanted: tuple[RunState, ...]) -> None:
    """Send a command and wait until the journal shows that it was obeyed.

    Raises:
        CannotDo: The worker has gone, or has not answered in time.
    """
    send(folder, command)
    follower = Follower(folder)
    deadline, is_told = time.monotonic() + PATIENCE, False
    while time.monotonic() < deadline:
        news = follower.poll()
        state, record = follower.state(), follower.record
        if state in wanted:
            show.line(f"{folder.id} is {state}, at step {record.step}.")
            return
        _check_goes_on(follower, state)
        if news and record.preparing:  # the worker says how far it is with what comes before an answer
            deadline = time.monotonic() + PATIENCE
            if not is_told:
                is_told, what = True, record.preparing.what
                show.error(f"{what[:1].upper()}{what[1:]}. The answer comes after that.")
        time.sleep(LOOK_EVERY)
    raise _no_answer(folder)


def _check_goes_on(follower: Follower, state: RunState) -> None:
    """See that there is still a worker that may answer.

    Raises:
        CannotDo: There is none.
    """
    if follower.is_gone:
        raise CannotDo(gone(follower.folder))
    if state in OVER:
        raise CannotDo(f"{follower.folder.id} is {state} already.")


def _no_answer(folder: RunFolder) -> CannotDo:
    waited, listing = duration(PATIENCE), command("runs", runs_dir=folder.path.parent)
    return CannotDo(f"{folder.id} was asked, but has not answered for {waited}. `{listing}` shows its state.")
