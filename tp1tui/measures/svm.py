"""Support vector machines on points of the plane: accuracies, support vectors, decision boundaries (question ab2.6)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.svm import SVC

from tp1tui.data.arrays import Examples
from tp1tui.measures.job import Job, need_examples, need_experiment
from tp1tui.spec.results import Axis, Cell, Column, Grid, GridPoint, Result, Table
from tp1tui.spec.svm_measure import Svm

PLACES = tuple(number / 10 for number in range(-20, 21))
"""Along both axes of a boundary: the subject's, from -2 to 2 in steps of 0.1."""
Points = npt.NDArray[np.float64]
"""float64 [N, 2]."""


@dataclass(frozen=True)
class _Machine:
    """One SVM, trained; top-1 in percent."""

    kernel: str
    parameters: str
    svc: SVC
    train_top1: float
    test_top1: float
    seconds: float
    """Of training alone."""


def svm(measure: Svm, job: Job) -> Iterator[Result]:
    """One machine a kernel with its boundary, then RBF kernels over C and gamma."""
    examples, names = need_examples(job), need_experiment(job).facts.class_names
    found: list[_Machine] = []
    for kernel, parameters, svc in _asked(measure):
        job.tell(f"training an SVM with {kernel} kernel")
        found.append(_trained(kernel, parameters, svc, examples))
        yield _table(found)
        yield _boundary(found[-1], examples, names)
    job.tell(f"training {len(measure.costs) * len(measure.gammas)} SVMs with RBF kernels")
    yield _over_cost_and_gamma(measure, examples)


def _asked(measure: Svm) -> Iterator[tuple[str, str, SVC]]:
    cost, degree, gamma = measure.cost, measure.degree, measure.gamma
    yield "linear", f"C {cost:g}", SVC(kernel="linear", C=cost)
    polynomial = SVC(kernel="poly", C=cost, degree=degree, gamma=1.0, coef0=1.0)
    yield "polynomial", f"C {cost:g}, degree {degree}", polynomial
    yield "RBF", f"C {cost:g}, gamma {gamma:g}", SVC(kernel="rbf", C=cost, gamma=gamma)


def _trained(kernel: str, parameters: str, svc: SVC, examples: Examples) -> _Machine:
    train, test = _points(examples.train_inputs), _points(examples.test_inputs)
    began = time.perf_counter()
    svc.fit(train, examples.train_labels)
    seconds = time.perf_counter() - began
    train_top1, test_top1 = (
        100 * float(svc.score(points, labels))
        for points, labels in ((train, examples.train_labels), (test, examples.test_labels))
    )
    return _Machine(kernel, parameters, svc, train_top1, test_top1, seconds)


def _points(inputs: npt.NDArray[np.generic]) -> Points:
    return np.asarray(inputs, dtype=np.float64)


def _table(found: list[_Machine]) -> Table:
    columns = (
        *(Column(name="kernel"), Column(name="parameters")),
        *(Column(name="train top-1", unit="%"), Column(name="test top-1", unit="%")),
        *(Column(name="support vectors"), Column(name="time", unit="s")),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.kernel, one.parameters, one.train_top1, one.test_top1, int(one.svc.n_support_.sum()), one.seconds)
        for one in found
    )
    note = "Support vectors are the training points on or within the margin: the only ones that the boundary rests on."
    return Table(name="kernels", note=note, columns=columns, rows=rows)


def _boundary(machine: _Machine, examples: Examples, names: tuple[str, ...]) -> Grid:
    """The logistic function of the distance from the boundary, with the points of both sets."""
    down = PLACES[::-1]
    places = np.array([(x, y) for y in down for x in PLACES])
    distances = machine.svc.decision_function(places).reshape(len(down), len(PLACES))
    share = 1 / (1 + np.exp(-np.clip(distances, -50, 50)))
    return Grid(
        name=f"boundary, {machine.kernel} kernel",
        note="An SVM knows no probabilities: shown is 1 / (1 + exp(-f)) of its decision function f, 0.5 at its edge.",
        down=Axis(name="x2"),
        across=Axis(name="x1"),
        values=tuple(tuple(row) for row in share.tolist()),
        content="probabilities",
        across_values=PLACES,
        down_values=down,
        class_names=names,
        points=tuple(_drawn_points(machine.svc, examples)),
    )


def _drawn_points(svc: SVC, examples: Examples) -> Iterator[GridPoint]:
    supports = set(svc.support_.tolist())
    train, test = _points(examples.train_inputs), _points(examples.test_inputs)
    trained = zip(train.tolist(), examples.train_labels.tolist(), svc.predict(train).tolist(), strict=True)
    for number, ((x, y), label, answer) in enumerate(trained):
        yield GridPoint(x, y, label, "train", wrong=answer != label, support=number in supports)
    tested = zip(test.tolist(), examples.test_labels.tolist(), svc.predict(test).tolist(), strict=True)
    for (x, y), label, answer in tested:
        yield GridPoint(x, y, label, "test", wrong=answer != label)


def _over_cost_and_gamma(measure: Svm, examples: Examples) -> Grid:
    return Grid(
        name="RBF kernel over C and gamma",
        note="Test top-1. Small gamma: wide bells, a boundary almost straight; large gamma: islands around the points.",
        down=Axis(name="gamma"),
        across=Axis(name="C"),
        down_labels=tuple(f"{gamma:g}" for gamma in measure.gammas),
        across_labels=tuple(f"{cost:g}" for cost in measure.costs),
        values=tuple(
            tuple(
                _trained("RBF", "", SVC(kernel="rbf", C=cost, gamma=gamma), examples).test_top1
                for cost in measure.costs
            )
            for gamma in measure.gammas
        ),
        unit="%",
    )
