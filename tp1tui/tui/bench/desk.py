"""What lies on the bench: the questions, what was changed in each, and where it would run."""

from __future__ import annotations

from collections.abc import Sequence, Set

from tp1tui.spec.asking import frozen
from tp1tui.spec.experiment import Experiment, Switch
from tp1tui.spec.frozen import Frozen, RunSpec, SweepSpec
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset
from tp1tui.tui.bench.catalog import Question
from tp1tui.tui.bench.edits import edited_preset, flipped
from tp1tui.tui.bench.fields import DEVICE, FieldRow, main_fields, other_fields
from tp1tui.tui.bench.kind_fields import measure_rows, sweep_rows

FIRST = "digits"
"""Preset that a newcomer begins with: it needs no download and learns in seconds."""

FIRST_STEPS = "ab2.4-circles-torch-optim"
"""Preset of the first steps: the same, and its decision boundary is a thing to look at."""

PHOTOGRAPHS = "cd18-baseline"
"""Preset that a newcomer goes on with: the subject's network on the photographs of CIFAR-10."""


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
        self._changed: dict[str, Preset] = {}
        self._predictions: dict[str, str] = {}

    def asked(self, question: Question) -> Preset | None:
        """A question's preset as it stands, its changes in it; None when it cannot be read."""
        return self._changed.get(question.id, question.preset)

    def experiment(self, question: Question) -> Experiment | None:
        """A question's experiment as it stands; None when its preset cannot be read, or is a measure without one."""
        asked = self.asked(question)
        return asked.experiment if asked else None

    def spec(self, question: Question) -> Frozen | SweepSpec | None:
        """What a start would run; None when the preset cannot be read."""
        asked = self.asked(question)
        if question.preset is None or asked is None:
            return None
        return frozen(question.id, question.preset, asked)

    @property
    def first_steps(self) -> RunSpec | None:
        """What a newcomer is shown; None where that preset is not here or was made something else."""
        preset = next((question.preset for question in self.questions if question.id == FIRST_STEPS), None)
        return RunSpec.of(FIRST_STEPS, preset, preset.experiment) if isinstance(preset, RunPreset) else None

    @property
    def changed(self) -> Set[str]:
        """Ids of the presets that were changed."""
        return self._changed.keys()

    def is_changed(self, question: Question) -> bool:
        """Whether there is something to undo."""
        return question.id in self._changed

    def flip(self, question: Question, switch: Switch) -> None:
        """Flip a switch.

        Raises:
            ValueError: It makes no sense here; the sentence says why.
        """
        asked = self.asked(question)
        if asked is not None and asked.experiment is not None:
            self._keep(question, flipped(asked, asked.experiment.flipped(switch)))

    def edit(self, question: Question, path: str, text: str) -> None:
        """Set a field, as `edits.edited_preset` reads it.

        Raises:
            SpecError: It is not allowed.
            LaunchError: It is no device's name.
        """
        if path == DEVICE:
            from tp1tui.worker.device_name import check_device

            self.device = check_device(text)
            return
        asked = self.asked(question)
        if asked is not None:
            self._keep(question, edited_preset(asked, path, text))

    def undo(self, question: Question) -> None:
        """Back to the preset."""
        self._changed.pop(question.id, None)

    def prediction(self, question: Question) -> str:
        """What is expected of a question's next run; empty where nothing is."""
        return self._predictions.get(question.id, "")

    def predict(self, question: Question, text: str) -> None:
        """Expect something of its next run, or nothing."""
        self._predictions[question.id] = text

    def main_rows(self, question: Question) -> list[FieldRow]:
        """The fields that the subject's questions turn on, and the device."""
        asked, preset = self.asked(question), question.preset
        if preset is None or asked is None:
            return []
        rows: list[FieldRow] = []
        if isinstance(preset, MeasurePreset) and isinstance(asked, MeasurePreset):
            rows += measure_rows(preset.measure, asked.measure)
        elif not isinstance(preset, MeasurePreset) and not isinstance(asked, MeasurePreset):
            rows += sweep_rows(preset, asked)
        if preset.experiment is not None and asked.experiment is not None:
            rows += _of_every_run(asked, main_fields(preset.experiment, asked.experiment))
        return [*rows, FieldRow("device", DEVICE, self.device, self.device, self.device)]

    def other_rows(self, question: Question) -> list[FieldRow]:
        """Every other field."""
        asked, preset = self.asked(question), question.preset
        if preset is None or preset.experiment is None or asked is None or asked.experiment is None:
            return []
        return _of_every_run(asked, other_fields(preset.experiment, asked.experiment))

    def _keep(self, question: Question, asked: Preset) -> None:
        if asked == question.preset:
            self.undo(question)
        else:
            self._changed[question.id] = asked


def _of_every_run(asked: Preset, rows: Sequence[FieldRow]) -> list[FieldRow]:
    """Without the fields that a sweep varies, which have a row of their own: here a change would change no run."""
    varied = asked.sweep.fields if isinstance(asked, SweepPreset) else {}
    return [row for row in rows if row.path not in varied]
