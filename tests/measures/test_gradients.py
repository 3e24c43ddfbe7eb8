from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.conftest import CPU
from tests.measures.found import Found
from tests.spec.shipped import EXPERIMENTS, MEASURES
from tp1tui.data.arrays import Examples
from tp1tui.data.circles import circles
from tp1tui.data.digits import digits
from tp1tui.data.resident import ResidentData
from tp1tui.engine import by_hand
from tp1tui.measures.derivations import DERIVATIONS, FORMULAS
from tp1tui.measures.differences import central_difference, central_differences
from tp1tui.measures.gradients import gradients
from tp1tui.measures.job import Job
from tp1tui.measures.subject_network import SubjectNetwork
from tp1tui.measures.two_losses import literal_loss, simplified_loss
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.gradient_measures import TENSORS, Gradients

BY_HAND = EXPERIMENTS["ab17-gradients-of-hidden"]
PARTS = {"ab14": ("loss",), "ab15": ("ytilde",), "ab16": ("Wy", "by"), "ab17": ("htilde", "Wh", "bh")}


def taken(measure: Gradients, experiment: Experiment = BY_HAND, seed: int = 0) -> Found:
    torch.manual_seed(seed)
    return Found(gradients(measure, Job(CPU, lambda what: None, experiment, circles(experiment.seed))))


def errors(found: Found) -> dict[Any, tuple[Any, Any, Any]]:
    rows = found.table("gradients by hand")
    return {row["gradient by"]: (row["off autograd"], row["off differences"], row["verdict"]) for row in rows}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("hidden", [4, 10])
def test_every_gradient_by_hand_agrees_with_autograd_and_with_differences(seed: int, hidden: int) -> None:
    experiment = with_changes(BY_HAND, [f"seed={seed}", f"model.layers.hidden.features={hidden}"])
    found = errors(taken(Gradients(), experiment, seed))
    assert list(found) == ["ytilde", "Wy", "by", "htilde", "Wh", "bh"]
    for autograd, differences, verdict in found.values():
        assert autograd <= 1e-12
        assert 0 < differences <= 1e-7
        assert verdict == "agrees"


@pytest.mark.parametrize(("number", "tensors"), PARTS.items())
def test_each_question_shows_its_own_tensors_with_their_derivations(number: str, tensors: tuple[str, ...]) -> None:
    preset = next(preset for id, preset in MEASURES.items() if id.startswith(number))
    assert isinstance(preset.measure, Gradients)
    assert preset.measure.tensors == tensors
    found = taken(preset.measure)
    text = found.text("derivation")
    assert text.count(f"({number})") == len(tensors)
    if tensors != ("loss",):
        assert [row["formula"] for row in found.table("gradients by hand")] == [FORMULAS[name] for name in tensors]
        assert {str(row["entry"]).partition("[")[0] for row in found.table("entry by entry")} == set(tensors)


def test_every_tensor_has_a_derivation_and_every_gradient_a_formula() -> None:
    assert tuple(DERIVATIONS) == TENSORS
    assert tuple(FORMULAS) == TENSORS[1:]


def test_shapes_are_the_subject_s() -> None:
    rows = taken(Gradients()).table("gradients by hand")
    assert {row["gradient by"]: row["shape"] for row in rows} == {
        "ytilde": "10x2",
        "Wy": "2x4",
        "by": "2",
        "htilde": "10x4",
        "Wh": "4x2",
        "bh": "4",
    }


def test_a_wrong_formula_is_told_where_it_acts_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slope of tanh forgotten."""
    monkeypatch.setattr(by_hand, "delta_h", lambda params, outputs, dy: dy @ params["Wy"])
    verdicts = {name: verdict for name, (_, _, verdict) in errors(taken(Gradients())).items()}
    assert verdicts == {
        **dict.fromkeys(("ytilde", "Wy", "by"), "agrees"),
        **dict.fromkeys(("htilde", "Wh", "bh"), "differs"),
    }


def test_flattened_images_are_checked_as_points_are() -> None:
    page = {
        **BY_HAND.model_dump(mode="json"),
        "dataset": {"kind": "digits"},
        "model": {
            "layers": [
                {"kind": "flatten"},
                {"kind": "linear", "features": 5},
                {"kind": "tanh"},
                {"kind": "linear", "features": 10},
            ]
        },
    }
    experiment = Experiment.model_validate(page)
    arrays = digits().by_name().values()
    job = Job(CPU, lambda what: None, experiment, Examples(*arrays, {}))
    found = errors(Found(gradients(Gradients(points=4), job)))
    assert {verdict for _, _, verdict in found.values()} == {"agrees"}


def test_both_forms_of_the_loss_agree_on_every_example_until_the_first_is_no_number() -> None:
    found = taken(Gradients(tensors=("loss",)))
    each = found.table("the loss in two ways")
    assert len(each) == 10
    for row in each:
        assert row["by the letter"] == pytest.approx(row["simplified"], rel=1e-14)
    larger = found.table("with larger scores")
    last = larger[-1]
    assert isinstance(last["by the letter"], float)
    assert isinstance(last["simplified"], float)
    assert not math.isfinite(last["by the letter"])
    assert math.isfinite(last["simplified"])


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=6), st.integers(0, 5))
def test_the_simplified_loss_is_the_loss(scores: list[float], target: int) -> None:
    ytilde = torch.tensor([scores], dtype=torch.float64)
    y = torch.eye(len(scores), dtype=torch.float64)[[target % len(scores)]]
    torch.testing.assert_close(simplified_loss(ytilde, y), literal_loss(ytilde, y), rtol=1e-9, atol=1e-12)


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=5))
def test_differences_are_the_slope_and_leave_the_tensor_as_it_was(values: list[float]) -> None:
    tensor = torch.tensor(values, dtype=torch.float64)
    before = tensor.clone()
    slopes = central_differences(lambda: tensor.pow(3).sum(), tensor)
    torch.testing.assert_close(slopes, 3 * before**2, rtol=1e-6, atol=1e-8)
    assert torch.equal(tensor, before)
    assert central_difference(lambda: tensor.sum(), tensor, len(values) - 1) == pytest.approx(1)


def test_the_loss_with_a_tensor_as_it_is_is_the_loss() -> None:
    data = ResidentData(BY_HAND, circles(0), CPU)
    network = SubjectNetwork.on(by_hand.init_params(2, 4, 2), data, data.train, 30)
    outputs = network.outputs()
    assert network.X.dtype == torch.float64
    for name in TENSORS[1:]:
        value = network.params.get(name, outputs.get(name))
        assert value is not None
        torch.testing.assert_close(network.loss_with(name, value), network.loss(), rtol=1e-14, atol=0)
