"""What lies on the bench: the questions, what was changed in each, and where it would run."""

from __future__ import annotations

from collections.abc import Sequence, Set

from tp1tui.spec.experiment import Experiment, Switch
from tp1tui.spec.preset import RunSpec
from tp1tui.tui.bench.catalog import Question
from tp1tui.tui.bench.edits import edited
from tp1tui.tui.bench.fields import DEVICE, FieldRow, main_fields, other_fields

FIRST = "digits"
"""Preset that a newcomer begins with: it needs no download and learns in seconds."""


class Desk:
    """Edits are kept per preset while the app lives."""

    def __init__(self, questions: Sequence[Question], device: str) -> None:
        """Lay out the questions.

        Args:
            questions: In the order to be listed.
            device: As asked on the command line: auto, cpu, cuda or cuda:N.
        """
        self.questions = list(questions)
        self.device = device
        self._changed: dict[str, Experiment] = {}

    def experiment(self, question: Question) -> Experiment | None:
        """A question's experiment as it stands; None when its preset cannot be read."""
        if question.preset is None:
            return None
        return self._changed.get(question.id, question.preset.experiment)

    def spec(self, question: Question) -> RunSpec | None:
        """What a start would run; None when the preset cannot be read."""
        experiment = self.experiment(question)
        if question.preset is None or experiment is None:
            return None
        return RunSpec.of(question.id, question.preset, experiment)

    @property
    def changed(self) -> Set[str]:
        """Ids of the presets whose experiment was changed."""
        return self._changed.keys()

    def is_changed(self, question: Question) -> bool:
        """Whether there is something to undo."""
        return question.id in self._changed

    def flip(self, question: Question, switch: Switch) -> None:
        """Flip a switch.

        Raises:
            ValueError: It makes no sense here; the sentence says why.
        """
        experiment = self.experiment(question)
        if experiment is not None:
            self._keep(question, experiment.flipped(switch))

    def edit(self, question: Question, path: str, text: str) -> None:
        """Set a field, as `edits.edited` reads it.

        Raises:
            SpecError: It is not allowed.
            LaunchError: It is no device's name.
        """
        if path == DEVICE:
            from tp1tui.worker.launcher import check_device

            self.device = check_device(text)
            return
        experiment = self.experiment(question)
        if experiment is not None:
            self._keep(question, edited(experiment, path, text))

    def undo(self, question: Question) -> None:
        """Back to the preset."""
        self._changed.pop(question.id, None)

    def main_rows(self, question: Question) -> list[FieldRow]:
        """The fields that the subject's questions turn on, and the device."""
        experiment = self.experiment(question)
        if question.preset is None or experiment is None:
            return []
        device = FieldRow("device", DEVICE, self.device, self.device, self.device)
        return [*main_fields(question.preset.experiment, experiment), device]

    def other_rows(self, question: Question) -> list[FieldRow]:
        """Every other field."""
        experiment = self.experiment(question)
        return other_fields(question.preset.experiment, experiment) if question.preset and experiment else []

    def _keep(self, question: Question, experiment: Experiment) -> None:
        if question.preset and experiment == question.preset.experiment:
            self.undo(question)
        else:
            self._changed[question.id] = experiment
