from __future__ import annotations

import pytest

from tests.spec.shipped import IDS, SHIPPED
from tp1tui.spec.changes import differences
from tp1tui.spec.experiment import LIVE_SWITCHES, SWITCHES, Switch
from tp1tui.spec.preset import Preset
from tp1tui.spec.preset_files import PresetFile

REPORT = {
    "cd18-baseline": (100, 72, 30),
    "cd19-standardized-lr001": (100, 75, 50),
    "cd19-standardized-lr003": (100, 75, 22),
    "cd22-crop-mirror": (96, 79, None),
    "cd26-exponential-decay": (90, 81, 40),
    "cd29-dropout": (87, 82, 45),
    "cd34-batchnorm": (88, 84, 50),
}
"""What the report found: train top-1, test top-1, after how many epochs."""

STEPS = {
    ("cd18-baseline", "cd19-standardized-lr001"): {"epochs", "standardization.enabled"},
    ("cd19-standardized-lr001", "cd19-standardized-lr003"): {"epochs", "optimizer.lr"},
    ("cd19-standardized-lr003", "cd22-crop-mirror"): {"epochs", "augmentation.enabled"},
    ("cd22-crop-mirror", "cd26-exponential-decay"): {"epochs", "optimizer.lr", "schedule.kind", "schedule.gamma"},
    ("cd26-exponential-decay", "cd29-dropout"): {"epochs", "dropout.enabled"},
    ("cd29-dropout", "cd34-batchnorm"): {"epochs", "batchnorm.enabled"},
}
"""Each question of part 3 adds one thing to the one before it."""

STUCK = {
    ("ab2.4-circles-torch-optim", "augmentation"),
    ("ab2.4-circles-torch-optim", "dropout"),
    ("ab2.4-circles-torch-optim", "batchnorm"),
    ("cd13-lenet", "dropout"),
    ("cd13-lenet", "batchnorm"),
}
"""Switches that a preset has no place for."""


def load(preset: str) -> Preset:
    return SHIPPED.load(SHIPPED.find(preset))


def test_the_presets_of_the_subject_s_questions_are_there_in_its_order() -> None:
    first = ["digits", "ab2.4-circles-torch-optim", "ab2.5-mnist-mlp", "cd13-lenet"]
    assert [*first, *REPORT] == IDS
    assert {file.section for file in SHIPPED.all()} == {"start", "ab", "cd"}


@pytest.mark.parametrize("file", SHIPPED.all(), ids=IDS)
def test_a_preset_lies_in_its_section_s_folder_and_is_written_for_reading(file: PresetFile) -> None:
    preset = SHIPPED.load(file)
    assert file.section == "start" or file.id.startswith(file.section)
    assert len(preset.title) <= 40
    for text in (preset.question, preset.look_for, preset.note):
        lines = text.strip().splitlines()
        assert lines
        assert all(len(line) <= 120 for line in lines)
    assert len(preset.question.strip().splitlines()) <= 4


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("preset", IDS)
def test_every_switch_of_a_preset_flips_there_and_back_or_says_why_not(preset: str, switch: Switch) -> None:
    experiment = load(preset).experiment
    if (preset, switch) in STUCK:
        sentence = rf"^{switch.capitalize()} cannot be switched on here: {switch}\.enabled is true, but .*\.$"
        with pytest.raises(ValueError, match=sentence):
            experiment.flipped(switch)
    else:
        flipped = experiment.flipped(switch)
        assert flipped.is_on(switch) != experiment.is_on(switch)
        assert flipped.flipped(switch) == experiment


@pytest.mark.parametrize(
    ("preset", "switch"), [(id, switch) for id in IDS for switch in LIVE_SWITCHES if (id, switch) not in STUCK]
)
def test_a_switch_that_a_run_obeys_at_once_leaves_the_weights_their_sizes(preset: str, switch: Switch) -> None:
    experiment = load(preset).experiment
    rows, flipped = experiment.layer_table(), experiment.flipped(switch).layer_table()
    assert [row.parameters for row in rows] == [row.parameters for row in flipped]


def test_a_first_preset_lets_every_switch_be_tried() -> None:
    digits = load("digits").experiment
    for switch in SWITCHES:
        digits.flipped(switch)


@pytest.mark.parametrize(("pair", "paths"), STEPS.items(), ids=[after for _, after in STEPS])
def test_each_question_adds_one_thing_to_the_one_before(pair: tuple[str, str], paths: set[str]) -> None:
    before, after = (load(preset).experiment for preset in pair)
    assert {change.path for change in differences(before, after)} - {"epochs"} == paths - {"epochs"}


@pytest.mark.parametrize(("preset", "found"), REPORT.items(), ids=list(REPORT))
def test_the_report_s_ranges_hold_what_the_report_found(preset: str, found: tuple[int, int, int | None]) -> None:
    report = load(preset).report
    train, test, epoch = found
    assert report.train_top1 is not None
    assert report.test_top1 is not None
    assert report.train_top1[0] <= train <= report.train_top1[1]
    assert report.test_top1[0] <= test <= report.test_top1[1]
    assert report.epoch == epoch
    assert (epoch or 0) <= load(preset).experiment.epochs


def test_presets_without_a_figure_in_the_report_claim_none() -> None:
    for preset in set(IDS) - set(REPORT):
        report = load(preset).report
        assert (report.train_top1, report.test_top1, report.text) == (None, None, "")


@pytest.mark.parametrize(
    ("examples", "batch_size", "steps"), [(1297, 32, 41), (1280, 32, 40), (31, 31, 1), (32, 31, 2)]
)
def test_an_epoch_s_last_batch_may_be_smaller(examples: int, batch_size: int, steps: int) -> None:
    experiment = load("digits").experiment
    dataset = experiment.dataset.model_copy(update={"train_examples": examples})
    changed = experiment.model_copy(update={"dataset": dataset, "batch_size": batch_size})
    assert changed.steps_per_epoch == steps
