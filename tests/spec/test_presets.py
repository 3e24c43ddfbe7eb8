from __future__ import annotations

import re
from itertools import combinations
from math import isclose

import pytest

from tests.spec.shipped import EXPERIMENTS, IDS, PRESETS, RUNS, SHIPPED, SWEEPS
from tp1tui.spec.arithmetic import total_parameters
from tp1tui.spec.changes import differences
from tp1tui.spec.experiment import LIVE_SWITCHES, SWITCHES, Experiment, Switch
from tp1tui.spec.preset_files import PresetFile
from tp1tui.spec.report import Report

ANSWERED_BY = {
    "cd01": ["cd01-convolution"],
    "cd02": ["cd02-layers"],
    "cd03": ["cd03-pooling"],
    "cd04": ["cd04-larger-inputs"],
    "cd05": ["cd05-unshared-convolution"],
    "cd06": ["cd06-fully-convolutional"],
    "cd07": ["cd07-receptive-fields"],
    "cd08": ["cd08-keep-the-size"],
    "cd09": ["cd09-halve-the-size"],
    "cd10, cd11": ["cd10-layer-table"],
    "cd12": ["cd12-linear-classifiers"],
    "cd13": ["cd13-lenet"],
    "cd14": ["cd14-two-measures"],
    "cd16": ["cd16-rate-and-batch"],
    "cd17": ["cd17-before-training"],
    "cd18": ["cd18-baseline"],
    "cd19": ["cd19-standardized-lr001", "cd19-standardized-lr003"],
    "cd20": ["cd20-statistics"],
    "cd21": ["cd21-none", "cd21-per-image", "cd21-per-pixel-mean", "cd21-standardizations", "cd21-zca"],
    "cd22": ["cd22-crop-mirror"],
    "cd23": ["cd23-mirror-mnist"],
    "cd24": ["cd24-views-or-images"],
    "cd25": ["cd25-augmentations", "cd25-report"],
    "cd26, cd27": ["cd26-exponential-decay"],
    "cd28": ["cd28-adam-0001", "cd28-adam-01", "cd28-cosine", "cd28-optimizers", "cd28-schedules"],
    "cd29": ["cd29-dropout"],
    "cd30": ["cd30-all-but-one"],
    "cd32": ["cd32-dropout-p"],
    "cd33": ["cd33-dropout-modes"],
    "cd34": ["cd34-batchnorm"],
}
"""Questions of parts C and D, and the presets that answer them; cd15 is to change the code, cd31 to read papers."""

TRANSFORMER_PRESETS = {
    "e01": ["e01-patch-embedding"],
    "e02": ["e02-mlp"],
    "e03": ["e03-self-attention"],
    "e04": ["e04-heads"],
    "e05": ["e05-block"],
    "e06": ["e06-pooling", "e06-positions"],
    "e07": ["e07-attention", "e07-blocks", "e07-cost", "e07-mnist", "e07-patch", "e07-width"],
    "e08": ["e08-vit-small-imagenet", "e08-vit-small-scratch"],
}
"""Questions of part E, and the presets that answer them."""

OTHERS = [
    *("digits", "learning-rates", "ab01-three-sets", "ab2-four-stages"),
    *("ab02-number-of-examples", "ab02-number-of-examples-mnist"),
    *("ab2.1-circles-by-hand", "ab2.2-circles-autograd", "ab2.3-circles-torch-nn", "ab2.4-circles-torch-optim"),
    *("ab2.5-mnist-mlp", "ab2.6-svm", "ab03-activations", "ab04-hidden-units", "ab04-layer-sizes"),
    *("ab07-forward", "ab08-losses", "ab09-loss-shapes"),
    *("ab10-batch-sizes", "ab11-learning-rates", "ab12-gradient-cost", "ab13-argmax"),
    *("ab14-loss-simplified", "ab15-gradient-of-scores", "ab16-gradients-of-output", "ab17-gradients-of-hidden"),
]

REPORT = {
    "cd17-before-training": (20, None, 1),
    "cd18-baseline": (100, 72, 30),
    "cd19-standardized-lr001": (100, 75, 50),
    "cd19-standardized-lr003": (100, 75, 22),
    "cd22-crop-mirror": (96, 79, None),
    "cd25-report": (77, 80, 120),
    "cd26-exponential-decay": (90, 81, 40),
    "cd28-adam-01": (None, 10, None),
    "cd28-cosine": (None, 80, None),
    "cd28-optimizers: Adam, 0.1": (None, 10, None),
    "cd29-dropout": (87, 82, 45),
    "cd34-batchnorm": (88, 84, 50),
}
"""What the report found: train top-1, test top-1, after how many epochs. Of a sweep, which member it is about."""

