"""As what a run is shown: its curves, or its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tp1tui.journal.listing import RunSummary
    from tp1tui.spec.frozen import Frozen

ShownAs = Literal["training", "training with results", "measure"]
"""A training with results is one that a measure is taken of: these come to the front as soon as there are some."""


def shown_as(spec: Frozen) -> ShownAs:
    """As what is shown what was asked for."""
    from tp1tui.spec.frozen import RunSpec

    if isinstance(spec, RunSpec):
        return "training"
    return "training with results" if spec.trains else "measure"


def listed_as(run: RunSummary) -> ShownAs:
    """As what is shown a run of the list, of which nothing more needs to be read for that."""
    if run.kind == "run":
        return "training"
    return "training with results" if run.dataset else "measure"
