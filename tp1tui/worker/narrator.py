"""What a training does and shows, told in its journal: batches, epochs, looks at the network, and how it ended."""

from __future__ import annotations

import math
from typing import Literal

from tp1tui.engine.loop import EpochMeasured
from tp1tui.engine.training import Training
from tp1tui.journal.events import REFUSED, Batches, Epoch, Finished, Measured, Preparing, Probed, Warned
from tp1tui.journal.writer import JournalWriter
from tp1tui.spec.live import ProbeOf
from tp1tui.worker.by_class import class_results
from tp1tui.worker.ledger import Ledger
from tp1tui.worker.live import Live
from tp1tui.worker.lookout import Lookout
from tp1tui.worker.moments import Moment, measured_epoch, moment
from tp1tui.worker.probe import ProbeError
from tp1tui.worker.stopwatch import Stopwatch

TICK = 1e-9
"""Shortest time in seconds, so that a rate is a number on a coarse clock too."""
DIGITS = 7
"""Significant digits of a journaled loss: as many as float32 holds."""


class Narrator:
    """Turns what a session sees of its training into events; when it is told, the session decides.

    A stretch is what was trained since the last time that batches were told.
    """

    def __init__(
        self,
        journal: JournalWriter,
        training: Training,
        ledger: Ledger,
        lookout: Lookout,
        live: Live,
        watch: Stopwatch,
    ) -> None:
        """Take over; for the arguments see `tp1tui.worker.session.Session`, whose time `watch` counts."""
        self._journal = journal
        self._training = training
        self._ledger = ledger
        self._lookout = lookout
        self._live = live
        self._watch = watch
        self._stretch_began = watch.elapsed
        self._told_step = training.step
        self._images_per_s = math.nan
        self._left_out = 0.0

    @property
    def stretch(self) -> float:
        """Seconds of the stretch that goes on."""
        return self._watch.elapsed - self._stretch_began

    def begin_stretch(self) -> None:
        """What came before was no training."""
        self._stretch_began = self._watch.elapsed

    def leave_out(self, seconds: float) -> None:
        """So much of the stretch was no training: the untrained network was measured meanwhile."""
        self._stretch_began += seconds
        self._left_out += seconds

    def prepares(self, what: str) -> None:
        """Tell what is being waited for before the first batch."""
        self._journal.append(Preparing(**self._now(), what=what))

    def warns(self, message: str) -> None:
        """Tell a sentence that a person should read."""
        self._journal.append(Warned(**self._now(), message=message))

    def refuses(self, reason: str) -> None:
        """Tell in a sentence why a command is not obeyed."""
        self._journal.append(Warned(**self._now(), message=reason, topic=REFUSED))

    def tell_batches(self) -> None:
        """Tell the batches of the stretch, and what the engine wants to say of them. Waits for the device."""
        fetched = self._training.meter.fetch()
        seconds = max(self.stretch, TICK)
        self.begin_stretch()
        for notice in self._training.notices:
            self.warns(notice)
        self._training.notices.clear()
        if not fetched.losses:
            return
        self._ledger["trained"] += seconds
        batches = Batches(
            **self._now(),
            first_step=self._told_step + 1,
            losses=[_rounded(loss) for loss in fetched.losses],
            top1=fetched.top1,
            images_per_s=fetched.examples / seconds,
        )
        self._journal.append(batches)
        self._told_step += len(fetched.losses)
        for warned in self._lookout.after_batches(batches):
            self._journal.append(warned)

    def end_training_of_epoch(self) -> None:
        """Tell an epoch's last batches; what comes until the next one's first is evaluation."""
        self.tell_batches()
        self._images_per_s = self._training.meter.totals.examples / max(self._ledger["trained"], TICK)

    def tell_epoch_zero(self, measured: EpochMeasured) -> None:
        """Tell of the untrained network when steps were taken already: it took what was left out of their time."""
        self._tell_epoch(measured, math.nan, self._left_out, self._watch.elapsed)

    def tell_epoch(self, measured: EpochMeasured) -> bool:
        """Tell how an epoch went; returns whether it is the best so far."""
        ledger, elapsed = self._ledger, self._watch.elapsed
        epoch = self._tell_epoch(measured, self._images_per_s, elapsed - ledger["epoch_began"], elapsed)
        ledger["trained"] = 0.0
        is_best = epoch.choosing_top1 > ledger["best"]
        if is_best and measured.epoch > 0:  # an untrained network is the best only while it is alone
            ledger["best"] = epoch.choosing_top1
        return is_best

    def _tell_epoch(self, measured: EpochMeasured, images_per_s: float, seconds: float, elapsed: float) -> Epoch:
        """Tell of an epoch that took so many seconds of those that have elapsed; the others are the next one's."""
        ledger = self._ledger
        epoch = measured_epoch(self._training, measured, images_per_s, seconds, elapsed)
        self._journal.append(epoch)
        for warned in self._lookout.after_epoch(epoch):
            self._journal.append(warned)
        ledger["epoch_began"] += seconds
        ledger["confusion"] = measured.test.confusion
        return epoch

    def look(self) -> None:
        """Show what is to be seen of the network, where it is time to."""
        if self._live.is_due(self._watch.elapsed):
            self._show()

    def note_probe(self) -> None:
        """Tell which example is looked at."""
        probe = self._live.probe
        self._journal.append(Probed(**self._now(), of=probe.of, count=probe.count))

    def probe(self, of: ProbeOf) -> None:
        """Look at another example, at once."""
        try:
            self._live.probe.choose(of)
        except ProbeError as error:
            self.refuses(str(error))
            return
        self.note_probe()
        self._show()

    def end(self, outcome: Literal["finished", "stopped"]) -> None:
        """Tell what has become of the network, and that the run is over."""
        if not self._live.is_up_to_date:
            self._show()
        if "confusion" in self._ledger:
            names = self._training.experiment.facts.class_names
            for result in class_results(self._ledger["confusion"], names):
                self._journal.append(Measured(**self._now(), result=result))
        self._journal.append(Finished(**self._now(), outcome=outcome))
        self._journal.sync()

    def _show(self) -> None:
        for result in self._live.look(self._watch.elapsed):
            self._journal.append(Measured(**self._now(), result=result))

    def _now(self) -> Moment:
        return moment(self._training)


def _rounded(loss: float) -> float:
    return float(f"{loss:.{DIGITS}g}")
