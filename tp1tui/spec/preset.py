"""A preset: a question of the subject, what is run for it, and what the report found. Of three kinds.

A *run* trains one experiment, a *sweep* several that differ in a field or two, a *measure* computes something that is
no training curve.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import Fault, Misfit, SpecError
from tp1tui.spec.measure import Measure
from tp1tui.spec.measure_fit import check_measure
from tp1tui.spec.part import Part
from tp1tui.spec.report import Report
from tp1tui.spec.sweep import Member, Sweep, members
from tp1tui.spec.toml_files import line_of
from tp1tui.spec.toml_text import shown


class Card(Part):
    """What every preset says to the person who reads it."""

    title: str = Field(min_length=1)
    """A few words, for lists."""
    question: str = Field(min_length=1)
    """What is asked, in our own words."""
    to_try: tuple[str, ...] = ()
    """What to do, a step each, with the keys of the screens and the fields of the experiment."""
    look_for: str = ""
    """What to watch while it runs."""
    note: str = ""
    """Where the values come from."""
    report: Report = Report()


class RunPreset(Card):
    """One training."""

    kind: Literal["run"] = "run"
    experiment: Experiment


class SweepPreset(Card):
    """Several trainings, overlaid."""

    kind: Literal["sweep"] = "sweep"
    experiment: Experiment
    """What all members have in common."""
    sweep: Sweep

    @model_validator(mode="after")
    def _possible(self) -> SweepPreset:
        try:
            self.members()
        except Misfit as error:
            raise error.below("sweep") from None
        return self

    def members(self) -> tuple[Member, ...]:
        """The runs that it asks for, in order."""
        return members(self.experiment, self.sweep)


class MeasurePreset(Card):
    """A table, a check or a calculator."""

    kind: Literal["measure"] = "measure"
    measure: Measure
    experiment: Experiment | None = None
    """What is measured, for those measures that need it."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> MeasurePreset:
        needs = self.measure.needs
        if self.experiment is None and needs != "nothing":
            raise Misfit(("experiment",), f"is missing; a measure of kind {self.measure.kind} needs one")
        if self.experiment is not None and needs == "nothing":
            raise Misfit(("experiment",), f"must be left out; a measure of kind {self.measure.kind} has no use for it")
        if self.experiment is not None:
            check_measure(self.measure, self.experiment)
        return self

    @property
    def trains(self) -> bool:
        """Whether its experiment is trained before anything is measured."""
        return self.measure.needs == "training"


Preset = RunPreset | SweepPreset | MeasurePreset
_KINDS: dict[str, type[RunPreset] | type[SweepPreset] | type[MeasurePreset]] = {
    "run": RunPreset,
    "sweep": SweepPreset,
    "measure": MeasurePreset,
}


def model_of(data: dict[str, Any], path: Path, text: str) -> type[RunPreset] | type[SweepPreset] | type[MeasurePreset]:
    """Which kind of preset a file's data claim to be; a run where they say nothing.

    Raises:
        SpecError: There is no such kind, or the data are those of another.
    """
    kind = data.get("kind", "run")
    if kind == "run":
        _refuse_forgotten_kind(data, path, text)
    if isinstance(kind, str) and kind in _KINDS:
        return _KINDS[kind]
    allowed = ", ".join(f'"{known}"' for known in _KINDS)
    fault = Fault("kind", line_of(text, ("kind",)), f"is {shown(kind)}; allowed: {allowed}", keys=("kind",))
    raise SpecError(str(path), (fault,))


def _refuse_forgotten_kind(data: dict[str, Any], path: Path, text: str) -> None:
    """As a run, a sweep or a measure has a table that nothing knows, and may lack another: say what is behind that."""
    for kind in _KINDS:
        if kind in data:
            problem = f'makes this a {kind}: write kind = "{kind}" beside the title'
            raise SpecError(str(path), (Fault(kind, line_of(text, (kind,)), problem, keys=(kind,)),))
