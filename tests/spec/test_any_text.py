from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.shipped import FOLDER, IDS, SHIPPED
from tests.spec.toml_writer import STYLES, write
from tests.spec.whole import TEXT
from tp1tui.spec.changes import fields, with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.toml_text import value_text

KEYS = st.sampled_from(["title", "question", "report", "experiment", "extends", "kind", "layers", "dataset", "enabled"])
SCALARS = st.text(max_size=5) | st.integers() | st.booleans() | st.floats() | st.sampled_from([*IDS, "sgd", "layers"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=10
)
SPLICES = st.tuples(st.integers(0, len(TEXT)), st.integers(0, 40), st.text(max_size=6)).map(
    lambda splice: (TEXT[: splice[0]] + splice[2] + TEXT[splice[0] + splice[1] :]).encode()
)


@given(
    content=st.binary()
    | st.text().map(str.encode)
    | SPLICES
    | st.tuples(st.dictionaries(KEYS, VALUES), STYLES).map(lambda drawn: write(*drawn)[0].encode())
)
@settings(max_examples=200)
def test_whatever_a_preset_file_holds_it_loads_or_is_told_in_sentences(scratch: Path, content: bytes) -> None:
    (scratch / "mine.toml").write_bytes(content)
    library = PresetLibrary([("this folder", scratch), ("tp1tui", FOLDER)])
    try:
        preset = library.load(library.find("mine"))
    except SpecError as error:
        told = str(error)
        assert all(line.startswith(str(scratch)) and line.endswith((".", "?")) for line in told.split("\n"))
        assert told.encode()
        return
    assert preset.experiment is None or preset.experiment.layer_table()


PATHS = st.sampled_from([path for path, _ in fields(SHIPPED.load(SHIPPED.find("cd34")).experiment)])
TEXTS = st.text(st.characters(exclude_categories=[]))
TYPED = VALUES.map(value_text)
SETTINGS = (
    TEXTS
    | st.tuples(PATHS, TEXTS | TYPED).map("=".join)
    | st.tuples(
        st.lists(KEYS | st.sampled_from(["model", "0", "conv1", "-1", "²", ""]), max_size=4).map(".".join), TYPED
    ).map("=".join)
)


@given(typed=st.lists(SETTINGS, min_size=1, max_size=3))
@settings(max_examples=300)
def test_whatever_is_typed_after_set_changes_the_experiment_or_is_told_in_sentences(
    baseline: Experiment, typed: list[str]
) -> None:
    try:
        changed = with_changes(baseline, typed)
    except SpecError as error:
        told = str(error)
        assert all(line.startswith("--set") for line in told.split("\n"))
        assert told.encode()
        return
    assert changed.layer_table()


@given(value=VALUES)
def test_a_value_is_read_as_it_is_written(value: object) -> None:
    written = tomllib.loads(f"value = {value_text(value)}")["value"]
    assert value_text(written) == value_text(value)
