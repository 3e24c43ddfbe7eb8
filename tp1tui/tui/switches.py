"""The switches as people read them: their names, their keys, and why one is not there."""

from __future__ import annotations

from collections.abc import Mapping

from tp1tui.spec.experiment import Experiment, Switch

SWITCH_NAMES: Mapping[Switch, str] = {
    "augmentation": "augmentation",
    "dropout": "dropout",
    "standardization": "standardization",
    "batchnorm": "batch normalization",
}
SWITCH_KEYS: Mapping[Switch, str] = {"augmentation": "a", "dropout": "d", "standardization": "n", "batchnorm": "b"}


def absent(experiment: Experiment, switch: Switch) -> str | None:
    """Why an experiment has nothing that a switch could switch, as a sentence; None when it has.

    Quick enough to be asked whenever the keys are shown.
    """
    if switch == "augmentation" and len(experiment.facts.shape) != 3:
        title = experiment.facts.title
        return f"{title[0].upper()}{title[1:]} has no images to augment."
    if switch in ("dropout", "batchnorm") and not experiment.model.has(switch):
        return f"This network has no {SWITCH_NAMES[switch]} layers."
    return None


def no_images(experiment: Experiment) -> str | None:
    """Why there are no pictures of an experiment's data, as a sentence; None when there are."""
    title = experiment.facts.title
    if len(experiment.facts.shape) == 3:
        return None
    return f"{title[0].upper()}{title[1:]} has no images to show."


def why_not(experiment: Experiment, switch: Switch) -> str | None:
    """Why a switch of an experiment cannot be flipped, as a sentence; None when it can."""
    reason = absent(experiment, switch)
    if reason:
        return reason
    try:
        experiment.flipped(switch)
    except ValueError as error:
        return str(error)
    return None
