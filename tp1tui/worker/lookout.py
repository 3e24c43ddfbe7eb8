"""Looks out for what goes wrong in one run, and gives word of each thing once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp1tui.engine.activity import dead_relus, measured_every
from tp1tui.engine.training import Training
from tp1tui.journal.events import Batches, Epoch, Warned
from tp1tui.journal.latest_batches import LatestBatches
from tp1tui.journal.record import RunRecord
from tp1tui.journal.signs import Sign, not_finite, signs, unsaid
from tp1tui.worker.moments import moment


class Lookout:
    """Is told what the journal is told, and says what should stand there as warnings."""

    def __init__(self, training: Training, record: RunRecord) -> None:
        """Take over. Of what the record holds, only the epochs and the warnings are kept.

        Args:
            training: Stands where the record ends.
            record: What the journal says up to here.
        """
        self._training = training
        self._record = RunRecord()
        for epoch in record.epochs:
            self._record.apply(epoch)
        for warned in record.warned:
            self._record.apply(warned)
        self._batches = LatestBatches(training.experiment)
        self._batches.add(record.losses, record.batch_top1)

    def after_batches(self, event: Batches) -> Iterator[Warned]:
        """What a stretch of batches shows."""
        self._batches.add(event.losses, event.top1)
        sign = not_finite(self._training.experiment, self._batches.not_finite)
        return self._new([sign] if sign else [])

    def after_epoch(self, event: Epoch) -> Iterator[Warned]:
        """What a whole epoch shows."""
        self._record.apply(event)
        return self._new(signs(self._training.experiment, self._record.epochs, self._batches, self._dead(event)))

    def _dead(self, event: Epoch) -> Mapping[str, float]:
        """Shares of dead ReLUs where it is time to count them, and as long as there is something to say of them."""
        due = event.epoch % measured_every(self._training.experiment) == 0
        said = any(warned.topic == "dead-relus" for warned in self._record.warned)
        return dead_relus(self._training) if event.epoch and due and not said else {}

    def _new(self, found: list[Sign]) -> Iterator[Warned]:
        for sign in list(unsaid(found, [(event.topic, event.epoch) for event in self._record.warned])):
            now = moment(self._training)
            warned = Warned(**now, message=sign.sentence, topic=sign.topic, epoch=sign.epoch)
            self._record.apply(warned)
            yield warned
