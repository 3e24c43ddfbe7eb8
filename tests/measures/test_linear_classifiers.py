from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from tests.measures.conftest import CPU, SMALL, images, labels
from tests.measures.found import Found
from tests.spec.shipped import SHIPPED
from tp1tui.data.arrays import Examples
from tp1tui.measures.bag_of_words import PATCH, STRIDE, learn
from tp1tui.measures.job import Job
from tp1tui.measures.linear_classifiers import linear_classifiers
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.measure import LinearClassifiers

MEASURE = LinearClassifiers(words=12, train_examples=150)


@pytest.fixture
def many() -> Examples:
    return Examples(images(200, 1), labels(200), images(40, 2), labels(40), {})


def taken(examples: Examples, told: list[str]) -> Found:
    job = Job(CPU, told.append, Experiment.model_validate(SMALL), examples)
    return Found(linear_classifiers(MEASURE, job))


def test_weights_are_counted_for_the_subject_s_network(many: Examples) -> None:
    experiment = SHIPPED.load(SHIPPED.find("cd12")).experiment
    results = linear_classifiers(LinearClassifiers(words=1000), Job(CPU, lambda what: None, experiment, many))
    found = Found([next(results), next(results)])
    rows = found.table("weights")
    assert [row["weights"] for row in rows] == [30_730, 10_010, 1_191_170]
    assert rows[1]["and the words themselves"] == 1000 * PATCH * PATCH * 3
    text = found.text("how they are counted")
    assert "10 · (3,072 + 1) = 30,730 weights" in text
    assert "38.8 times" in text


def test_machines_learn_what_is_linear_in_the_pixels(many: Examples, told: list[str]) -> None:
    pixels, bag = taken(many, told).table("trained linear SVMs")
    assert (pixels["inputs"], bag["inputs"]) == (3072, 12)
    assert {pixels["training images"], bag["training images"]} == {150}
    assert pixels["train top-1"] == 100
    assert isinstance(pixels["test top-1"], float)
    assert pixels["test top-1"] > 45  # each class has its colour
    assert told[0] == "training linear SVMs on the pixels of 150 images"


def test_labels_that_mean_nothing_are_not_learnt(many: Examples, told: list[str]) -> None:
    shuffled = np.random.default_rng(3).permutation(many.test_labels)
    pixels, _ = taken(replace(many, test_labels=shuffled), told).table("trained linear SVMs")
    assert isinstance(pixels["test top-1"], float)
    assert pixels["test top-1"] < 30


def test_a_histogram_counts_each_patch_s_nearest_word(many: Examples) -> None:
    words = learn(many.train_inputs, 12, 0, CPU)
    found = torch.from_numpy(words.histograms(many.test_inputs[:3], lambda what: None)) ** 2
    assert found.shape == (3, 12)
    torch.testing.assert_close(found.sum(1), torch.ones(3))
    for image, histogram in zip(many.test_inputs[:3], found, strict=True):
        counts = torch.zeros(12)
        for top in range(0, 32 - PATCH + 1, STRIDE):
            for left in range(0, 32 - PATCH + 1, STRIDE):
                patch = torch.tensor(image[top : top + PATCH, left : left + PATCH]).permute(2, 0, 1).flatten().float()
                patch = (patch - patch.mean()) / (patch.var() + 10).sqrt()
                whitened = (patch - words.mean) @ words.whitening
                counts[(words.centres - whitened).norm(dim=1).argmin()] += 1
        torch.testing.assert_close(histogram, counts / counts.sum(), rtol=0, atol=0.01)


def test_words_are_learnt_from_white_patches_of_the_training_set_alone(many: Examples) -> None:
    words, again = learn(many.train_inputs, 12, 0, CPU), learn(many.train_inputs, 12, 0, CPU)
    assert torch.equal(words.centres, again.centres)
    patches = F.unfold(torch.tensor(many.train_inputs).permute(0, 3, 1, 2).float(), PATCH).transpose(1, 2)
    patches = patches.reshape(-1, patches.shape[-1])
    variance, mean = torch.var_mean(patches, -1, keepdim=True)
    white = ((patches - mean) / (variance + 10).sqrt() - words.mean) @ words.whitening
    raw = torch.cov(((patches - mean) / (variance + 10).sqrt()).T)
    covariance = torch.cov(white.T)
    apart = covariance - torch.diag(covariance.diagonal())
    assert apart.abs().max() < 0.1 < (raw - torch.diag(raw.diagonal())).abs().max()
    assert covariance.diagonal().max() < 1.1
