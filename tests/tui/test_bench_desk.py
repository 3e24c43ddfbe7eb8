import pytest

from tests.tui.bench_lab import library
from tp1tui.spec.faults import SpecError
from tp1tui.tui.bench.catalog import Question, read_questions
from tp1tui.tui.bench.desk import Desk
from tp1tui.tui.bench.edits import hint
from tp1tui.tui.bench.fields import FieldRow
from tp1tui.worker.spawning import LaunchError


@pytest.fixture
def desk() -> Desk:
    return Desk(read_questions(library()), "auto")


def question(desk: Desk, preset_id: str = "cd18-baseline") -> Question:
    return next(question for question in desk.questions if question.id == preset_id)


def row(desk: Desk, path: str) -> FieldRow:
    rows = [*desk.main_rows(question(desk)), *desk.other_rows(question(desk))]
    return next(row for row in rows if row.path == path)


def takes_the_hint(desk: Desk, path: str, typed: str) -> bool:
    """Whether what the hint of a field says can be typed, and is what stands there then."""
    experiment = desk.experiment(question(desk))
    assert experiment is not None
    assert typed in hint(experiment, path)
    desk.edit(question(desk), path, typed)
    return row(desk, path).edit == typed.partition(";")[0]


def test_a_fresh_desk_shows_the_preset_without_a_mark(desk: Desk) -> None:
    assert not any(row.changed for row in desk.main_rows(question(desk)))
    assert not any(row.changed for row in desk.other_rows(question(desk)))
    assert row(desk, "optimizer.lr").value == "0.01"
    assert row(desk, "device").value == "auto"


def test_an_edit_is_marked_beside_the_presets_value_and_starts_with_it(desk: Desk) -> None:
    desk.edit(question(desk), "optimizer.lr", "0.03")
    changed = row(desk, "optimizer.lr")
    assert (changed.value, changed.preset, changed.changed) == ("0.03", "0.01", True)
    spec = desk.spec(question(desk))
    assert spec is not None
    assert spec.changes == ("optimizer.lr = 0.03",)


def test_edits_of_one_question_leave_the_others_alone(desk: Desk) -> None:
    desk.edit(question(desk), "epochs", "2")
    other = desk.experiment(question(desk, "cd22-crop-mirror"))
    assert other is not None
    assert other.epochs != 2


def test_an_edit_back_to_the_presets_value_is_no_change(desk: Desk) -> None:
    desk.edit(question(desk), "epochs", "2")
    desk.edit(question(desk), "epochs", "30")
    assert not desk.is_changed(question(desk))


def test_undo_takes_back_every_change_of_a_question(desk: Desk) -> None:
    desk.edit(question(desk), "epochs", "2")
    desk.flip(question(desk), "batchnorm")
    desk.undo(question(desk))
    assert not any(row.changed for row in desk.main_rows(question(desk)))


def test_flipping_a_switch_shows_what_it_switches(desk: Desk) -> None:
    desk.flip(question(desk), "augmentation")
    assert row(desk, "augmentation.enabled").value == "on, crop 28 + mirror"


def test_an_edit_that_is_not_allowed_changes_nothing(desk: Desk) -> None:
    with pytest.raises(SpecError, match="lr"):
        desk.edit(question(desk), "optimizer.lr", "-1")
    assert not desk.is_changed(question(desk))


def test_a_device_is_chosen_for_all_questions_and_must_be_one(desk: Desk) -> None:
    desk.edit(question(desk), "device", "cuda:1")
    assert (row(desk, "device").value, row(desk, "device").preset) == ("cuda:1", "cuda:1")
    with pytest.raises(LaunchError, match="toaster"):
        desk.edit(question(desk), "device", "toaster")


def test_settings_that_only_make_sense_together_are_typed_with_a_semicolon(desk: Desk) -> None:
    desk.edit(question(desk), "schedule.kind", "exponential; schedule.gamma=0.95")
    assert row(desk, "schedule.kind").value == "× 0.95 an epoch"


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad", "muon", "adam; optimizer.lr=0.001"])
def test_every_optimizer_of_the_hint_may_be_typed(desk: Desk, kind: str) -> None:
    assert takes_the_hint(desk, "optimizer.kind", kind)


@pytest.mark.parametrize(
    "kind",
    [
        "constant",
        "cosine",
        "one-cycle",
        "plateau",
        "exponential; schedule.gamma=0.95",
        "step; schedule.every=10",
        "multi-step; schedule.milestones=[20]",
        "warm-restarts; schedule.period=10",
        "cosine; schedule.warmup_epochs=2",
    ],
)
def test_every_schedule_of_the_hint_may_be_typed(desk: Desk, kind: str) -> None:
    assert takes_the_hint(desk, "schedule.kind", kind)


def test_a_field_that_a_part_does_not_have_is_left_out(desk: Desk) -> None:
    desk.edit(question(desk), "optimizer.kind", "adam")
    momentum = [row for row in desk.main_rows(question(desk)) if row.path == "optimizer.momentum"]
    assert [row.value for row in momentum] == [""]  # the preset has one, so the loss is shown


def test_what_is_typed_first_is_what_is_there(desk: Desk) -> None:
    for shown in [*desk.main_rows(question(desk)), *desk.other_rows(question(desk))]:
        if shown.switch is None and shown.edit != "none":
            desk.edit(question(desk), shown.path, shown.edit)
            assert not desk.is_changed(question(desk)), shown.path


def test_an_unreadable_preset_has_no_fields_and_cannot_be_started(desk: Desk) -> None:
    broken = question(desk, "broken")
    assert desk.main_rows(broken) == []
    assert desk.spec(broken) is None


@pytest.mark.parametrize(("implementation", "text"), [("torch.optim", "sgd"), ("torch.nn", "sgd, torch.nn")])
def test_who_makes_the_steps_stands_beside_the_optimizer_unless_it_is_torch_s(
    desk: Desk, implementation: str, text: str
) -> None:
    desk.edit(question(desk), "optimizer.momentum", "0")
    desk.edit(question(desk), "implementation", implementation)
    assert row(desk, "optimizer.kind").value == text
    assert row(desk, "implementation").value == f'"{implementation}"'
