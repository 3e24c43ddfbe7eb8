from __future__ import annotations

from math import ceil, floor, prod

import pytest
from torch import nn

from tests.spec.shipped import SHIPPED
from tests.spec.torch_layers import modules, outputs
from tp1tui.spec.arithmetic import layer_table, shape_text, total_parameters
from tp1tui.spec.as_convolutions import as_convolutions
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.larger_inputs import larger_inputs
from tp1tui.spec.layer_sums import layer_sums
from tp1tui.spec.measure import LargerInputs
from tp1tui.spec.results import Table, Text
from tp1tui.spec.unshared import DEEPFACE, DEEPFACE_INPUT, unshared_convolution, unshared_weights


def baseline() -> Experiment:
    experiment = SHIPPED.load(SHIPPED.find("cd18-baseline")).experiment
    assert experiment is not None
    return experiment


def table(results: tuple[object, ...], name: str) -> Table:
    return next(result for result in results if isinstance(result, Table) and result.name == name)


def test_dense_layers_as_convolutions_have_the_same_weights_and_work() -> None:
    experiment = baseline()
    made = layer_table(as_convolutions(experiment.layers, experiment.input_shape), experiment.input_shape)
    dense = experiment.layer_table()
    assert "linear" not in {row.kind for row in made}
    assert "flatten" not in {row.kind for row in made}
    assert total_parameters(made) == total_parameters(dense) == 1_191_170
    assert sum(row.multiply_adds for row in made) == sum(row.multiply_adds for row in dense)
    assert made[-1].output == (10, 1, 1)


def test_shapes_on_larger_images_are_torch_s() -> None:
    experiment = baseline()
    layers = as_convolutions(experiment.layers, experiment.input_shape)
    shapes = outputs(modules(layers, (3, 32, 32)), (3, 80, 80))
    rows = table(larger_inputs(LargerInputs(side=80), experiment), "this network on larger images").rows
    expected = {str(layer.name): shape_text(shape) for layer, shape in zip(layers, shapes, strict=True)}
    assert [row[3] for row in rows] == [expected[str(row[0])] for row in rows]
    assert rows[-1][3] == "10x7x7"


def test_vgg16_s_head_gives_x_less_6() -> None:
    rows = table(larger_inputs(LargerInputs(vgg16_side=640), baseline()), "VGG16's head on larger images").rows
    assert [row[0] for row in rows] == [224, 256, 288, 320, 384, 448, 512, 640]
    for side, features, fc6, fc8, answers, whole, windows in rows:
        x = side // 32
        assert (features, fc6, fc8) == (f"512x{x}x{x}", f"4096x{x - 6}x{x - 6}", f"1000x{x - 6}x{x - 6}")
        assert answers == (x - 6) ** 2
        assert windows == pytest.approx(answers * rows[0][5])
        assert whole <= windows
    assert rows[0][5] == pytest.approx(15.470264320)


@pytest.mark.parametrize(("side", "sentence"), [(48, "would be given 2,304"), (32, "takes this image as it stands")])
def test_the_layer_that_refuses_a_larger_image_is_named(side: int, sentence: str) -> None:
    results = larger_inputs(LargerInputs(side=side), baseline())
    text = next(result.text for result in results if isinstance(result, Text))
    assert sentence in text
    assert ("fc4 does not" in text) == (side == 48)


@pytest.mark.parametrize(
    ("side", "answers"),
    [(32, "10x1x1: an answer for the one place"), (36, "10x2x2: an answer for each of the 4 places")],
)
def test_answers_stand_where_the_first_dense_layer_s_kernel_fits(side: int, answers: str) -> None:
    # Poolings that round up make room for a second answer before a second window of 32 pixels fits into the image.
    found = larger_inputs(LargerInputs(side=side), baseline())[0]
    assert isinstance(found, Text)
    assert found.text.endswith(f"{answers}\nwhere the 4x4 kernel of fc4 fits.")


def test_unshared_weights_are_those_of_a_convolution_for_each_place() -> None:
    for layer, row in zip(baseline().layers, baseline().layer_table(), strict=True):
        if row.kind != "conv" or row.output[1] > 16:
            continue
        places = nn.ModuleList(
            nn.Conv2d(row.input[0], layer.filters, layer.kernel) for _ in range(prod(row.output[1:]))
        )
        assert unshared_weights(row) == sum(weights.numel() for weights in places.parameters())


def test_deepface_s_unshared_layers_hold_most_of_its_weights() -> None:
    rows = {row.name: row for row in layer_table(DEEPFACE, DEEPFACE_INPUT)}
    assert [shape_text(row.output) for row in rows.values()] == [
        *("32x142x142", "32x71x71", "16x63x63", "16x55x55", "16x25x25", "16x21x21")
    ]
    shown = {row[0]: row for row in table(unshared_convolution(baseline()), "convolutions of DeepFace").rows}
    assert shown["l4"][5] == 55 * 55 * 16 * (9 * 9 * 16 + 1) == 62_774_800
    local = sum(unshared_weights(rows[name]) for name in ("l4", "l5", "l6"))
    shared = rows["c1"].parameters + rows["c3"].parameters
    dense = (16 * 21 * 21 + 1) * 4096 + (4096 + 1) * 4030
    assert local / (local + shared + dense) > 0.5


def test_the_layer_table_s_sums_come_out_as_written() -> None:
    results = layer_sums(baseline())
    rows = table(results, "layers").rows
    by_name = {row[0]: row for row in rows}
    weights = {name: by_name[name][4] for name in ("conv1", "conv2", "conv3", "fc4", "fc5", "total")}
    assert weights == {
        **{"conv1": 2_432, "conv2": 51_264, "conv3": 102_464},
        **{"fc4": 1_025_000, "fc5": 10_010, "total": 1_191_170},
    }
    for row in rows:
        if row[5]:
            assert eval(str(row[5]).replace("·", "*")) == row[4]
        if row[3]:
            written = str(row[3]).replace("·", "*")
            assert eval(written, {"floor": floor, "ceil": ceil}) == int(str(row[2]).split("x")[1])
    text = next(result.text for result in results if isinstance(result, Text))
    assert "= 1,191,170 weights" in text
    assert "23.8 weights for each" in text
