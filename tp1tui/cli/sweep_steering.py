"""What pausing, resuming and stopping mean for a sweep: which of its runs are told something, and which wait or not."""

from __future__ import annotations

from tp1tui.cli import show
from tp1tui.cli.errors import CannotDo
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import MemberRecord, SweepFollower
from tp1tui.journal.tickets import take_out_of_line
from tp1tui.tui.paste import command_on
from tp1tui.worker import launcher

_UNFINISHED = ("queued", "interrupted", "stopped", "failed")


def to_pause(sweep: SweepFolder) -> list[RunFolder]:
    """The runs that must be told to stand still; those in line wait as long as they do.

    Raises:
        CannotDo: None runs.
    """
    follower = _followed(sweep)
    running = [member.folder for member in follower.members if member.state == "running"]
    if not running:
        raise CannotDo(f"No run of {sweep.id} is running; the sweep is {follower.state}.")
    return running


def resumed(sweep: SweepFolder, device: str | None) -> list[RunFolder]:
    """Put every run that is not finished and has no worker in line; returns those that are paused, to be told.

    Raises:
        CannotDo: There is none of either kind.
        LaunchError: They cannot be put in line.
    """
    members = _followed(sweep).members
    left = [member.folder for member in members if member.state in _UNFINISHED]
    paused = [member.folder for member in members if member.state == "paused"]
    if not left and not paused:
        over = all(member.state == "finished" for member in members)
        raise CannotDo(f"Every run of {sweep.id} {'has finished' if over else 'is going on or has finished'} already.")
    if left:
        launcher.queue(left, device, _usual_device(members))
        many = f"{len(left)} runs are" if len(left) > 1 else "1 run is"
        show.sentence(f"{many} in line. `{command_on(sweep.path, 'watch')}` opens the sweep.")
    return paused


def out_of_line(sweep: SweepFolder) -> list[RunFolder]:
    """Let no run of a sweep wait any more; returns those that go on, to be told.

    Raises:
        CannotDo: None waits and none goes on.
    """
    follower = _followed(sweep)
    taken = sum([take_out_of_line(member.folder) for member in reversed(follower.members)])
    if taken:
        show.line(f"{taken} run{'s wait' if taken > 1 else ' waits'} in line no more.")
    follower.poll()  # one of them may have begun meanwhile
    going = [member.folder for member in follower.members if member.state in ("running", "paused")]
    if not taken and not going:
        raise CannotDo(f"Nothing of {sweep.id} goes on; the sweep is {follower.state}.")
    return going


def _followed(sweep: SweepFolder) -> SweepFollower:
    follower = SweepFollower(sweep)
    follower.poll()
    return follower


def _usual_device(members: list[MemberRecord]) -> str:
    """Where the others were trained."""
    known = next((member.record.device for member in members if member.record.device), "auto")
    return "cuda" if known.startswith("cuda") else known
