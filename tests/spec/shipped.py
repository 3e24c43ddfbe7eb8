"""The presets of this source tree, whatever lies in the current folder or in the person's settings."""

from __future__ import annotations

from pathlib import Path

from tp1tui.spec.preset_files import PresetLibrary

FOLDER = Path(__file__).parents[2] / "presets"
SHIPPED = PresetLibrary([("tp1tui", FOLDER)])
IDS = [file.id for file in SHIPPED.all()]
