from __future__ import annotations

import pytest
import torch

from tests.measures.found import Found
from tests.spec.shipped import MEASURES
from tp1tui.data.circles import circles
from tp1tui.measures.catalog import results
from tp1tui.measures.job import Job
from tp1tui.spec.svm_measure import Svm


def found(measure: Svm, seed: int = 0) -> Found:
    experiment = MEASURES["ab2.6-svm"].experiment
    return Found(results(measure, Job(torch.device("cpu"), lambda what: None, experiment, circles(seed))))


@pytest.mark.parametrize("seed", [0, 1])
def test_no_line_parts_the_circles_and_bells_do(seed: int) -> None:
    table = found(Svm(costs=(1.0,), gammas=(1.0,)), seed).table("kernels")
    reached = {row["kernel"]: row["test top-1"] for row in table}
    assert 35 < float(str(reached["linear"])) < 70
    assert float(str(reached["polynomial"])) > 90
    assert float(str(reached["RBF"])) > 90


def test_a_boundary_agrees_with_its_points() -> None:
    seen = found(Svm(costs=(1.0,), gammas=(1.0,)))
    supports = {row["kernel"]: row["support vectors"] for row in seen.table("kernels")}
    accuracy = {row["kernel"]: row["test top-1"] for row in seen.table("kernels")}
    for kernel in ("linear", "polynomial", "RBF"):
        grid = seen.grid(f"boundary, {kernel} kernel")
        test = [point for point in grid.points if point.part == "test"]
        assert sum(point.support for point in grid.points) == supports[kernel]
        assert 100 - 100 * sum(point.wrong for point in test) / len(test) == pytest.approx(accuracy[kernel])
        assert not any(point.support for point in test)


def test_the_disc_is_on_the_low_side_of_an_rbf_boundary() -> None:
    grid = found(Svm(costs=(1.0,), gammas=(1.0,))).grid("boundary, RBF kernel")
    middle, corner = grid.values[20][20], grid.values[20][32]
    assert middle is not None
    assert corner is not None
    assert middle < 0.5 < corner


def test_the_table_tries_every_pair() -> None:
    grid = found(Svm(costs=(0.1, 1.0), gammas=(1.0,))).grid("RBF kernel over C and gamma")
    assert (grid.across_labels, grid.down_labels) == (("0.1", "1"), ("1",))
    assert grid.values[0][1] == found(Svm(costs=(1.0,), gammas=(1.0,))).grid("RBF kernel over C and gamma").values[0][0]