WORDS_ONLY = {"cd21-zca"}
"""Of these the report says something, but no figure."""

STAGES = ("ab2.1-circles-by-hand", "ab2.2-circles-autograd", "ab2.3-circles-torch-nn")
STEPS = {
    ("cd18-baseline", "cd19-standardized-lr001"): {"epochs", "standardization.enabled"},
    ("cd19-standardized-lr001", "cd19-standardized-lr003"): {"epochs", "optimizer.lr"},
    ("cd19-standardized-lr003", "cd22-crop-mirror"): {"epochs", "augmentation.enabled"},
    ("cd22-crop-mirror", "cd26-exponential-decay"): {"epochs", "optimizer.lr", "schedule.kind", "schedule.gamma"},
    ("cd26-exponential-decay", "cd29-dropout"): {"epochs", "dropout.enabled"},
    ("cd29-dropout", "cd34-batchnorm"): {"epochs", "batchnorm.enabled"},
    **{("ab2.4-circles-torch-optim", stage): {"implementation"} for stage in STAGES},
    ("cd13-lenet", "cd14-two-measures"): {"clean_train"},
    ("cd18-baseline", "cd17-before-training"): {"epochs"},
    ("cd18-baseline", "cd21-none"): {"epochs"},
    ("cd21-none", "cd21-zca"): {"standardization"},
    ("cd21-none", "cd21-per-image"): {"standardization"},
    ("cd21-none", "cd21-per-pixel-mean"): {"standardization"},
    ("cd22-crop-mirror", "cd28-adam-01"): {"epochs", "optimizer"},
    ("cd28-adam-01", "cd28-adam-0001"): {"epochs", "optimizer"},
    ("cd26-exponential-decay", "cd28-cosine"): {"schedule"},
    ("e08-vit-small-scratch", "e08-vit-small-imagenet"): {"model.weights"},
}
"""Each question of part 3 adds one thing to the one before it; a variation differs from its base in one part."""

LENET = ("dropout", "batchnorm")
POINTS = [id for id, experiment in EXPERIMENTS.items() if experiment.dataset.kind == "circles"]
TOKENS = [id for id, experiment in EXPERIMENTS.items() if not experiment.layers]
STUCK = {
    *((preset, switch) for preset in POINTS for switch in ("augmentation", "dropout", "batchnorm")),
    *((preset, switch) for preset in TOKENS for switch in LENET),
    *((preset, switch) for preset in ("cd13-lenet", "cd14-two-measures", "cd23-mirror-mnist") for switch in LENET),
}
"""Switches that a preset has no place for."""


def reports() -> dict[str, Report]:
    """Of every preset, and of every variant of a sweep."""
    found = {id: preset.report for id, preset in PRESETS.items()}
    for id, sweep in SWEEPS.items():
        found |= {f"{id}: {variant.name}": variant.report for variant in sweep.sweep.variants}
    return found


REPORTS = reports()


def part_of(path: str, paths: set[str]) -> str:
    """A key path, or the part that it lies in where a whole part may differ."""
    return path.partition(".")[0] if path.partition(".")[0] in paths else path


def test_every_question_of_the_subject_has_its_presets_and_all_stand_in_its_order() -> None:
    answers = [id for part in (ANSWERED_BY, TRANSFORMER_PRESETS) for ids in part.values() for id in ids]
    assert [*OTHERS, *answers] == IDS
    assert {file.section for file in SHIPPED.all()} == {"start", "ab", "cd", "e"}
    numbers = {number for numbers in ANSWERED_BY for number in numbers.split(", ")}
    assert numbers == {f"cd{number:02}" for number in range(1, 35)} - {"cd15", "cd31"}


@pytest.mark.parametrize("file", SHIPPED.all(), ids=IDS)
def test_a_preset_lies_in_its_section_s_folder_and_is_written_for_reading(file: PresetFile) -> None:
    preset = PRESETS[file.id]
    assert file.section == "start" or file.id.startswith(file.section)
    assert len(preset.title) <= 40
    assert 2 <= len(preset.to_try) <= 4
    for text in (preset.question, *preset.to_try, preset.look_for, preset.note):
        lines = text.strip().splitlines()
        assert all(len(line) <= 120 for line in lines)
        assert re.search(r"[.?][)\"]?$", text.strip()), f"{text.strip()!r} does not end as a sentence does"
    assert len(preset.question.strip().splitlines()) <= 4


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("preset", EXPERIMENTS)
def test_every_switch_of_a_preset_flips_there_and_back_or_says_why_not(preset: str, switch: Switch) -> None:
    experiment = EXPERIMENTS[preset]
    if (preset, switch) in STUCK:
        sentence = rf"^{switch.capitalize()} cannot be switched on here: {switch}\.enabled is true, but .*\.$"
        with pytest.raises(ValueError, match=sentence):
            experiment.flipped(switch)
    else:
        flipped = experiment.flipped(switch)
        assert flipped.is_on(switch) != experiment.is_on(switch)
        assert flipped.flipped(switch) == experiment


