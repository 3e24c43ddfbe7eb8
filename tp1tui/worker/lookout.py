"""Looks out for what goes wrong in one run, and gives word of each thing once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tp1tui.engine.activity import dead_relus, measured_every
from tp1tui.engine.training import Training
from tp1tui.journal.events import Batches, Epoch, Warned
from tp1tui.journal.record import RunRecord
from tp1tui.journal.signs import Sign, first_not_finite, not_finite, signs, unsaid
from tp1tui.worker.moments import moment


class Lookout:
    """Is told what the journal is told, and says what should stand there as warnings."""

    def __init__(self, training: Training, record: RunRecord) -> None:
        """Take over.

        Args:
            training: Stands where the record ends.
            record: What the journal says up to here; kept up from now on.
        """
        self._training = training
        self._record = record

    def after_batches(self, event: Batches) -> Iterator[Warned]:
        """What a stretch of batches shows."""
        known = event.first_step - 1
        self._record.apply(event)
        step = first_not_finite(self._record.losses, self._record.batch_top1, known)
        sign = not_finite(self._training.experiment, step)
        return self._new([sign] if sign else [])

    def after_epoch(self, event: Epoch) -> Iterator[Warned]:
        """What a whole epoch shows."""
        record = self._record
        record.apply(event)
        found = signs(self._training.experiment, record.epochs, record.losses, record.batch_top1, self._dead(event))
        return self._new(found)

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
