from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from tests.measures.conftest import TrainedJob
from tests.measures.found import Found
from tp1tui.measures.convolutional import convolutional
from tp1tui.measures.fully_convolutional import enlarged, fully_convolutional, padded
from tp1tui.measures.job import need_training
from tp1tui.spec.measure import FullyConvolutional

MEASURE = FullyConvolutional(sides=(32, 48, 64), tested=40, image=3)


@pytest.mark.parametrize(
    "settings",
    [
        (),
        ("batchnorm.enabled=true",),
        ("dropout.enabled=true",),
        ("augmentation.enabled=true",),
        ("model.layers.fc3.bias=false",),
    ],
    ids=lambda settings: " ".join(settings),
)
@torch.no_grad()
def test_at_its_own_size_the_convolutional_network_is_the_dense_one(
    trained: TrainedJob, settings: tuple[str, ...]
) -> None:
    training = need_training(trained(*settings))
    training.model.eval()
    inputs, _ = training.data.measuring_batch(training.data.test, 0, 40)
    scores = convolutional(training)(inputs)
    assert scores.shape == (40, 10, 1, 1)
    torch.testing.assert_close(scores[:, :, 0, 0], training.model(inputs), rtol=0, atol=1e-4)


@torch.no_grad()
def test_each_place_of_the_map_is_the_dense_network_on_its_window(trained: TrainedJob) -> None:
    """Without padding or partial windows inside the network, so that a window cut out is a window in place."""
    paddings = ("model.layers.conv1.padding=0", "model.layers.conv2.padding=0")
    training = need_training(trained(*paddings, "model.layers.pool2.ceil=false"))
    training.model.eval()
    image = torch.randn(1, 3, 56, 48, generator=torch.Generator().manual_seed(0))
    scores = convolutional(training)(image)
    assert scores.shape == (1, 10, 4, 3)
    for row in range(4):
        for column in range(3):
            window = image[:, :, 8 * row : 8 * row + 32, 8 * column : 8 * column + 32]
            torch.testing.assert_close(scores[:, :, row, column], training.model(window), rtol=0, atol=1e-4)


def test_images_are_laid_out_as_the_names_say() -> None:
    image = torch.arange(12.0).view(1, 3, 2, 2)
    wide = padded(image, 7)
    assert wide.shape == (1, 3, 7, 7)
    assert torch.equal(wide[:, :, 2:4, 2:4], image)
    assert wide.sum() == image.sum()
    assert enlarged(image, 6).shape == (1, 3, 6, 6)
    assert torch.equal(enlarged(image, 2), image)


@torch.no_grad()
def test_the_measure_s_figures_are_those_of_the_network(trained: TrainedJob, told: list[str]) -> None:
    job = trained()
    training = need_training(job)
    found = Found(fully_convolutional(MEASURE, job))
    rows = found.table("on larger images")
    assert [row["input"] for row in rows] == ["3x32x32", "3x48x48", "3x64x64"]
    assert [row["output map"] for row in rows] == ["10x1x1", "10x3x3", "10x5x5"]
    assert [row["answers"] for row in rows] == [1, 9, 25]
    inputs, truth = training.data.measuring_batch(training.data.test, 0, 40)
    training.model.eval()
    top1 = 100 * (training.model(inputs).argmax(1) == truth).double().mean().item()
    assert [rows[0][key] for key in rows[0] if key.startswith("top-1")] == pytest.approx([top1] * 3)
    network = convolutional(training)
    scores = network(padded(inputs, 64))
    averaged = 100 * (scores.mean((2, 3)).argmax(1) == truth).double().mean().item()
    assert rows[2]["top-1, padded, map averaged"] == pytest.approx(averaged)
    surest = [int(F.softmax(one, 0).flatten(1).max(1).values.argmax()) for one in scores]
    right = 100 * sum(a == int(b) for a, b in zip(surest, truth, strict=True)) / 40
    assert rows[2]["top-1, padded, surest place"] == pytest.approx(right)
    name = job.experiment.facts.class_names[int(truth[2])] if job.experiment else ""
    grid = found.grid(f"{name}, padded to 64")
    expected = 100 * F.softmax(scores[2], 0)[int(truth[2])]
    torch.testing.assert_close(torch.tensor(grid.values), expected, rtol=0, atol=1e-3)
    shown = found.grid("test image 3, padded to 64")
    assert (shown.content, len(shown.values), len(shown.values[0])) == ("colours", 64, 64)
    assert len(told) == 4


def test_the_text_says_how_far_the_two_networks_are_apart(trained: TrainedJob) -> None:
    text = Found(fully_convolutional(MEASURE, trained())).text("dense and convolutional")
    difference = float(text.split("difference is ")[1].split(",")[0])
    assert 0 <= difference < 1e-4