@pytest.mark.parametrize(
    ("preset", "switch"), [(id, switch) for id in EXPERIMENTS for switch in LIVE_SWITCHES if (id, switch) not in STUCK]
)
def test_a_switch_that_a_run_obeys_at_once_leaves_the_weights_their_sizes(preset: str, switch: Switch) -> None:
    experiment = EXPERIMENTS[preset]
    rows, flipped = experiment.layer_table(), experiment.flipped(switch).layer_table()
    assert [row.parameters for row in rows] == [row.parameters for row in flipped]


def test_a_first_preset_lets_every_switch_be_tried() -> None:
    digits = EXPERIMENTS["digits"]
    for switch in SWITCHES:
        digits.flipped(switch)


@pytest.mark.parametrize(("pair", "paths"), STEPS.items(), ids=[after for _, after in STEPS])
def test_each_question_adds_one_thing_to_the_one_before(pair: tuple[str, str], paths: set[str]) -> None:
    before, after = (EXPERIMENTS[preset] for preset in pair)
    assert {part_of(change.path, paths) for change in differences(before, after)} - {"epochs"} == paths - {"epochs"}


@pytest.mark.parametrize("preset", SWEEPS)
def test_the_members_of_a_sweep_are_experiments_of_their_own(preset: str) -> None:
    sweep = SWEEPS[preset]
    members = sweep.members()
    assert len(members) > 2
    for one, other in combinations(members, 2):
        assert one.name != other.name
        assert one.experiment != other.experiment


def test_the_networks_of_cd02_and_cd03_are_of_comparable_size() -> None:
    for preset, small in (("cd02-layers", {"small convolutions"}), ("cd03-pooling", set())):
        sizes = {member.name: total_parameters(member.experiment.layer_table()) for member in SWEEPS[preset].members()}
        for name in sizes.keys() - small:
            assert isclose(sizes[name], 1_191_170, rel_tol=0.02)
            assert f"{sizes[name]:,}" in SWEEPS[preset].note
    small_size = total_parameters(SWEEPS["cd02-layers"].members()[2].experiment.layer_table())
    assert f"{small_size:,}" in SWEEPS["cd02-layers"].note


def test_every_member_of_cd24_makes_as_many_updates_on_the_same_number_of_images() -> None:
    members = [member.experiment for member in SWEEPS["cd24-views-or-images"].members()]
    assert {experiment.epochs * experiment.sizes[0] for experiment in members} == {160_000}


@pytest.mark.parametrize(("name", "found"), REPORT.items(), ids=list(REPORT))
def test_the_report_s_ranges_hold_what_the_report_found(
    name: str, found: tuple[int | None, int | None, int | None]
) -> None:
    report = REPORTS[name]
    *figures, epoch = found
    for bounds, figure in zip((report.train_top1, report.test_top1), figures, strict=True):
        if figure is None:
            assert bounds is None
        else:
            assert bounds is not None
            assert bounds[0] <= figure <= bounds[1]
            assert bounds[1] - bounds[0] <= 4
    assert report.epoch == epoch
    if name in RUNS:
        assert (epoch or 0) <= RUNS[name].experiment.epochs


def test_presets_without_a_figure_in_the_report_claim_none() -> None:
    for name in REPORTS.keys() - REPORT.keys():
        report = REPORTS[name]
        assert (report.train_top1, report.test_top1) == (None, None)
        assert bool(report.text) == (name in WORDS_ONLY)


@pytest.mark.parametrize(
    ("examples", "batch_size", "steps"), [(1297, 32, 41), (1280, 32, 40), (31, 31, 1), (32, 31, 2)]
)
def test_an_epoch_s_last_batch_may_be_smaller(examples: int, batch_size: int, steps: int) -> None:
    experiment: Experiment = EXPERIMENTS["digits"]
    dataset = experiment.dataset.model_copy(update={"train_examples": examples})
    changed = experiment.model_copy(update={"dataset": dataset, "batch_size": batch_size})
    assert changed.steps_per_epoch == steps
