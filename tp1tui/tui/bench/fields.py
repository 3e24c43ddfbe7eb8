"""An experiment's fields as the bench lists them, each beside what the preset has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tp1tui.spec.augmentation import AugmentationStep, Crop
from tp1tui.spec.changes import fields, value_text
from tp1tui.spec.experiment import Experiment, Switch
from tp1tui.spec.optimizer import (
    Constant,
    Cosine,
    Exponential,
    MultiStep,
    OneCycle,
    Plateau,
    Schedule,
    Step,
    WarmRestarts,
)

DEVICE = "device"
"""Path of the one row that is no part of the experiment: where it will run."""


@dataclass(frozen=True)
class FieldRow:
    """One field on the bench."""

    label: str
    path: str
    """Key path as `--set` takes it."""
    value: str
    """As people read it."""
    preset: str
    """The preset's value, in the same form."""
    edit: str
    """As it is typed; empty for switches, which are flipped instead."""
    switch: Switch | None = None
    """The switch that this row shows."""

    @property
    def changed(self) -> bool:
        """Whether it differs from the preset."""
        return self.value != self.preset


def main_fields(preset: Experiment, experiment: Experiment) -> list[FieldRow]:
    """The fields that the subject's questions turn on."""
    values = dict(fields(experiment))
    rows = [
        FieldRow(label, path, text(experiment), text(preset), _typed(values.get(path)))
        for label, path, text in _MAIN
        if text(experiment) or text(preset)
    ]
    rows += [
        FieldRow(label, f"{switch}.enabled", text(experiment), text(preset), "", switch)
        for label, switch, text in _SWITCH_ROWS
    ]
    return rows


def other_fields(preset: Experiment, experiment: Experiment) -> list[FieldRow]:
    """Every field that `main_fields` leaves out, by its key path; those of layers without a value are no fields."""
    shown = {path for _, path, _ in _MAIN} | {f"{switch}.enabled" for _, switch, _ in _SWITCH_ROWS}
    before = dict(fields(preset))
    return [
        FieldRow(path, path, value_text(value), value_text(before.get(path)), _typed(value))
        for path, value in fields(experiment)
        if path not in shown and not (path.startswith("model.layers.") and value is None)
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _momentum(experiment: Experiment) -> str:
    return _number(getattr(experiment.optimizer, "momentum", None))


def _optimizer(experiment: Experiment) -> str:
    kind, implementation = experiment.optimizer.kind, experiment.implementation
    return kind if implementation == "torch.optim" else f"{kind}, {implementation}"


def _schedule(experiment: Experiment) -> str:
    schedule = experiment.schedule
    if isinstance(schedule, OneCycle) or not schedule.warmup_epochs:
        return _course(schedule)
    return f"{_course(schedule)}, warm-up {schedule.warmup_epochs:g}"


def _course(schedule: Schedule) -> str:
    match schedule:
        case Constant():
            return "constant"
        case Exponential(gamma=gamma):
            return f"× {gamma:g} an epoch"
        case Step(every=every, gamma=gamma):
            return f"× {gamma:g} every {every} epoch{'s' if every > 1 else ''}"
        case MultiStep(milestones=milestones, gamma=gamma):
            return f"× {gamma:g} after {', '.join(map(str, milestones))}"
        case Cosine():
            return "cosine to 0"
        case WarmRestarts(period=period, multiplier=multiplier):
            return f"cosine anew after {period}" + (f", then × {multiplier}" if multiplier > 1 else "")
        case OneCycle(peak=peak):
            return f"one cycle, peak at {100 * peak:g} %"
        case Plateau(factor=factor):
            return f"× {factor:g} on a plateau"


def _on(experiment: Experiment, switch: Switch, what: str) -> str:
    return f"on, {what}" if experiment.is_on(switch) and what else "on" if experiment.is_on(switch) else "off"


def _standardization(experiment: Experiment) -> str:
    return _on(experiment, "standardization", _STANDARDIZATIONS[experiment.standardization.kind])


def _augmentation(experiment: Experiment) -> str:
    return _on(experiment, "augmentation", " + ".join(map(_step, experiment.augmentation.steps)))


def _step(step: AugmentationStep) -> str:
    if not isinstance(step, Crop):
        return step.kind
    return f"crop {step.size} padded {step.padding}" if step.padding else f"crop {step.size}"


def _dropout(experiment: Experiment) -> str:
    if not experiment.model.has("dropout"):
        return "not in this network"
    return _on(experiment, "dropout", f"p {experiment.dropout.p:g}")


def _batchnorm(experiment: Experiment) -> str:
    if not experiment.model.has("batchnorm"):
        return "not in this network"
    return _on(experiment, "batchnorm", "")


_STANDARDIZATIONS: Mapping[str, str] = {
    "constants": "constants",
    "channel": "per channel",
    "image": "per image",
    "pixel": "mean image",
    "zca": "ZCA",
}
_Text = Callable[[Experiment], str]
_MAIN: tuple[tuple[str, str, _Text], ...] = (
    ("learning rate", "optimizer.lr", lambda experiment: _number(experiment.optimizer.lr)),
    ("momentum", "optimizer.momentum", _momentum),
    ("batch size", "batch_size", lambda experiment: str(experiment.batch_size)),
    ("epochs", "epochs", lambda experiment: str(experiment.epochs)),
    ("seed", "seed", lambda experiment: str(experiment.seed)),
    ("optimizer", "optimizer.kind", _optimizer),
    ("schedule", "schedule.kind", _schedule),
)
_SWITCH_ROWS: tuple[tuple[str, Switch, _Text], ...] = (
    ("augmentation", "augmentation", _augmentation),
    ("dropout", "dropout", _dropout),
    ("standardization", "standardization", _standardization),
    ("batch norm", "batchnorm", _batchnorm),
)
LABELS: Mapping[str, str] = {path: label for label, path, _ in _MAIN}
"""What the bench calls a field, by its key path; the others go by their path."""


def _typed(value: object) -> str:
    """A value as it is typed: bare words for strings."""
    return value if isinstance(value, str) else value_text(value)
