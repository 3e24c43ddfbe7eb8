"""A new run beside an old one, with one switch the other way."""

from __future__ import annotations

from tp1tui.spec.changes import differences
from tp1tui.spec.experiment import Switch
from tp1tui.spec.frozen import RunSpec


def flipped_spec(spec: RunSpec, switch: Switch) -> RunSpec:
    """What the new run is asked to do.

    Args:
        spec: What the old one was asked to do.
        switch: Which one to flip.

    Raises:
        ValueError: Flipping it would make no sense here.
    """
    experiment = spec.experiment.flipped(switch)
    changes = list(spec.changes)
    for change in differences(spec.experiment, experiment):
        made_before = [text for text in changes if text.startswith(f"{change.path} = ")]
        for text in made_before:  # a switch has two sides: flipped twice, it is as in the preset
            changes.remove(text)
        if not made_before:
            changes.append(change.text)
    return spec.model_copy(update={"experiment": experiment, "changes": tuple(changes)})
