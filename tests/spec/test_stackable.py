"""Which experiments may train together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.shipped import EXPERIMENTS, TRAININGS
from tp1tui.spec.changes import with_changes
from tp1tui.spec.stackable import stack_key

DIGITS = EXPERIMENTS["digits"]
OWN = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**31 - 1),
        "optimizer.lr": st.floats(1e-6, 10),
        "optimizer.momentum": st.floats(0, 0.99),
        "optimizer.weight_decay": st.floats(0, 1),
        "dropout.p": st.floats(0, 0.99),
        "dropout.enabled": st.sampled_from(["true", "false"]),
        "model.init": st.sampled_from(["{kind='torch'}", "{kind='normal', std=0.1}"]),
        "schedule": st.sampled_from(["{kind='constant'}", "{kind='cosine'}", "{kind='one-cycle'}"]),
    }
)
SHARED = [
    "epochs=7",
    "batch_size=16",
    "dataset.train_examples=100",
    "dataset.validation_fraction=0.1",
    "standardization.enabled=false",
    "augmentation.enabled=true",
    "augmentation.steps.0.size=6",
    "batchnorm.enabled=false",
    "loss={kind='squared-error'}",
    "optimizer={kind='adam', lr=0.01}",
    "optimizer={kind='sgd', lr=0.01, momentum=0.9, nesterov=true}",
    "clean_train=true",
    "precision=bf16",
    "model.layers.conv1.filters=16",
]


@given(st.lists(OWN, min_size=2, max_size=2))
def test_what_a_member_has_for_itself_keeps_nobody_apart(asked: list[dict[str, object]]) -> None:
    keys = {stack_key(with_changes(DIGITS, [f"{path}={value}" for path, value in own.items()])) for own in asked}
    assert len(keys) == 1
    assert None not in keys


@given(st.sampled_from(SHARED), OWN)
def test_what_decides_the_operations_of_a_step_is_shared(change: str, own: dict[str, object]) -> None:
    other = with_changes(
        DIGITS, [*(f"{path}={value}" for path, value in own.items() if "optimizer" not in path), change]
    )
    assert stack_key(other) not in (None, stack_key(DIGITS))


@pytest.mark.parametrize("change", ["optimizer={kind='muon', lr=0.01}"])
def test_some_train_alone(change: str) -> None:
    assert stack_key(with_changes(DIGITS, [change])) is None


@pytest.mark.parametrize("implementation", ["by-hand", "autograd", "torch.nn"])
def test_implementations_that_are_there_to_be_read_train_alone(implementation: str) -> None:
    circles = EXPERIMENTS["ab2.4-circles-torch-optim"]
    assert stack_key(circles) is not None
    assert stack_key(with_changes(circles, [f"implementation={implementation!r}"])) is None


def test_transformers_train_alone_and_no_experiment_is_in_doubt() -> None:
    for experiment in TRAININGS.values():
        key = stack_key(experiment)
        assert (key is None) or (experiment.layers and experiment.implementation == "torch.optim")
