"""What is seen of a network while it learns: the decision boundary, and one example that is probed (ab04 to ab06)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tp1tui.spec.part import Part

BOUNDARY = "decision boundary"
"""The grid that a run on points of the plane journals again and again."""
PROBE, PROBE_LINE, PROBE_PICTURE = "probe", "probe over training", "probed example"
"""The results that a probe is journaled as: a table, a series and, for images, a picture."""
LIVE = frozenset((BOUNDARY, PROBE, PROBE_LINE, PROBE_PICTURE))


class ProbeOf(Part):
    """Which example."""

    part: Literal["train", "test"] = "test"
    number: int = Field(default=1, ge=1)
    """Counted from 1, in the order of the dataset."""

    @property
    def text(self) -> str:
        """`test example 17`."""
        return f"{'training' if self.part == 'train' else 'test'} example {self.number}"
