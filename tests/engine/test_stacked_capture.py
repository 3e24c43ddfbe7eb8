"""Steps of a stack that are recorded against those that are not: on the CPU, from a tape, equal bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch

from tests.engine.tape import LenientRecorder, TapeRecorder, UnableRecorder
from tests.engine.test_capture import AUGMENTATIONS, MIXED
from tests.worker.conftest import spec_of
from tp1tui.data.arrays import Examples
from tp1tui.data.circles import circles
from tp1tui.engine.loop import EpochMeasured, StepDone
from tp1tui.engine.stack import Member, Stack
from tp1tui.engine.stacked_capture import StackedCaptured, stacked_execution_of
from tp1tui.engine.stacked_execution import StackedEager
from tp1tui.engine.stacked_loop import EpochsMeasured, train_together
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
Driven = tuple[list[tuple[EpochMeasured, ...]], list[list[float]]]


def members_of(asked: Sequence[Experiment], examples: Sequence[Examples]) -> list[Member]:
    return [Member(*pair, CPU) for pair in zip(asked, examples, strict=True)]


def driven(stack: Stack, meanwhile: dict[int, Callable[[], None]] | None = None) -> Driven:
    """What is measured of all members, and the losses of each; something may be done after some of their steps."""
    measured = []
    for event in train_together(stack):
        if isinstance(event, EpochsMeasured):
            measured.append(event.by_member)
        elif isinstance(event, StepDone) and meanwhile and event.step in meanwhile:
            meanwhile[event.step]()
    return measured, [member.meter.fetch().losses for member in stack.members]


def check_same(asked: Sequence[Experiment], examples: Sequence[Examples], recorder: TapeRecorder) -> list[Member]:
    plain, recorded = (members_of(asked, examples) for _ in range(2))
    stack = Stack(recorded)
    stack.execution = StackedCaptured(stack, recorder)
    assert driven(stack) == driven(Stack(plain))
    for left, right in zip(plain, recorded, strict=True):
        check_same_state(left, right)
    return recorded


def check_same_state(plain: Member, other: Member) -> None:
    """Weights, running statistics, what the optimizer remembers, and where dropout's draws stand."""
    mine, its = plain.state(), other.state()
    for key in ("model", "optimizer", "random"):
        leaves = zip(*(torch.utils._pytree.tree_leaves(state[key]) for state in (mine, its)), strict=True)
        assert all(torch.equal(*map(torch.as_tensor, pair)) for pair in leaves if pair != (None, None))


@pytest.fixture
def longer(everything_on: Experiment) -> Experiment:
    """Six epochs of three batches and a short one: enough for the short one to be recorded, too."""
    return with_changes(everything_on, ["epochs=6"])


def each_of(base: Experiment) -> list[Experiment]:
    """Three members, each with numbers of its own."""
    own = enumerate(((0.5, 0.05), (0.2, 0.02), (0.3, 0.1)))
    return [with_changes(base, [f"seed={seed}", f"dropout.p={p}", f"optimizer.lr={lr}"]) for seed, (p, lr) in own]


def test_dropout_crops_batchnorm_and_schedules_give_the_same_figures(longer: Experiment, examples: Examples) -> None:
    recorder = TapeRecorder()
    check_same(each_of(longer), [examples] * 3, recorder)
    assert recorder.recorded == 2  # whole batches, and the short one
    assert recorder.replayed == (18 - 3) + (6 - 3)


@pytest.mark.parametrize("kind", ["adam", "adamw", "rmsprop", "adagrad"])
def test_every_optimizer_reads_its_rates_from_the_device(kind: str, longer: Experiment, examples: Examples) -> None:
    settings = [f"optimizer.kind={kind}", "schedule={kind='one-cycle'}", "precision=bf16"]
    recorder = TapeRecorder()
    check_same(each_of(with_changes(longer, settings)), [examples] * 3, recorder)
    assert recorder.recorded == 2


@pytest.mark.parametrize("steps", [*AUGMENTATIONS, *MIXED])
def test_augmentation_is_recorded(steps: str, longer: Experiment, examples: Examples) -> None:
    recorder = LenientRecorder()
    check_same(each_of(with_changes(longer, [f"augmentation.steps={steps}"])), [examples] * 3, recorder)
    assert recorder.recorded == 2


def test_points_are_recorded() -> None:
    base = spec_of("ab2.4", "epochs=6").experiment
    asked = [with_changes(base, [f"seed={seed}"]) for seed in range(4)]
    recorder = TapeRecorder()
    check_same(asked, [circles(one.seed) for one in asked], recorder)
    assert recorder.recorded == 1


def test_a_member_s_dropout_leads_to_a_recording_of_its_own_and_back(longer: Experiment, examples: Examples) -> None:
    found = []
    recorder = TapeRecorder()
    for recorded in (False, True):
        stack = Stack(members_of(each_of(longer), [examples] * 3))
        if recorded:
            stack.execution = StackedCaptured(stack, recorder)
        second = stack.members[1]
        off, on = (lambda one=second, on=on: one.set_switch("dropout", on=on) for on in (False, True))
        found.append(driven(stack, {7: off, 13: on}))
    assert found[0] == found[1]
    assert recorder.recorded == 3  # whole batches with all of them on, and with one off; the short one


def test_recordings_go_at_once_when_a_member_leaves(longer: Experiment, examples: Examples) -> None:
    """Not whenever Python comes to it: they hold a GPU's memory, which the next stack's may need."""
    recorder = TapeRecorder()
    members = members_of(each_of(longer), [examples] * 3)
    stack = Stack(members)
    stack.execution = StackedCaptured(stack, recorder)
    next(event for event in train_together(stack) if event == StepDone(6))
    assert recorder.recorded == 1
    members[1].leave()
    assert recorder.resets == 1
    Stack([members[0], members[2]])  # those who stay leave as well
    assert recorder.resets == 1


def test_what_cannot_be_recorded_is_done_operation_by_operation_and_each_says_so(
    longer: Experiment, examples: Examples
) -> None:
    members = check_same(each_of(longer), [examples] * 3, UnableRecorder())
    for member in members:
        (notice,) = member.notices
        assert "operation by operation" in notice


def test_on_a_cpu_no_stack_is_recorded(small: Experiment, examples: Examples) -> None:
    stack = Stack(members_of(each_of(small), [examples] * 3))
    assert isinstance(stack.execution, StackedEager)
    assert isinstance(stacked_execution_of(stack), StackedEager)
