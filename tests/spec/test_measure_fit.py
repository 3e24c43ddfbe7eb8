from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.shipped import FOLDER, SHIPPED
from tp1tui.spec.asking import edited
from tp1tui.spec.faults import SpecError
from tp1tui.spec.instant import instant_results
from tp1tui.spec.preset import MeasurePreset
from tp1tui.spec.preset_files import PresetLibrary

MEASURES = [(file.id, preset) for file in SHIPPED.all() if isinstance(preset := SHIPPED.load(file), MeasurePreset)]


def load(preset: str) -> MeasurePreset:
    return next(loaded for id, loaded in MEASURES if id == preset)


@pytest.mark.parametrize(("id", "preset"), MEASURES, ids=[id for id, _ in MEASURES])
def test_a_measure_shows_results_at_once_or_takes_a_worker(id: str, preset: MeasurePreset) -> None:
    results = instant_results(preset.measure, preset.experiment)
    assert (results is not None) == preset.measure.instant
    names = [result.name for result in results or ()]
    assert len(names) == len(set(names))
    assert preset.measure.instant == bool(names)


@pytest.mark.parametrize(
    ("preset", "settings", "sentence"),
    [
        (
            "cd33-dropout-modes",
            ["dropout.enabled=false"],
            "--set: dropout.enabled is false, but this measure looks at dropout at work; set it to true.",
        ),
        (
            "cd33-dropout-modes",
            ["dropout.p=0"],
            "--set: dropout.p is 0, which drops nothing; this measure needs one above 0.",
        ),
        (
            "cd33-dropout-modes",
            ["measure.image=600", "dataset.test_examples=500"],
            "--set: measure.image is 600, but there are only 500 test examples.",
        ),
        (
            "cd06-fully-convolutional",
            ["measure.sides=[32, 24]"],
            "--set: measure.sides.1 is 24, but the network was planned for 32 pixels; smaller images do not fill it.",
        ),
        (
            "cd06-fully-convolutional",
            ["measure.sides=[48, 48]"],
            "--set: measure.sides.1 is 48 a second time; each size may stand once.",
        ),
        (
            "cd20-statistics",
            ["standardization.enabled=false"],
            "--set: standardization.enabled is false, but this measure looks at what the network expects of its "
            "inputs; set it to true.",
        ),
        (
            "cd20-statistics",
            ["standardization={kind='constants', enabled=true}"],
            '--set: standardization.kind is "constants"; this measure needs the training set\'s own statistics, kind '
            '"channel".',
        ),
        (
            "cd12-linear-classifiers",
            ["dataset.train_examples=1000"],
            "--set: measure.train_examples is 5000, but there are only 1000 training examples.",
        ),
        (
            "ab17-gradients-of-hidden",
            ["implementation=torch.optim"],
            '--set: implementation is "torch.optim", but this measure looks at formulas by hand; set it to "by-hand".',
        ),
        (
            "ab07-forward",
            ["measure.example=201"],
            "--set: measure.example is 201, but there are only 200 training examples.",
        ),
        (
            "ab07-forward",
            ["implementation=torch.nn"],
            '--set: implementation is "torch.nn", but this measure looks at formulas by hand; set it to "by-hand".',
        ),
        (
            "ab13-argmax",
            ["implementation=autograd"],
            '--set: implementation is "autograd", but this measure looks at formulas by hand; set it to "by-hand".',
        ),
        (
            "ab15-gradient-of-scores",
            ["measure.points=201"],
            "--set: measure.points is 201, but there are only 200 training examples.",
        ),
        (
            "ab16-gradients-of-output",
            ["measure.tensors=['Wy', 'by', 'Wy']"],
            "--set: measure.tensors.2 is Wy a second time; each may stand once.",
        ),
        (
            "ab12-gradient-cost",
            ["measure.widths=[8, 32, 16]"],
            "--set: measure.widths.2 is 16, but must be above the 32 before it.",
        ),
        (
            "cd04-larger-inputs",
            ["measure.vgg16_side=200"],
            "--set: measure.vgg16_side is 200, but VGG16 was planned for 224 pixels; smaller images do not fill it.",
        ),
    ],
)
def test_a_measure_that_its_experiment_cannot_give_is_refused(preset: str, settings: list[str], sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        edited(load(preset), settings)
    assert str(caught.value) == sentence


def test_a_file_that_asks_for_pictures_of_points_is_refused_with_its_line(tmp_path: Path) -> None:
    page = 'kind = "measure"\ntitle = "t"\nquestion = "q"\n[measure]\nkind = "receptive-fields"\n[experiment]\n'
    (tmp_path / "mine.toml").write_text(f'{page}extends = "ab2.4-circles-torch-optim"\n')
    library = PresetLibrary([("mine", tmp_path), ("tp1tui", FOLDER)])
    with pytest.raises(
        SpecError, match="is circles, which are points; a measure of kind receptive-fields needs images"
    ):
        library.load(library.find("mine"))
