"""The training loop of `loop` in the processes of a team: one leads and is driven, the others step along with it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress

from tp1tui.engine.loop import EpochMeasured, LoopEvent, train
from tp1tui.engine.team import MateLost, Team
from tp1tui.engine.training import Training


def led(training: Training, team: Team) -> Generator[LoopEvent, None, None]:
    """What the loop yields, for the process that leads; the others take each step with it.

    When it is closed before the end, the others leave.
    """
    events = train(training)
    while True:
        team.agree(training.experiment)
        event = next(events, None)
        if event is None:
            return
        try:
            yield event
        except GeneratorExit:
            with suppress(MateLost):  # then they are gone already
                team.agree(training.experiment, leaves=True)
            raise


def follow(training: Training, team: Team) -> None:
    """Train beside the process that leads, until it leaves or the experiment is done."""
    events = train(training)
    while True:
        switches, leaves = team.agree(training.experiment)
        if leaves:
            return
        for switch, on in switches.items():
            training.set_switch(switch, on=on)
        event = next(events, None)
        if event is None:
            return
        if isinstance(event, EpochMeasured):
            training.meter.fetch()  # for nobody; what is not fetched is kept
