"""Which experiments several devices can train together."""

from __future__ import annotations

from tp1tui.spec.experiment import Experiment


def why_not_shared(experiment: Experiment, devices: int) -> str | None:
    """Why so many devices cannot share the steps of an experiment, as a sentence; None where they can."""
    if experiment.implementation != "torch.optim":
        return f"The implementation {experiment.implementation} works on one device; torch.optim works on several too."
    if experiment.batch_size < devices:
        return f"Batches of {experiment.batch_size} cannot be shared out among {devices} devices. Name fewer of them."
    return None
