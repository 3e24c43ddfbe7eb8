"""What is typed into the editor of a field, made into an experiment; and what to say about each field."""

from __future__ import annotations

from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import MAX_SEED, Experiment


def edited(experiment: Experiment, path: str, text: str) -> Experiment:
    """An experiment with a field changed, and with further settings after semicolons.

    Args:
        experiment: Where to start.
        path: Key path of the field.
        text: Its value; `exponential; schedule.gamma=0.95` sets two fields that only make sense together.

    Raises:
        SpecError: A value is not allowed; the sentences say why.
    """
    value, *more = [part.strip() for part in text.split(";")]
    return with_changes(experiment, [f"{path}={value}", *filter(None, more)], source="Not possible")


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
            return "sgd, adam or adamw."
        case "device":
            return "auto, cpu, cuda, or one of several: cuda:0, cuda:1, …"
        case "schedule.kind":
            return "constant, cosine, or with its factor: exponential; schedule.gamma=0.95"
    return "As in a preset file: 0.5, true, [1, 2] or a word."
