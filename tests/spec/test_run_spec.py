from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import tomli_w

from tests.spec.shipped import RUNS, SHIPPED
from tp1tui.spec.changes import with_changes
from tp1tui.spec.faults import SpecError
from tp1tui.spec.frozen import FORMAT, RunSpec
from tp1tui.spec.toml_files import read_toml, validate

SETTINGS = ["seed=3", "batch_size=50"]


def frozen(preset: str) -> RunSpec:
    page = RUNS[preset]
    return RunSpec.of(preset, page, with_changes(page.experiment, SETTINGS))


def written(spec: RunSpec) -> str:
    return tomli_w.dumps(spec.model_dump(mode="json", exclude_none=True))


@pytest.mark.parametrize("preset", RUNS)
def test_what_a_run_was_asked_comes_back_whole_from_its_file(tmp_path: Path, preset: str) -> None:
    spec = frozen(preset)
    path = tmp_path / "experiment.toml"
    path.write_text(written(spec))
    data, text = read_toml(path)
    assert validate(RunSpec, data, path, {path: text}) == spec


def test_a_run_keeps_its_preset_s_words_and_says_what_was_changed() -> None:
    page = SHIPPED.load(SHIPPED.find("cd22"))
    spec = frozen("cd22-crop-mirror")
    assert (spec.title, spec.question, spec.report, spec.format) == (page.title, page.question, page.report, FORMAT)
    assert spec.changes == ("batch_size = 50", "seed = 3")


def test_a_frozen_experiment_extends_nothing() -> None:
    assert "extends" not in tomllib.loads(written(frozen("cd34-batchnorm")))["experiment"]


def test_a_damaged_run_file_is_told_with_its_line(tmp_path: Path) -> None:
    text = written(frozen("digits")).replace("batch_size = 50", "batch_size = -50")
    path = tmp_path / "experiment.toml"
    path.write_text(text)
    line = 1 + text.splitlines().index("batch_size = -50")
    with pytest.raises(
        SpecError, match=rf"^{path}, line {line}: experiment\.batch_size is -50, but must be at least 1\.$"
    ):
        validate(RunSpec, tomllib.loads(text), path, {path: text})
