"""A preset: a question of the subject, the experiment that answers it, and what the report found.

A run folder's experiment.toml is the same page frozen: all of the preset as it was when the run was asked for, so
that a run copied to another machine opens there without the presets it came from.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tp1tui.spec.changes import differences, fields
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Misfit
from tp1tui.spec.part import Part

Percent = Annotated[float, Field(ge=0, le=100)]


class Report(Part):
    """What the subject's report found, as ranges in percent of top-1."""

    train_top1: tuple[Percent, Percent] | None = None
    test_top1: tuple[Percent, Percent] | None = None
    epoch: int | None = Field(default=None, ge=0)
    """After how many epochs; the last one when left out."""
    text: str = ""
    """Anything else that was found, in our own words."""

    @model_validator(mode="after")
    def _low_to_high(self) -> Report:
        for name in ("train_top1", "test_top1"):
            bounds: tuple[float, float] | None = getattr(self, name)
            if bounds and bounds[0] > bounds[1]:
                raise Misfit((name,), f"runs from {bounds[0]:g} to {bounds[1]:g}; write the lower bound first")
        return self


class Preset(Part):
    """One file under presets/: a question and what is run for it."""

    kind: Literal["run"] = "run"
    title: str = Field(min_length=1)
    """A few words, for lists."""
    question: str = Field(min_length=1)
    """What is asked, in our own words."""
    look_for: str = ""
    """What to watch while it runs."""
    note: str = ""
    """Where the experiment's values come from."""
    report: Report = Report()
    experiment: Experiment


FORMAT = 1
"""Of run folders. Readers open this one and older ones, and refuse newer ones with a sentence."""


class RunSpec(Preset):
    """What one run was asked to do: a preset, resolved. Written once, as experiment.toml, and never changed."""

    format: int = FORMAT
    preset: str = Field(min_length=1)
    """Id of the preset that it began as."""
    changes: tuple[str, ...] = ()
    """What was changed from the preset, each as `key = value`, which `--set` takes."""

    @classmethod
    def of(cls, preset_id: str, preset: Preset, experiment: Experiment) -> RunSpec:
        """Freeze a preset with the experiment that was really asked for."""
        held = dict(fields(experiment))
        changes = tuple(c.text for c in differences(preset.experiment, experiment) if c.path in held)
        page = {**dict(preset), "experiment": experiment}
        return cls(preset=preset_id, changes=changes, **page)
