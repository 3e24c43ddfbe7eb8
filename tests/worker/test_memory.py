"""Which batch size would fit: the arithmetic against one that is done by hand, and against any device."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.conftest import spec_of
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.engine.training import Training
from tp1tui.spec.experiment import Experiment
from tp1tui.worker.memory import Shortage, batch_that_fits, bytes_at_rest, bytes_of_outputs

pytestmark = pytest.mark.chaos


GIB, MIB = 1 << 30, 1 << 20
SAID = (
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 10.00 GiB of which 512.00 MiB is "
    "free. Process 4711 has 3.00 GiB memory in use. Of the allocated memory 6.00 GiB is allocated by PyTorch, with "
    "1.00 GiB allocated in private pools (e.g., CUDA Graphs), and 256.00 MiB is reserved by PyTorch but unallocated. "
    "If reserved but unallocated memory is large try setting PYTORCH_ALLOC_CONF=expandable_segments:True."
)


def digits(*changes: str) -> Experiment:
    return spec_of("digits", *changes).experiment


DIGITS = digits()


def test_what_torch_says_is_read() -> None:
    shortage = Shortage.read(SAID)
    assert shortage == Shortage(2 * GIB, 10 * GIB, 512 * MIB, 6 * GIB, 256 * MIB)
    assert shortage.room == 6 * GIB + 768 * MIB
    assert shortage.held_by_others == 10 * GIB - shortage.room


@pytest.mark.parametrize("said", ["", "CUDA out of memory.", SAID.replace("is free", "are free")])
def test_what_is_not_said_is_not_made_up(said: str) -> None:
    assert Shortage.read(said) is None


@pytest.mark.parametrize(
    "optimizer",
    [
        ("optimizer.momentum=0",),
        ("optimizer.momentum=0.9",),
        ("optimizer.kind=adam",),
        ("optimizer.kind=adamw",),
        ("optimizer.kind=rmsprop",),
        ("optimizer.kind=rmsprop", "optimizer.momentum=0.9"),
        ("optimizer.kind=adagrad",),
    ],
)
def test_what_lies_on_the_device_between_two_batches_is_what_a_training_holds(
    optimizer: tuple[str, ...], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    experiment = digits(*optimizer, "dataset.validation_fraction=0.2")
    examples = load(experiment.dataset, 0, Store(tmp_path), lambda _: None)
    training = Training(experiment, examples, torch.device("cpu"))
    training.implementation.update(*training.data.training_batch(training.data.plan(1), 0), 0.01)
    held = [tensor for weight in training.model.parameters() for tensor in (weight, weight.grad) if tensor is not None]
    kept = training.implementation.state_dict()["state"].values()
    held += [tensor for state in kept for tensor in state.values() if torch.is_tensor(tensor) and tensor.dim()]
    sets = (training.data.train, training.data.test, training.data.validation)
    held += [tensor for examples in sets if examples for tensor in (examples.inputs, examples.labels)]
    assert bytes_at_rest(experiment) == sum(tensor.numel() * tensor.element_size() for tensor in held)
    record_property("optimizers", 1)


def test_where_torch_tells_nothing_it_is_half_or_less() -> None:
    assert batch_that_fits(digits("batch_size=128"), None) == 64
    assert batch_that_fits(digits("batch_size=100"), None) == 32
    assert batch_that_fits(digits("batch_size=1"), None) is None


def test_the_share_of_one_example_decides() -> None:
    experiment = digits("batch_size=1024")
    rest = bytes_at_rest(experiment)
    # 1,024 examples wanted 8 GiB beside what is always there; 3 GiB are to be had, which is room for 384 of them.
    tight = Shortage(tried=7 * GIB, capacity=8 * GIB, free=2 * GIB, allocated=rest + GIB, reserved=0)
    assert batch_that_fits(experiment, tight) == 256
    roomy = Shortage(tried=4 * GIB, capacity=16 * GIB, free=3 * GIB, allocated=rest + 4 * GIB, reserved=0)
    assert batch_that_fits(experiment, roomy) == 512


def test_where_the_weights_alone_do_not_fit_no_batch_does() -> None:
    experiment = digits()
    room = bytes_at_rest(experiment) - 1
    assert batch_that_fits(experiment, Shortage(MIB, room, 0, room, 0)) is None


@given(st.builds(Shortage, *[st.integers(0, 1 << 45)] * 5), st.integers(1, 1 << 20))
def test_what_is_suggested_is_smaller_and_has_room_by_the_same_arithmetic(shortage: Shortage, batch_size: int) -> None:
    experiment = DIGITS.model_copy(update={"batch_size": batch_size})
    fits = batch_that_fits(experiment, shortage)
    if fits is not None:
        assert 1 <= fits <= batch_size // 2
        assert fits.bit_count() == 1
        assert bytes_at_rest(experiment) + fits * bytes_of_outputs(experiment) <= shortage.room
