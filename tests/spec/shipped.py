"""The presets of this source tree, whatever lies in the current folder or in the person's settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.transformer import VisionTransformer

FOLDER = Path(__file__).parents[2] / "presets"
SHIPPED = PresetLibrary([("tp1tui", FOLDER)])
PRESETS: dict[str, Preset] = {file.id: SHIPPED.load(file) for file in SHIPPED.all()}
"""By id, in the subject's order."""
IDS = list(PRESETS)
RUNS = {id: preset for id, preset in PRESETS.items() if isinstance(preset, RunPreset)}
SWEEPS = {id: preset for id, preset in PRESETS.items() if isinstance(preset, SweepPreset)}
MEASURES = {id: preset for id, preset in PRESETS.items() if isinstance(preset, MeasurePreset)}
EXPERIMENTS = {id: preset.experiment for id, preset in PRESETS.items() if preset.experiment}
"""Of every preset that has one; of a sweep, what its members have in common."""


def _trainings() -> Iterator[tuple[str, Experiment]]:
    for id, preset in PRESETS.items():
        if isinstance(preset, SweepPreset):
            yield from ((f"{id}: {member.name}", member.experiment) for member in preset.members())
        elif isinstance(preset, RunPreset):
            yield id, preset.experiment


TRAININGS = dict(_trainings())
"""Everything that runs and sweeps train, each member of a sweep under its sweep's id and its own name."""


def _networks() -> Iterator[tuple[str, Experiment]]:
    seen = []
    for name, experiment in {**EXPERIMENTS, **TRAININGS}.items():
        network = (experiment.layers, experiment.input_shape)
        if experiment.layers and network not in seen:
            seen.append(network)
            yield name, experiment


NETWORKS = dict(_networks())
"""One experiment for each list of layers and each size of its input."""

TRANSFORMERS = {
    name: experiment for name, experiment in TRAININGS.items() if isinstance(experiment.model, VisionTransformer)
}
