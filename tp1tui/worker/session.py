"""Drive the training loop: journal what it yields, write checkpoints, obey commands."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Literal

from tp1tui.engine import checkpoint
from tp1tui.engine.loop import EpochMeasured, EpochTrained, LoopEvent, StepDone, train
from tp1tui.engine.team import Team
from tp1tui.engine.team_loop import led
from tp1tui.engine.training import Training
from tp1tui.journal import commands
from tp1tui.journal.events import Batches, Checkpoint, Finished, Measured, Paused, Preparing, Probed, Resumed, Warned
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.live import ProbeOf
from tp1tui.worker.by_class import class_results
from tp1tui.worker.first_measure import told_how_far
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.ledger import Ledger
from tp1tui.worker.live import Live
from tp1tui.worker.lookout import Lookout
from tp1tui.worker.moments import Moment, changed, measured_epoch, moment
from tp1tui.worker.probe import ProbeError
from tp1tui.worker.room import PatientJournal
from tp1tui.worker.stopwatch import Stopwatch

ATTEND_EVERY = 0.2
"""Seconds between two looks at the device's losses and at the commands, at least."""
ATTEND_AT_LATEST = 5.0
"""The same at most, however slow the disk is: a person waits for an answer."""
CHECKPOINT_EVERY = 60.0
"""Seconds between two checkpoints within an epoch."""
DURABLE_EVERY = 1.0
"""Seconds between two waits for the disk; in between, checkpoints of very short epochs are safe from the process's
end only, which is what they are for."""
SLOW = 0.1
"""Seconds that a checkpoint takes on a slow disk: there, not every short epoch is worth one."""
SHARE = 0.1
"""Of the time that may go by on writing, where a disk is slow: it is done less often."""
LOOK_EVERY = 0.1
"""Seconds between two looks at the commands while paused."""
TICK = 1e-9
"""Shortest time in seconds, so that a rate is a number on a coarse clock too."""
DIGITS = 7
"""Significant digits of a journaled loss: as many as float32 holds."""


