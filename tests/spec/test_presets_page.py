"""docs/presets.md promises things; here they are held against the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from tests.spec.shipped import FOLDER, PRESETS
from tp1tui.spec.asking import values_of, varied
from tp1tui.spec.faults import SpecError
from tp1tui.spec.instant import instant_results
from tp1tui.spec.preset import MeasurePreset, Preset, RunPreset, SweepPreset
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.sweep import MOST_MEMBERS

PAGE = (FOLDER.parent / "docs" / "presets.md").read_text()
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
TOLD = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


def library(folder: Path, text: str) -> PresetLibrary:
    (folder / "presets").mkdir(parents=True)
    (folder / "presets" / "wide.toml").write_text(text)
    return PresetLibrary([("this folder", folder / "presets"), ("tp1tui", FOLDER)])


def load(folder: Path, text: str) -> Preset:
    presets = library(folder, text)
    return presets.load(presets.find("wide"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_page_s_examples_load(tmp_path: Path, example: str) -> None:
    preset = load(tmp_path, example)
    if isinstance(preset, MeasurePreset):
        assert instant_results(preset.measure, preset.experiment)
    else:
        assert preset.experiment.layer_table()


def test_the_page_shows_presets_that_extend_and_one_that_stands_by_itself_of_all_kinds() -> None:
    shown = [("extends" in example, re.findall(r'^kind = "(\w+)"', example)) for example in EXAMPLES]
    assert shown == [(True, []), (False, []), (True, ["sweep"]), (True, ["sweep"]), (False, ["measure"])]


def test_the_page_s_sweeps_are_what_it_says_of_them(tmp_path: Path) -> None:
    values, variants = (load(tmp_path / name, text) for name, text in zip("ab", EXAMPLES[2:4], strict=True))
    assert isinstance(values, SweepPreset)
    assert isinstance(variants, SweepPreset)
    assert len(values.members()) == 6
    assert [(member.name, member.seed) for member in variants.members()] == [
        *[("momentum", seed) for seed in range(3)],
        *[("Adam", seed) for seed in range(3)],
    ]
    assert f"at most {MOST_MEMBERS} runs" in PAGE


def test_the_page_s_words_for_the_command_line_make_the_sweeps_that_it_says() -> None:
    path, taken = values_of("dropout.p=0,0.3,0.9")
    assert f"--vary {path}=0,0.3,0.9" in PAGE
    assert len(varied(PRESETS["cd29-dropout"], {path: taken}, None).members()) == 3
    assert len(varied(PRESETS["cd29-dropout"], {}, 5).members()) == 5


def test_faults_look_as_the_page_shows_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EXAMPLES[0].replace("lr = 0.02", "lr = -1").replace("epochs = 10", "epoch = 10")
    library(tmp_path, broken)
    monkeypatch.chdir(tmp_path)
    presets = PresetLibrary([("this folder", Path("presets")), ("tp1tui", FOLDER)])
    with pytest.raises(SpecError) as caught:
        presets.load(presets.find("wide"))
    assert f"{caught.value}\n" == TOLD[0]


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all that its fields hold."""
    yield model
    for field in model.model_fields.values():
        yield from models_in(field.annotation)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from models(annotation)
    for inner in get_args(annotation):
        yield from models_in(inner)


PROSE = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
WORDS = {word for quoted in re.findall(r"`([^`]+)`", PROSE) for word in re.findall(r"[a-z0-9_-]+", quoted)}


@pytest.mark.parametrize("model", sorted({*models(RunPreset), *models(SweepPreset), *models(MeasurePreset)}, key=str))
def test_the_page_names_every_key_and_every_kind(model: type[BaseModel]) -> None:
    kind = model.model_fields["kind"].default if "kind" in model.model_fields else None
    assert set(model.model_fields) | ({kind} if kind else set()) <= WORDS
