"""Drive runs that train together: each with its own session, which journals, checkpoints and obeys as it would alone.

A run that is paused, stopped, or trained on other batches than the others leaves the stack, and the others go on
without it. Paused and gone on again, it trains by itself, its steps between those of the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import ParamSpec

from tp1tui.engine.loop import EpochTrained, LoopEvent, StepDone, train
from tp1tui.engine.stack import Member, Stack
from tp1tui.engine.stacked_loop import EpochsMeasured, StackEvent, train_together
from tp1tui.journal.folder import RunFolder
from tp1tui.worker.session import ATTEND_EVERY, LOOK_EVERY, Session, attend_after


@dataclass(frozen=True)
class Seat:
    """One run of those that train together."""

    folder: RunFolder
    session: Session
    member: Member
    held: ExitStack
    """Its lock and its journal: let go as soon as the run is over, whatever the others do."""

    @property
    def stays(self) -> bool:
        """Whether it can go on with the others."""
        return not (self.session.is_over or self.session.is_paused or self.member.differs)


Given = ParamSpec("Given")
Failed = Callable[[Seat, Exception], None]
"""Is told of a run that cannot go on, and why."""
Unstacked = Callable[[Sequence[Seat], Exception], None]
"""Is given runs that cannot go on together, and why; whoever has them lets go of them."""


class Together:
    """One worker's time with several runs."""

    def __init__(self, seats: Sequence[Seat], failed: Failed, unstacked: Unstacked) -> None:
        """Take over.

        Args:
            seats: Runs whose experiments may train together, all at their first step.
            failed: Told of a run that met an error of its own; the others go on.
            unstacked: Given the runs of a stack that could not be formed, or whose step failed.
        """
        self._stacked = list(seats)
        self._alone: list[tuple[Seat, Iterator[LoopEvent]]] = []
        self._paused: list[Seat] = []
        self._failed, self._unstacked = failed, unstacked
        self._events: Iterator[StackEvent] = iter(())
        self._attended = self._asked = time.monotonic()
        self._attend_after = ATTEND_EVERY

    def run(self) -> None:
        """Train all of them to their ends."""
        for seat in self._stacked:
            self._guarded(seat, seat.session.begin)
        self._stack_again()
        while self._stacked or self._alone or self._paused:
            if self._stacked:
                self._move_stack()
            for seat, events in tuple(self._alone):
                self._move_one(seat, events)
            self._ask_paused()

    def _move_stack(self) -> None:
        """One step of all that are stacked, or what comes between two epochs."""
        try:
            event = next(self._events, None)
        except Exception as error:  # none of them can be trusted to be whole; their checkpoints can
            self._give_up(error)
            return
        match event:
            case StepDone():
                if time.monotonic() - self._attended < self._attend_after:
                    return
                self._attend()
            case EpochTrained():
                for seat in self._stacked:
                    self._guarded(seat, seat.session.follow, event)
            case EpochsMeasured():
                for seat, measured in zip(self._stacked, event.by_member, strict=True):
                    self._guarded(seat, seat.session.follow, measured)
            case None:
                for seat in self._stacked:
                    self._guarded(seat, seat.session.finish)
        self._part()

    def _attend(self) -> None:
        """Let all that are stacked look at what the device has done and at what a person wants."""
        before = self._seconds_writing()
        for seat in self._stacked:
            self._guarded(seat, seat.session.attend)
        self._attend_after = attend_after(self._seconds_writing() - before)
        self._attended = time.monotonic()

    def _seconds_writing(self) -> float:
        """That the disk has taken of this process's time so far, for those that are stacked."""
        return sum(seat.session.seconds_writing for seat in self._stacked)

    def _move_one(self, seat: Seat, events: Iterator[LoopEvent]) -> None:
        """The next event of a run by itself."""

        def move() -> None:
            with seat.member.drawing():
                event = next(events, None)
            if event is None:
                seat.session.finish()
            else:
                seat.session.follow(event)

        self._guarded(seat, move)
        if seat.session.is_over or seat.session.is_paused:
            self._alone.remove((seat, events))
            self._place(seat)

    def _ask_paused(self) -> None:
        """See what is asked of runs that stand still."""
        if not self._paused:
            return
        if not self._stacked and not self._alone:
            time.sleep(LOOK_EVERY)
        elif time.monotonic() - self._asked < ATTEND_EVERY:
            return
        self._asked = time.monotonic()
        for seat in tuple(self._paused):
            self._guarded(seat, seat.session.obey)
            if seat.session.is_over or not seat.session.is_paused:
                self._paused.remove(seat)
                self._place(seat)

    def _part(self) -> None:
        """Let those leave who cannot go on with the others."""
        leaving = [seat for seat in self._stacked if not seat.stays]
        if not leaving:
            return
        self._stacked = [seat for seat in self._stacked if seat.stays]
        for seat in leaving:
            seat.member.leave()
            self._place(seat)
        self._stack_again()

    def _stack_again(self) -> None:
        self._stacked = [seat for seat in self._stacked if seat.stays]
        if not self._stacked:
            return
        try:
            self._events = train_together(Stack([seat.member for seat in self._stacked]))
        except Exception as error:  # there is no room for a block, most likely
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Let go of all that are stacked; each may go on by itself from its checkpoint."""
        given_up, self._stacked = self._stacked, []
        self._unstacked(given_up, error)

    def _place(self, seat: Seat) -> None:
        """Where a run belongs that is not in the stack."""
        if seat.session.is_over:
            seat.held.close()
        elif seat.session.is_paused:
            self._paused.append(seat)
        else:
            self._alone.append((seat, train(seat.member)))

    def _guarded(self, seat: Seat, act: Callable[Given, None], *given: Given.args, **named: Given.kwargs) -> None:
        """Do something for one run; its own troubles end it and no other."""
        try:
            act(*given, **named)
        except Exception as error:
            self._failed(seat, error)
            seat.session.is_over = True
