"""A journal, folded: what a run has done so far, with what was lost in interruptions taken back."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from math import isnan, nan

from tp1tui.journal.events import (
    REFUSED,
    Batches,
    Changed,
    Checkpoint,
    Chosen,
    Epoch,
    Event,
    Failed,
    Finished,
    Measured,
    Paused,
    Preparing,
    Probed,
    Resumed,
    Started,
    Warned,
)
from tp1tui.journal.lines import Damage
from tp1tui.journal.resumes import Resumes
from tp1tui.spec.live import LIVE
from tp1tui.spec.results import Result

MAX_GAP = 10_000_000
"""Steps that may be missing before a stretch of batches: many damaged lines, and still little memory."""
_OBEYED = Started, Resumed, Paused, Changed, Probed, Failed, Finished
"""What happens when a command is obeyed, or makes one that was refused a thing of the past."""


class RunRecord:
    """What a journal says, all in all; fed by `apply`, in the journal's order."""

    def __init__(self) -> None:
        self.started: Started | None = None
        self.epochs: list[Epoch] = []
        """By number, epoch 0 first."""
        self.losses = array("d")
        """Of each batch; index 0 is step 1. NaN where a damaged line hides it, and then batch_top1 is NaN as well."""
        self.batch_top1 = array("d")
        self.changes: list[Changed] = []
        self.warned: list[Warned] = []
        self.obeyed = 0
        """How many of those had been said when a worker last did what it was asked, or began, or ended."""
        self.results: dict[str, Result] = {}
        """By name, in the order in which each was first found."""
        self.probed: Probed | None = None
        """Which example is probed; None in old journals."""
        self.preparing: Preparing | None = None
        """What is waited for; None once batches flow and the untrained network is measured."""
        self.images_per_s: float | None = None
        """Over the latest stretch of batches."""
        self.failed: Failed | None = None
        self.finished: Finished | None = None
        """How the run ended; None again when it was taken up after that."""
        self.resumed = Resumes()
        self.damages: list[Damage] = []
        self.last_time: float | None = None
        """Of the latest event; None while there is none."""
        self.paused = False
        """Whether the latest worker stood still when it last said so."""
        self.device: str | None = None
        self.pid: int | None = None
        """Of the latest worker, which may be gone."""
        self._worked = 0.0
        self._working_since: float | None = None
        self._best: Epoch | None = None
        self._lowest_loss: Epoch | None = None

    @property
    def step(self) -> int:
        """Updates whose figures are known."""
        return max(len(self.losses), self.epochs[-1].step if self.epochs else 0)

    @property
    def resumes(self) -> int:
        """How often a worker took the run up again; pauses do not count."""
        return len(self.resumed.events)

    @property
    def refusals(self) -> int:
        """How many commands were refused."""
        return sum(event.topic == REFUSED for event in self.warned)

    @property
    def warnings(self) -> list[str]:
        """What was warned of, as sentences."""
        return [event.message for event in self.warned]

    @property
    def findings(self) -> dict[str, Result]:
        """Results but for what is seen of the network while it learns."""
        return {name: result for name, result in self.results.items() if name not in LIVE}

    @property
    def last(self) -> Epoch | None:
        """The latest epoch."""
        return self.epochs[-1] if self.epochs else None

    @property
    def best(self) -> Epoch | None:
        """The epoch of the highest top-1, the first of equals; epoch 0 counts only while it is alone.

        On the validation set where there is one, else on the test set (`chosen_on`).
        """
        return self._best

    @property
    def chosen_on(self) -> Chosen:
        """Which set the best is chosen on."""
        return self.epochs[-1].chosen_on if self.epochs else "test"

    @property
    def lowest_loss(self) -> Epoch | None:
        """The epoch of the lowest loss, the first of equals, on the set that the best is chosen on.

        Epoch 0 counts only while it is alone.
        """
        return self._lowest_loss

    def elapsed(self, now: float) -> float:
        """Seconds of work on this run up to `now` (seconds since 1970), pauses and interruptions excluded.

        Args:
            now: The present for a run that goes on, `last_time` for one that does not.
        """
        return self._worked + (max(0.0, now - self._working_since) if self._working_since is not None else 0.0)

    def apply(self, event: Event | Damage, line: int = 0) -> None:
        """Take in the next line of the journal.

        Args:
            event: What it says.
            line: Its number, from 1, by which it is told where it cannot be what it says; 0 for what is not read.
        """
        if isinstance(event, Damage):
            self.damages.append(event)
            return
        before, self.last_time = self.last_time, event.time
        if isinstance(event, _OBEYED):
            self.obeyed = len(self.warned)
        match event:
            case Started():
                self._start(event)
            case Preparing():
                self.preparing = event
                if self.epochs and before is not None:  # a new worker: its run stood still since the last one's end
                    self._stop_clock(before)
                self._is_taken_up()
            case Batches():
                self._add_batches(event, line)
            case Epoch():
                self._add_epoch(event)
            case Changed():
                self.changes.append(event)
            case Paused():
                self.paused = True
                self._stop_clock(event.time)
            case Resumed():
                self._resume(event)
            case Checkpoint():
                pass
            case Warned():
                self.warned.append(event)
            case Measured():
                self.results[event.result.name] = event.result
                self._is_prepared()
            case Probed():
                self.probed = event
            case Failed():
                self._end(event.time)
                self.failed = event
            case Finished():
                self._end(event.time)
                self.finished = event

    def _start(self, event: Started) -> None:
        self._take_back(0)
        self._keep_epochs(0)
        self.started, self.device, self.pid = event, event.device, event.pid
        self._go_on(event.time)

    def _resume(self, event: Resumed) -> None:
        self._take_back(event.step)
        if event.from_checkpoint:
            self.resumed.add(event, len(self.epochs), len(self.losses))
            # what was done since the last epoch is known again when the next one ends
            self._worked = self.epochs[-1].elapsed if self.epochs else 0.0
        self.device, self.pid = event.device, event.pid
        self._go_on(event.time)

    def _go_on(self, time: float) -> None:
        self._is_taken_up()
        self._working_since = time

    def _is_taken_up(self) -> None:
        """A worker lives: no end that was journaled before is one."""
        self.failed = self.finished = None
        self.paused = False

    def _end(self, time: float) -> None:
        self.failed = self.finished = self.preparing = None
        self._stop_clock(time)

    def _stop_clock(self, time: float) -> None:
        self._worked = self.elapsed(time)
        self._working_since = None

    def _take_back(self, step: int) -> None:
        """Forget what lies beyond a step."""
        self.resumed.keep_batches(step)
        del self.losses[step:]
        del self.batch_top1[step:]
        self._keep_epochs(bisect_right(self.epochs, step, key=lambda epoch: epoch.step))
        self.changes = [change for change in self.changes if change.step <= step]

    def _add_batches(self, event: Batches, line: int) -> None:
        before = event.first_step - 1
        missing = before - len(self.losses)
        if missing > MAX_GAP:
            reason = f"its batches begin at step {event.first_step}, after step {len(self.losses)}"
            self.damages.append(Damage(reason, line))
            return
        if missing < 0:  # the line that took them back is damaged
            self._take_back(before)
        self.losses.extend(array("d", [nan]) * max(0, missing))
        self.batch_top1.extend(array("d", [nan]) * max(0, missing))
        self.losses.extend(event.losses)
        self.batch_top1.extend(event.top1)
        self.images_per_s = event.images_per_s
        self._is_prepared()

    def _is_prepared(self) -> None:
        """Unless the untrained network is still being measured, beside the first steps."""
        if self.epochs or not self.losses:
            self.preparing = None

    def _add_epoch(self, event: Epoch) -> None:
        kept = len(self.epochs)
        while kept and (self.epochs[kept - 1].epoch >= event.epoch or self.epochs[kept - 1].step > event.step):
            kept -= 1
        self._keep_epochs(kept)
        self.epochs.append(event)
        self._choose(event)
        self.preparing = None
        self._worked = event.elapsed
        if self._working_since is not None:
            self._working_since = event.time

    def _keep_epochs(self, count: int) -> None:
        """Forget all but the first epochs, and find the best of those."""
        if count == len(self.epochs):
            return
        self.resumed.keep_epochs(count)
        del self.epochs[count:]
        self._best = self._lowest_loss = None
        for epoch in self.epochs:
            self._choose(epoch)

    def _choose(self, epoch: Epoch) -> None:
        """Hold the latest epoch against the best so far, so that a look costs the same however many there were."""
        best, lowest = self._best, self._lowest_loss
        if isnan(epoch.choosing_top1):
            pass
        elif best is None or best.epoch == 0 or epoch.choosing_top1 > best.choosing_top1:
            self._best = epoch
        if isnan(epoch.choosing_loss):
            self._lowest_loss = None if lowest and lowest.epoch == 0 else lowest
        elif lowest is None or lowest.epoch == 0 or epoch.choosing_loss < lowest.choosing_loss:
            self._lowest_loss = epoch
