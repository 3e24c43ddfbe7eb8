"""Ten linear SVMs on pixels and on a bag of words, counted and trained (question cd12)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
from sklearn.svm import LinearSVC

from tp1tui.data.arrays import Examples
from tp1tui.measures.bag_of_words import PATCH, Images, learn
from tp1tui.measures.job import Job, need_examples, need_experiment
from tp1tui.spec.arithmetic import shape_text, total_parameters
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.measure import LinearClassifiers
from tp1tui.spec.results import Cell, Column, Result, Table, Text

COST = 0.2
"""Of all training examples together; each has C = COST / their number, so that more of them do not weigh more."""

Features = npt.NDArray[np.float32]
"""float32 [N, D]."""


def linear_classifiers(measure: LinearClassifiers, job: Job) -> Iterator[Result]:
    """The weights of each approach, and how far the SVMs get on the first training images."""
    experiment, examples = need_experiment(job), need_examples(job)
    yield _weights(measure, experiment)
    yield Text(name="how they are counted", text=_formulas(measure, experiment))
    examples = examples.first(measure.train_examples, None)
    train_images, test_images = _images(examples.train_inputs), _images(examples.test_inputs)
    found = []
    began = time.perf_counter()
    job.tell(f"training linear SVMs on the pixels of {len(train_images):,} images")
    found.append(_trained("pixels", _flat(train_images), _flat(test_images), examples, began))
    yield _accuracies(found)
    began = time.perf_counter()
    job.tell(f"learning {measure.words:,} words")
    words = learn(train_images, measure.words, experiment.seed, job.device)
    train, test = (words.histograms(images, job.tell) for images in (train_images, test_images))
    job.tell(f"training linear SVMs on bags of {measure.words:,} words")
    found.append(_trained(f"bag of {measure.words:,} words", train, test, examples, began))
    yield _accuracies(found)


@dataclass(frozen=True)
class _Trained:
    """Linear SVMs, one a class, as they came out; top-1 in percent."""

    on: str
    features: int
    train_examples: int
    train_top1: float
    test_top1: float
    seconds: float
    """Features and training and testing."""


def _trained(on: str, train: Features, test: Features, examples: Examples, began: float) -> _Trained:
    """Standardize features by the training set, train one SVM a class against the rest, test them all."""
    mean, deviation = train.mean(0), train.std(0)
    deviation[deviation == 0] = 1.0
    train, test = (train - mean) / deviation, (test - mean) / deviation
    machines = LinearSVC(C=COST / len(train), random_state=0).fit(train, examples.train_labels)
    return _Trained(
        on,
        train.shape[1],
        len(train),
        100 * float(machines.score(train, examples.train_labels)),
        100 * float(machines.score(test, examples.test_labels)),
        time.perf_counter() - began,
    )


def _images(inputs: npt.NDArray[np.generic]) -> Images:
    return np.ascontiguousarray(inputs, dtype=np.uint8)


def _flat(images: Images) -> Features:
    return images.reshape(len(images), -1).astype(np.float32)


def _weights(measure: LinearClassifiers, experiment: Experiment) -> Table:
    classes, pixels = len(experiment.facts.class_names), prod(experiment.facts.shape)
    dictionary = measure.words * PATCH**2 * experiment.facts.shape[0]
    columns = tuple(Column(name=name) for name in ("classifier", "inputs", "weights", "and the words themselves"))
    rows: tuple[tuple[Cell, ...], ...] = (
        (f"{classes} linear SVMs on pixels", pixels, classes * (pixels + 1), None),
        (f"{classes} linear SVMs on a bag of words", measure.words, classes * (measure.words + 1), dictionary),
        ("the network", pixels, total_parameters(experiment.layer_table()), None),
    )
    note = "Words are learnt too, without labels; that is k-means and not the SVMs."
    return Table(name="weights", note=note, columns=columns, rows=rows)


def _formulas(measure: LinearClassifiers, experiment: Experiment) -> str:
    classes, shape = len(experiment.facts.class_names), experiment.facts.shape
    pixels, words, total = prod(shape), measure.words, total_parameters(experiment.layer_table())
    on_pixels, on_words = classes * (pixels + 1), classes * (words + 1)
    patch = f"{PATCH}·{PATCH}·{shape[0]}"
    return "\n".join(
        (
            f"on pixels: {classes} · ({shape_text(shape)} + 1) = {classes} · ({pixels:,} + 1) = {on_pixels:,} weights",
            f"on a bag:  {classes} · (V + 1) = {classes} · ({words:,} + 1) = {on_words:,} weights",
            f"           and V words of {patch} numbers: {words * PATCH**2 * shape[0]:,}",
            f"network:   {total:,} weights, {total / on_pixels:.1f} times those on pixels",
        )
    )


def _accuracies(found: list[_Trained]) -> Table:
    columns = (
        *(Column(name=name) for name in ("linear SVMs on", "inputs", "training images")),
        *(Column(name="train top-1", unit="%"), Column(name="test top-1", unit="%"), Column(name="time", unit="s")),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.on, one.features, one.train_examples, one.train_top1, one.test_top1, one.seconds) for one in found
    )
    note = "Squared hinge loss, one class against the rest. The time includes making the features and testing."
    return Table(name="trained linear SVMs", note=note, columns=columns, rows=rows)
