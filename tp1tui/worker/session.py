"""Drive the training loop: have it told in the journal, write checkpoints, obey commands."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import closing

from tp1tui.engine import checkpoint
from tp1tui.engine.first_steps import PartMeasured, takes_long, train_at_once
from tp1tui.engine.loop import EpochMeasured, EpochTrained, LoopEvent, StepDone, train
from tp1tui.engine.team import Team
from tp1tui.engine.team_loop import led
from tp1tui.engine.training import Training
from tp1tui.journal import commands
from tp1tui.journal.events import Checkpoint, Paused, Resumed
from tp1tui.journal.folder import RunFolder
from tp1tui.worker.first_measure import FirstMeasure
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.ledger import Ledger
from tp1tui.worker.live import Live
from tp1tui.worker.lookout import Lookout
from tp1tui.worker.moments import Moment, changed, moment
from tp1tui.worker.narrator import Narrator
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
        self._team = team
        self._watch = journal.watch = Stopwatch(ledger["elapsed"])
        journal.device = training.where
        self._narrator = Narrator(journal, training, ledger, lookout, live, self._watch)
        self._checkpointed = self._durable = self._watch.elapsed
        self._checkpoint_seconds = 0.0
        self.is_over = False
        """Whether the run has ended, or the worker was asked to go."""
        self.is_paused = False
        self._attend_after = 0.0
        """Seconds of a stretch; the first batch is told at once."""
        self._awaits_epoch_zero = False
        """Whether steps are taken already while the untrained network is still being measured: until then there is
        nothing that a run could be taken up from, so commands wait, and a stop ends it as if it had not begun."""
        self._first_measure = FirstMeasure(training, self._tell_how_far)

    def run(self, afterwards: Callable[[Training], None] | None = None) -> None:
        """Train to the end, or until a command or a signal ends it.

        Args:
            afterwards: Called with the trained network, before the run counts as finished.

        Raises:
            Left: The worker was asked to go before the untrained network was measured.
            FolderLost: The run's folder is not where it was.
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
            self._narrator.prepares("measuring the untrained network")
        self._narrator.note_probe()

    def follow(self, event: LoopEvent | PartMeasured) -> None:
        """Do what is to be done after an event of the loop; afterwards the run may be over or paused."""
        match event:
            case PartMeasured():
                self._narrator.leave_out(event.seconds)
                self._first_measure.add(event.examples)
            case EpochMeasured() if self._awaits_epoch_zero:
                self._awaits_epoch_zero = False
                self._narrator.tell_epoch_zero(event)
                self._checkpoint()
                self.obey()
            case StepDone():
                if self._narrator.stretch >= self._attend_after:
                    self.attend()
            case EpochTrained():
                self._narrator.end_training_of_epoch()
            case EpochMeasured():
                self._end_epoch(event)

    def finish(self) -> None:
        """Journal that all epochs are done."""
        self._narrator.end("finished")
        self.is_over = True

    def _events(self) -> Generator[LoopEvent | PartMeasured, None, None]:
        """What happens in training. How far epoch 0 is measured is told, and a stop is obeyed meanwhile."""
        if self._team is None and self._training.epochs_done is None and takes_long(self._training):
            self._awaits_epoch_zero = True
            yield from train_at_once(self._training, hurried=lambda: self._inbox.holds_some)
            return
        events = led(self._training, self._team) if self._team else train(self._training)
        if self._training.epochs_done is None:
            with self._first_measure.counting():
                first = next(events)
            yield first
        yield from events

    def _tell_how_far(self, done: int, total: int) -> None:
        """Of the untrained network's measuring; a stop, or a signal to go, ends it here."""
        self._inbox.check()
        if self._inbox.holds_some:
            self._narrator.prepares(f"what was asked waits for the untrained network: {done:,} of {total:,} measured")
        else:
            self._narrator.prepares(f"measuring the untrained network: {done:,} of {total:,} examples")

    def attend(self) -> None:
        """Look at what the device has done and at what a person wants."""
        before = self._journal.seconds
        self._narrator.tell_batches()
        self._narrator.look()
        self.obey()
        self._attend_after = attend_after(self._journal.seconds - before)
        if self._may_checkpoint and self._watch.elapsed - self._checkpointed >= CHECKPOINT_EVERY:
            self._checkpoint()
        self._narrator.begin_stretch()

    @property
    def _may_checkpoint(self) -> bool:
        """Whether a run could be taken up from where it stands."""
        return not (self.is_over or self._awaits_epoch_zero)

    def _end_epoch(self, measured: EpochMeasured) -> None:
        is_best = self._narrator.tell_epoch(measured)
        if is_best or self._is_worth_a_checkpoint(measured.epoch):
            self._checkpoint(is_best=is_best)
        self._narrator.look()
        self.obey()
        self._narrator.begin_stretch()

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
        self._narrator.tell_batches()
        before = self._journal.seconds
        self._ledger["elapsed"] = self._checkpointed = elapsed = self._watch.elapsed
        durable = durable or elapsed - self._durable >= max(DURABLE_EVERY, self._checkpoint_seconds / SHARE)
        if durable:
            self._journal.sync()
            self._durable = elapsed
        payload = {"run": self._uid, "training": self._training.state(), "ledger": self._ledger}
        folder = self._folder.checkpoints_dir
        path = self._journal.insist_beside(lambda: checkpoint.save(folder, payload, durable=durable, is_best=is_best))
        self._journal.append(Checkpoint(**self._now(), file=path.name, epoch=self._training.epochs_done or 0))
        self._checkpoint_seconds = self._journal.seconds - before

    def obey(self) -> None:
        """Carry out what was asked since the last time."""
        if self._awaits_epoch_zero:
            self._inbox.check()
            return
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
                self._narrator.end("stopped")
                self.is_over = True
            case commands.SwitchTo():
                self._switch(command)
            case commands.ProbeExample():
                self._narrator.probe(command.of)
            case commands.BadCommand():
                self._narrator.refuses(command.text)

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
            self._narrator.refuses(str(error))
            return
        if old == command.on:
            return
        self._checkpoint(durable=True)
        self._journal.append(changed(training, command.switch, self._now()))

    def _now(self) -> Moment:
        return moment(self._training)


def attend_after(seconds: float) -> float:
    """Seconds until the next look at the device's losses and at commands, where the last one wrote for so many."""
    return min(max(ATTEND_EVERY, seconds / SHARE), ATTEND_AT_LATEST)