class Session:
    """One worker's time with one run."""

    def __init__(
        self,
        folder: RunFolder,
        journal: PatientJournal,
        training: Training,
        inbox: Inbox,
        ledger: Ledger,
        lookout: Lookout,
        live: Live,
        team: Team | None = None,
    ) -> None:
        """Take over.

        Args:
            folder: The run.
            journal: Open, with this worker's `started` or `resumed` written.
            training: Ready, restored from the last checkpoint if there is one.
            inbox: Looked at several times a second.
            ledger: Of the last checkpoint, or a new one.
            lookout: Knows what the journal says up to here.
            live: Looks at the network while it learns.
            team: The processes that share the run, which this one leads; None where it is alone.
        """
        self._folder = folder
        self._uid = folder.uid() or ""
        self._journal = journal
        self._training = training
        self._inbox = inbox
        self._ledger = ledger
        self._lookout = lookout
        self._live = live
        self._team = team
        self._images_per_s = math.nan
        self._watch = journal.watch = Stopwatch(ledger["elapsed"])
        journal.device = training.where
        self._stretch_began = self._checkpointed = self._durable = self._watch.elapsed
        self._checkpoint_seconds = 0.0
        self._journaled_step = training.step
        self.is_over = False
        """Whether the run has ended, or the worker was asked to go."""
        self.is_paused = False
        self._attend_after = 0.0
        """Seconds of a stretch; the first batch is told at once."""

    def run(self, afterwards: Callable[[Training], None] | None = None) -> None:
        """Train to the end, or until a command or a signal ends it.

        Args:
            afterwards: Called with the trained network, before the run counts as finished.

        Raises:
            Left: The worker was asked to go before the untrained network was measured.
        """
        self.begin()
        with closing(self._events()) as events:
            for event in events:
                self.follow(event)
                while self.is_paused and not self.is_over:
                    time.sleep(LOOK_EVERY)
                    self.obey()
                if self.is_over:
                    return
        if afterwards is not None:
            afterwards(self._training)
        self.finish()

    @property
    def training(self) -> Training:
        """What it drives."""
        return self._training

    @property
    def seconds_writing(self) -> float:
        """That the disk has taken of this worker's time so far."""
        return self._journal.seconds

    def begin(self) -> None:
        """Journal what comes before the first event."""
        if self._training.epochs_done is None:
            self._journal.append(Preparing(**self._now(), what="measuring the untrained network"))
        self._note_probe()

    def follow(self, event: LoopEvent) -> None:
        """Do what is to be done after an event of the loop; afterwards the run may be over or paused."""
        match event:
            case StepDone():
                if self._watch.elapsed - self._stretch_began >= self._attend_after:
                    self.attend()
            case EpochTrained():
                self._flush()
                self._images_per_s = self._training.meter.totals.examples / max(self._ledger["trained"], TICK)
            case EpochMeasured():
                self._end_epoch(event)

    def finish(self) -> None:
        """Journal that all epochs are done."""
        self._finish("finished")

    def _events(self) -> Generator[LoopEvent, None, None]:
        """What happens in training. How far epoch 0 is measured is told, and a stop is obeyed meanwhile."""
        events = led(self._training, self._team) if self._team else train(self._training)
        if self._training.epochs_done is None:
            with told_how_far(self._training, self._tell):
                first = next(events)
            yield first
        yield from events

    def _tell(self, what: str) -> None:
        self._inbox.check()
        self._journal.append(Preparing(**self._now(), what=what))

    def attend(self) -> None:
        """Look at what the device has done and at what a person wants."""
        before = self._journal.seconds
        self._flush()
        self._look()
        self.obey()
        self._attend_after = attend_after(self._journal.seconds - before)
        if not self.is_over and self._watch.elapsed - self._checkpointed >= CHECKPOINT_EVERY:
            self._checkpoint()
        self._stretch_began = self._watch.elapsed

    def _flush(self) -> None:
        """Journal the batches since the last time, and what the engine wants to say of them."""
        stretch = self._training.meter.fetch()
        seconds = max(self._watch.elapsed - self._stretch_began, TICK)
        self._stretch_began = self._watch.elapsed
        for notice in self._training.notices:
            self._journal.append(Warned(**self._now(), message=notice))
        self._training.notices.clear()
        if not stretch.losses:
            return
        self._ledger["trained"] += seconds
        batches = Batches(
            **self._now(),
            first_step=self._journaled_step + 1,
            losses=[_rounded(loss) for loss in stretch.losses],
            top1=stretch.top1,
            images_per_s=stretch.examples / seconds,
        )
        self._journal.append(batches)
        self._journaled_step += len(stretch.losses)
        for warned in self._lookout.after_batches(batches):
            self._journal.append(warned)

    def _end_epoch(self, measured: EpochMeasured) -> None:
        ledger, elapsed = self._ledger, self._watch.elapsed
        seconds = elapsed - ledger["epoch_began"]
        epoch = measured_epoch(self._training, measured, self._images_per_s, seconds, elapsed)
        self._journal.append(epoch)
        for warned in self._lookout.after_epoch(epoch):
            self._journal.append(warned)
        ledger["epoch_began"], ledger["trained"] = elapsed, 0.0
        ledger["confusion"] = measured.test.confusion
        is_best = epoch.choosing_top1 > ledger["best"]
        if is_best and measured.epoch > 0:  # an untrained network is the best only while it is alone
            ledger["best"] = epoch.choosing_top1
        if is_best or self._is_worth_a_checkpoint(measured.epoch):
            self._checkpoint(is_best=is_best)
        self._look()
        self.obey()
        self._stretch_began = self._watch.elapsed

    def _is_worth_a_checkpoint(self, epoch: int) -> bool:
        """Whether an epoch's end is one, which is no new best: each is, unless a slow disk took long a moment ago."""
        if self._checkpoint_seconds < SLOW or epoch == self._training.experiment.epochs:
            return True
        return self._watch.elapsed - self._checkpointed >= self._checkpoint_seconds / SHARE

    def _checkpoint(self, *, durable: bool = False, is_best: bool = False) -> None:
        """Write a checkpoint, the journal's figures up to here before it.

        Args:
            durable: Wait for the disk, however short ago that was.
            is_best: Keep it as the best, too.
        """
        self._flush()
        before = self._journal.seconds
        self._ledger["elapsed"] = self._checkpointed = elapsed = self._watch.elapsed
        durable = durable or elapsed - self._durable >= max(DURABLE_EVERY, self._checkpoint_seconds / SHARE)
        if durable:
            self._journal.sync()
            self._durable = elapsed
        payload = {"run": self._uid, "training": self._training.state(), "ledger": self._ledger}
        folder = self._folder.checkpoints_dir
        path = self._journal.insist(lambda: checkpoint.save(folder, payload, durable=durable, is_best=is_best))
        self._journal.append(Checkpoint(**self._now(), file=path.name, epoch=self._training.epochs_done or 0))
        self._checkpoint_seconds = self._journal.seconds - before

    def obey(self) -> None:
        """Carry out what was asked since the last time."""
        if self._inbox.leave:
            if not self.is_paused:
                self._checkpoint(durable=True)
            self.is_over = True
            return
        for command in self._inbox:
            self._carry_out(command)
            if self.is_over:
                return

    def _carry_out(self, command: commands.Command | commands.BadCommand) -> None:
        match command:
            case commands.Pause():
                self._pause()
            case commands.Resume():
                self._go_on()
            case commands.Stop():
                self._checkpoint(durable=True)
                self._finish("stopped")
            case commands.SwitchTo():
                self._switch(command)
            case commands.ProbeExample():
                self._probe(command.of)
            case commands.BadCommand():
                self._journal.append(Warned(**self._now(), message=command.text))

    def _pause(self) -> None:
        """Stand still until asked to go on, to stop, or to leave. Switches are obeyed meanwhile."""
        if self.is_paused:
            return
        self._watch.halt()
        self._checkpoint(durable=True)
        self._journal.append(Paused(**self._now()))
        self.is_paused = True

    def _go_on(self) -> None:
        if not self.is_paused:
            return
        self._watch.go_on()
        self.is_paused = False
        where = self._training.where
        self._journal.append(Resumed(**self._now(), from_checkpoint=False, pid=os.getpid(), device=where))

    def _switch(self, command: commands.SwitchTo) -> None:
        """Flip a switch. The checkpoint comes first: a resume then flips it at the very same step."""
        training = self._training
        old = training.experiment.is_on(command.switch)
        try:
            training.set_switch(command.switch, on=command.on)
        except ValueError as error:
            self._journal.append(Warned(**self._now(), message=str(error)))
            return
        if old == command.on:
            return
        self._checkpoint(durable=True)
        self._journal.append(changed(training, command.switch, self._now()))

    def _probe(self, of: ProbeOf) -> None:
        """Look at another example, at once."""
        try:
            self._live.probe.choose(of)
        except ProbeError as error:
            self._journal.append(Warned(**self._now(), message=str(error)))
            return
        self._note_probe()
        self._show_live()

    def _note_probe(self) -> None:
        probe = self._live.probe
        self._journal.append(Probed(**self._now(), of=probe.of, count=probe.count))

    def _look(self) -> None:
        """Journal what is to be seen of the network, where it is time to."""
        if self._live.is_due(self._watch.elapsed):
            self._show_live()

    def _show_live(self) -> None:
        for result in self._live.look(self._watch.elapsed):
            self._journal.append(Measured(**self._now(), result=result))

    def _finish(self, outcome: Literal["finished", "stopped"]) -> None:
        if not self._live.is_up_to_date:
            self._show_live()
        if "confusion" in self._ledger:
            names = self._training.experiment.facts.class_names
            for result in class_results(self._ledger["confusion"], names):
                self._journal.append(Measured(**self._now(), result=result))
        self._journal.append(Finished(**self._now(), outcome=outcome))
        self._journal.sync()
        self.is_over = True

    def _now(self) -> Moment:
        return moment(self._training)


def attend_after(seconds: float) -> float:
    """Seconds until the next look at the device's losses and at commands, where the last one wrote for so many."""
    return min(max(ATTEND_EVERY, seconds / SHARE), ATTEND_AT_LATEST)


def _rounded(loss: float) -> float:
    return float(f"{loss:.{DIGITS}g}")
