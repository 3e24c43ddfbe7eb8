"""Presets as they were when something was asked for: what experiment.toml and sweep.toml hold.

All of the preset is frozen, so that a folder copied to another machine opens there without the presets it came from.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue

from tp1tui.spec.changes import differences, fields, measure_differences
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.part import Part
from tp1tui.spec.preset import MeasurePreset, RunPreset, SweepPreset
from tp1tui.spec.sweep import Member

FORMAT = 2
"""Of run folders, with all that lies in them. Readers open this one and older ones, and refuse newer ones.

1: lines of the journal say nothing of which run they are of. 2: they carry its `uid`."""


Uid = Annotated[str, Field(pattern=r"^([0-9a-f]{8})?$")]
"""Eight random hexadecimal digits, by which a run is told from all others whatever its folder is called: every line of
its journal carries them. Empty in format 1."""


class RunSpec(RunPreset):
    """What one run was asked to do: a preset, resolved. Written once, as experiment.toml, and never changed."""

    format: int = Field(default=FORMAT, ge=1)
    uid: Uid = ""
    """Given to the run when its folder is made."""
    preset: str = Field(min_length=1)
    """Id of the preset that it began as."""
    changes: tuple[str, ...] = ()
    """What was changed from the preset, each as `key = value`, which `--set` takes."""
    sweep: str = ""
    """Id of the sweep that it is a member of; empty for a run of its own."""
    member: str = ""
    """Which point of the sweep it is; empty where only the seed varies."""

    @classmethod
    def of(cls, preset_id: str, preset: RunPreset, experiment: Experiment) -> RunSpec:
        """Freeze a preset with the experiment that was really asked for."""
        page = {**dict(preset), "experiment": experiment}
        return cls(preset=preset_id, changes=changed_fields(preset.experiment, experiment), **page)

    @property
    def training(self) -> RunSpec | None:
        """What is trained: this."""
        return self


class MeasureSpec(MeasurePreset):
    """What one measure was asked to do; in a run folder of its own, as experiment.toml."""

    format: int = Field(default=FORMAT, ge=1)
    uid: Uid = ""
    """Given to the run when its folder is made."""
    preset: str = Field(min_length=1)
    """Id of the preset that it began as."""
    changes: tuple[str, ...] = ()
    """What was changed from the preset, each as `key = value`, which `--set` takes."""

    @classmethod
    def of(cls, preset_id: str, preset: MeasurePreset, asked: MeasurePreset) -> MeasureSpec:
        """Freeze a preset as it was really asked for."""
        changes = measure_differences(preset.measure, asked.measure)
        if preset.experiment and asked.experiment:
            changes += changed_fields(preset.experiment, asked.experiment)
        return cls(preset=preset_id, changes=changes, **dict(asked))

    @property
    def training(self) -> RunSpec | None:
        """What is trained before anything is measured, as a run would be; None for a measure that trains nothing."""
        if not self.trains:
            return None
        page = dict(self)
        return RunSpec(**{key: page[key] for key in RunSpec.model_fields if key in page and key != "kind"})


class SweepRun(Part):
    """One member of a sweep that was made."""

    run: str
    """Id of its run."""
    member: str
    """Its point."""
    values: dict[str, JsonValue] = Field(default={})
    """Of the varied fields, by key path."""
    seed: int


class SweepSpec(SweepPreset):
    """What a sweep was asked to do, and which runs do it. Written once, as sweep.toml, and never changed."""

    format: int = Field(default=FORMAT, ge=1)
    preset: str = Field(min_length=1)
    """Id of the preset that it began as."""
    changes: tuple[str, ...] = ()
    """What was changed from the preset's experiment, each as `key = value`."""
    runs: tuple[SweepRun, ...] = ()

    @classmethod
    def of(cls, preset_id: str, preset: SweepPreset | RunPreset, asked: SweepPreset) -> SweepSpec:
        """Freeze a sweep as it was really asked for; its runs are named when they are made."""
        return cls(preset=preset_id, changes=changed_fields(preset.experiment, asked.experiment), **dict(asked))

    def run_spec(self, sweep_id: str, member: Member) -> RunSpec:
        """What one member's run is asked to do."""
        return RunSpec(
            title=self.title,
            question=self.question,
            to_try=self.to_try,
            look_for=self.look_for,
            note=self.note,
            report=member.report or self.report,
            experiment=member.experiment,
            preset=self.preset,
            changes=changed_fields(self.experiment, member.experiment),
            sweep=sweep_id,
            member=member.name,
        )


Frozen = RunSpec | MeasureSpec
"""What a run folder's experiment.toml may hold."""


def changed_fields(old: Experiment, new: Experiment) -> tuple[str, ...]:
    """Fields of an experiment that differ from another's, each as `key = value`."""
    held = dict(fields(new))
    return tuple(change.text for change in differences(old, new) if change.path in held)
