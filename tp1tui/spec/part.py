"""The ground that every piece of an experiment stands on."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tp1tui.spec.steering import without_steering

Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
"""At least one of something. The bound above is only there so that a slip of the finger is told, not computed."""


class Part(BaseModel):
    """A piece of an experiment: immutable, and closed to keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


Shown = Annotated[str, AfterValidator(without_steering)]
"""A text that terminals show, from a file that somebody else may have written: nothing in it steers them."""
