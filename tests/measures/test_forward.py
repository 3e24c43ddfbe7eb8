from __future__ import annotations

import re

import pytest
import torch
import torch.nn.functional as F

from tests.measures.conftest import CPU
from tests.measures.found import Found
from tests.spec.shipped import EXPERIMENTS
from tp1tui.data.arrays import Examples
from tp1tui.data.circles import circles
from tp1tui.data.digits import digits
from tp1tui.data.resident import ResidentData
from tp1tui.measures.forward import COLUMNS, INTERMEDIATES, forward, intermediates
from tp1tui.measures.job import Job
from tp1tui.measures.subject_network import SubjectNetwork, first_weights
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.forward_measure import Forward

BY_HAND = EXPERIMENTS["ab07-forward"]


def taken(example: int) -> Found:
    torch.manual_seed(0)
    return Found(forward(Forward(example=example), Job(CPU, lambda what: None, BY_HAND, circles(0))))


def values(found: Found, name: str) -> list[float]:
    return [float(str(row["value"])) for row in found.table(name)]


def test_every_intermediate_has_its_name_and_the_subject_s_shape() -> None:
    found = taken(1)
    sizes = {name: len(found.table(name)) for name in list(found.by_name)[1:]}
    assert sizes == {"x": 2, "htilde": 4, "h": 4, "ytilde": 2, "yhat": 2, "y": 2, "loss": 1}
    assert list(sizes) == list(INTERMEDIATES)
    assert "Wh [4, 2], bh [4]" in found.by_name["htilde"].note
    assert "Wy [2, 4], by [2]" in found.by_name["ytilde"].note


@pytest.mark.parametrize("example", [1, 7, 200])
def test_the_numbers_are_torch_s_for_the_example_that_was_asked_for(example: int) -> None:
    found, data = taken(example), circles(0)
    torch.manual_seed(0)
    weights = first_weights(BY_HAND)
    x = torch.tensor(data.train_inputs[example - 1], dtype=torch.float64).flatten()
    ytilde = F.linear(torch.tanh(F.linear(x, weights["Wh"], weights["bh"])), weights["Wy"], weights["by"])
    label = int(data.train_labels[example - 1])
    assert values(found, "x") == pytest.approx(x.tolist(), rel=1e-6)
    assert values(found, "ytilde") == pytest.approx(ytilde.tolist(), rel=1e-6)
    assert values(found, "y")[label] == 1
    assert sum(values(found, "yhat")) == pytest.approx(1)
    assert values(found, "loss") == pytest.approx([F.cross_entropy(ytilde, torch.tensor(label)).item()], rel=1e-6)


def test_numbers_put_in_come_to_the_values_beside_them() -> None:
    text = taken(3).text("example 3, its numbers put in")
    sums = re.findall(r"(?:htilde|ytilde)_\d = (.*?) = (-?\d\.\d{3})", text, re.DOTALL)
    assert len(sums) == 6
    for terms, value in sums:
        written = " ".join(terms.split()).split(" + ")
        products = [[float(factor.strip("()")) for factor in term.split("·")] for term in written]
        assert sum(torch.tensor(product).prod().item() for product in products) == pytest.approx(float(value), abs=4e-3)


def test_long_sums_are_cut_and_lines_fit_a_narrow_screen() -> None:
    page = {
        **BY_HAND.model_dump(mode="json"),
        "dataset": {"kind": "digits"},
        "model": {
            "layers": [
                {"kind": "flatten"},
                {"kind": "linear", "features": 20},
                {"kind": "tanh"},
                {"kind": "linear", "features": 10},
            ]
        },
    }
    experiment = Experiment.model_validate(page)
    job = Job(CPU, lambda what: None, experiment, Examples(*digits().by_name().values(), {}))
    found = Found(forward(Forward(), job))
    text = found.text("example 1, its numbers put in")
    assert "… 56 more" in text
    assert "… 12 more" in text
    assert max(map(len, text.splitlines())) <= COLUMNS
    assert len(found.table("x")) == 64


def test_the_loss_is_that_of_the_one_example() -> None:
    data = ResidentData(BY_HAND, circles(0), CPU)
    network = SubjectNetwork.on(first_weights(BY_HAND), data, data.train, 1)
    found = intermediates(network)
    assert found["loss"].shape == ()
    assert found["loss"].item() == pytest.approx(-(found["y"] @ found["yhat"].log()).item())
