from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.shipped import PRESETS
from tp1tui.spec.changes import with_changes
from tp1tui.spec.dataset import Circles, sizes, validation_size
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset import RunPreset


def changed(*settings: str) -> object:
    preset = PRESETS["ab2.4-circles-torch-optim"]
    assert isinstance(preset, RunPreset)
    return with_changes(preset.experiment, settings)


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 200))
def test_no_example_is_lost_or_counted_twice(fraction: float, taken: int) -> None:
    dataset = Circles(validation_fraction=fraction, train_examples=taken)
    assert sizes(dataset)[0] + validation_size(dataset) == taken


def test_an_epoch_is_as_long_as_what_is_left() -> None:
    preset = PRESETS["ab2.4-circles-torch-optim"]
    assert isinstance(preset, RunPreset)
    held = with_changes(preset.experiment, ["dataset.validation_fraction=0.25"])
    assert held.sizes == (150, 200)
    assert held.steps_per_epoch == 15


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (["dataset.validation_fraction=0.001"], "is 0.001, which holds none out of 200 training examples"),
        (["dataset.validation_fraction=0.999"], "is 0.999, which leaves none to train on of 200 training examples"),
        (["dataset.validation_fraction=1"], "dataset.validation_fraction is 1, but must be below 1"),
        (["dataset.validation_fraction=-0.1"], "dataset.validation_fraction is -0.1, but"),
        (["dataset.validation_fraction=0.97"], "batch_size is 10, but there are only 6 training examples"),
        (["dataset.train_examples=201"], "dataset.train_examples is 201, but circles has 200 training examples"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(settings: list[str], sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence.replace(".", r"\.")):
        changed(*settings)
