"""What presets say to try is possible: the fields that they name are there, and the commands are understood."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.spec.shipped import IDS, PRESETS, SHIPPED
from tp1tui.spec.asking import MEASURE, edited, values_of, varied
from tp1tui.spec.changes import fields
from tp1tui.spec.preset import MeasurePreset, Preset

FIELD = re.compile(
    r"\b(?:measure|dataset|standardization|augmentation|model|dropout|optimizer|schedule)\.[a-z_][\w.]*\w"
)
COMMAND = re.compile(r"tp1tui run ([\w.-]*\w(?: --[\w-]+ [\w.,=-]*\w)*)")
STEPS = [(id, step) for id in IDS for step in PRESETS[id].to_try]


def paths(preset: Preset) -> set[str]:
    """Key paths that can be edited."""
    own = {f"{MEASURE}{key}" for key in preset.measure.model_dump()} if isinstance(preset, MeasurePreset) else set()
    return own | ({path for path, _ in fields(preset.experiment)} if preset.experiment else set())


@pytest.mark.parametrize(("id", "step"), STEPS)
def test_a_field_that_a_step_names_is_one_of_the_preset_s(id: str, step: str) -> None:
    words = COMMAND.sub("", step)
    assert set(FIELD.findall(words)) <= paths(PRESETS[id])


@pytest.mark.parametrize("command", [command for _, step in STEPS for command in COMMAND.findall(step)])
def test_a_command_that_a_step_names_is_understood(command: str) -> None:
    name, *words = shlex.split(command)
    preset = SHIPPED.load(SHIPPED.find(name))
    given = list(zip(words[::2], words[1::2], strict=True))
    wanted = edited(preset, [value for option, value in given if option == "--set"])
    vary = dict(values_of(value) for option, value in given if option == "--vary")
    seeds = next((int(value) for option, value in given if option == "--seeds"), None)
    assert wanted.title
    if vary or seeds:
        assert len(varied(wanted, vary, seeds).members()) > 1


def test_there_are_such_fields_and_commands() -> None:
    assert sum(bool(FIELD.search(step)) for _, step in STEPS) > 20
    assert sum(bool(COMMAND.search(step)) for _, step in STEPS) > 5
