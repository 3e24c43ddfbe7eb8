"""What is typed into the editor of a field, made into an experiment; and what to say about each field."""

from __future__ import annotations

from tp1tui.spec.asking import edited, values_of, varied
from tp1tui.spec.experiment import MAX_SEED, Experiment
from tp1tui.spec.faults import Fault, SpecError
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset

NOT_POSSIBLE = "Not possible"
"""Begins the sentences of an edit that is refused."""
MOST_SEEDS = 100
AS_IN_A_FILE = "As in a preset file: 0.5, true, [1, 2] or a word."


VARY = "vary "
"""Begins the path of a row that lists the values which a sweep gives to a field."""
SEEDS = "seeds"
"""Path of the row that says how many seeds every point is run with."""


def edited_preset(preset: Preset, path: str, text: str) -> Preset:
    """A preset with a field changed, and with further settings after semicolons.

    Args:
        preset: Where to start.
        path: Key path of the field.
        text: Its value; `exponential; schedule.gamma=0.95` sets two fields that only make sense together. Of a
            sweep's field, its values with commas between.

    Raises:
        SpecError: A value is not allowed; the sentences say why.
    """
    if path == SEEDS:
        return _with_seeds(preset, text)
    if path.startswith(VARY):
        return varied(preset, dict([values_of(f"{path.removeprefix(VARY)}={text}")]), None, source=NOT_POSSIBLE)
    value, *more = [part.strip() for part in text.split(";")]
    return edited(preset, [f"{path}={value}", *filter(None, more)], source=NOT_POSSIBLE)


def flipped(preset: Preset, experiment: Experiment) -> Preset:
    """A preset with another experiment in the place of its own.

    Raises:
        ValueError: A member of the sweep would not be possible then.
    """
    changed = preset.model_copy(update={"experiment": experiment})
    if isinstance(changed, SweepPreset):
        changed.members()
    return changed


def _with_seeds(preset: Preset, text: str) -> Preset:
    """A run with more than one seed is a sweep; a sweep that varies nothing but one seed is a run."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_SEEDS:
        raise SpecError(NOT_POSSIBLE, (Fault(SEEDS, None, f"is {text!r}, but must be from 1 to {MOST_SEEDS}"),))
    if isinstance(preset, MeasurePreset):
        return preset
    alone = not isinstance(preset, SweepPreset) or not (preset.sweep.fields or preset.sweep.variants)
    if int(text) > 1 or not alone:
        return varied(preset, {}, int(text), source=NOT_POSSIBLE)
    return RunPreset(**{key: value for key, value in dict(preset).items() if key not in ("kind", "sweep")})


def hint(experiment: Experiment, path: str) -> str:
    """What may be typed for a field, in a sentence."""
    match path:
        case "optimizer.lr":
            return "How far one step goes: a number above 0, such as 0.01 or 0.1."
        case "optimizer.momentum":
            return "How much of the last step is kept: from 0 (none) to below 1."
        case "batch_size":
            return f"Examples a step: a whole number from 1 to {experiment.sizes[0]:,}."
        case "epochs":
            return "Passes over the training set: a whole number from 1."
        case "seed":
            return f"A whole number from 0 to {MAX_SEED}; the same seed gives the same run."
        case "optimizer.kind":
            return "sgd, adam, adamw, rmsprop, adagrad, muon, or with another field: adam; optimizer.lr=0.001"
        case "device":
            return "auto, cpu, cuda, or one of several: cuda:0, cuda:1, …"
        case "schedule.kind":
            return (
                "constant, cosine, one-cycle, plateau, or with its own field:\n"
                "exponential; schedule.gamma=0.95\n"
                "step; schedule.every=10\n"
                "multi-step; schedule.milestones=[20]\n"
                "warm-restarts; schedule.period=10\n"
                "All but one-cycle may begin with a rise: cosine; schedule.warmup_epochs=2"
            )
    return AS_IN_A_FILE
