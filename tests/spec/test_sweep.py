"""What a sweep asks for, and what is said of one that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.shipped import EXPERIMENTS, FOLDER
from tp1tui.spec.experiment import MAX_SEED, Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset import SweepPreset
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.sweep import Sweep, Variant, members

HEAD = """kind = "sweep"
title = "mine"
question = "Which?"
[experiment]
extends = "digits"
"""
LINES = len(HEAD.splitlines())


def load(folder: Path, sweep: str) -> SweepPreset:
    (folder / "mine.toml").write_text(HEAD + sweep)
    library = PresetLibrary([("this folder", folder), ("tp1tui", FOLDER)])
    preset = library.load(library.find("mine"))
    assert isinstance(preset, SweepPreset)
    return preset


FAULTS = [
    ("[sweep]", 1, "sweep varies nothing; name fields with their values, or variants, or more than 1 of seeds."),
    ('[sweep.fields]\n"optimizer.lrr" = [1]', 2, 'sweep.fields."optimizer.lrr" is not a known key; did you mean lr?'),
    ('[sweep.fields]\n"optimizer.lr" = []', 2, "has no values to take."),
    (
        '[sweep.fields]\n"optimizer.lr" = [0.1, -1]',
        2,
        'the second of sweep.fields."optimizer.lr" is -1, but must be above 0.',
    ),
    ('[sweep.fields]\n"optimizer.lr" = [0.1, 0.1]', 2, "is 0.1 a second time."),
    ("[sweep.fields]\nseed = [1, 2]", 2, "sweep.fields.seed is varied by the number of seeds instead."),
    (
        '[sweep.fields]\nepochs = [1]\nbatch_size = [8]\n"dropout.p" = [0.1]',
        1,
        "sweep.fields names 3 fields; a sweep varies at most 2.",
    ),
    ("[sweep.fields]\nbatch_size = [32, 2000]", 2, "is 2000, but there are only 1297 training examples."),
    ("[sweep]\nseeds = 101", 2, "sweep.seeds is 101, but must be at most 100."),
    (
        '[[sweep.variants]]\nname = "one"\n[[sweep.variants]]\nname = "one"',
        4,
        "name in the second of sweep.variants is 'one', as that of another variant.",
    ),
    (f'[[sweep.variants]]\nname = "{"long" * 11}"', 2, "but must have at most 40 characters."),
    (
        '[[sweep.variants]]\nname = "one"\nexperiment.epochs = 0',
        3,
        "experiment.epochs in the first of sweep.variants is 0, but must be at least 1.",
    ),
    (
        '[[sweep.variants]]\nname = "one"\nexperiment.epoch = 1',
        3,
        "experiment.epoch in the first of sweep.variants is not a known key; did you mean epochs?",
    ),
    (
        "[sweep.fields]\noptimizer.lr = [0.1, 0.2]",
        2,
        'sweep.fields.optimizer has no list of values: write the whole key in quotes, as "optimizer.lr" = […].',
    ),
    (
        '[sweep.fields]\nepochs = [1, 2]\n[[sweep.variants]]\nname = "one"',
        3,
        "sweep.variants cannot stand beside fields; a sweep has one or the other.",
    ),
]
"""What is written, on which of its lines the fault stands, and what is said of it."""


@pytest.mark.parametrize(("sweep", "line", "sentence"), FAULTS, ids=[sentence for *_, sentence in FAULTS])
def test_a_sweep_that_cannot_be_is_told_with_its_line(tmp_path: Path, sweep: str, line: int, sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(tmp_path, sweep)
    assert sentence in str(caught.value)
    assert caught.value.faults[0].line == LINES + line


def told(folder: Path, sweep: str) -> list[str]:
    """What is wrong with a sweep, a sentence each, without the file's name."""
    with pytest.raises(SpecError) as caught:
        load(folder, sweep)
    return [line.partition(": ")[2] for line in str(caught.value).splitlines()]


def test_every_value_that_is_not_allowed_is_told_at_once(tmp_path: Path) -> None:
    assert sorted(told(tmp_path, '[sweep.fields]\n"optimizer.lr" = [-1, 0.1, "fast"]\nepochs = [0, 2.5, 3]')) == [
        'the first of sweep.fields."optimizer.lr" is -1, but must be above 0.',
        "the first of sweep.fields.epochs is 0, but must be at least 1.",
        "the second of sweep.fields.epochs is 2.5, but must be a whole number.",
        'the third of sweep.fields."optimizer.lr" is "fast", but must be a number.',
    ]


def test_values_that_are_not_possible_together_are_told_beside_those_that_never_are(tmp_path: Path) -> None:
    found = told(tmp_path, '[sweep.fields]\n"optimizer.momentum" = [0, 0.9]\n"optimizer.nesterov" = [true, 3]')
    assert sorted(sentence.partition(" is ")[0] for sentence in found) == [
        'the first of sweep.fields."optimizer.nesterov"',
        'the second of sweep.fields."optimizer.nesterov"',
    ]


def test_every_fault_of_every_variant_is_told_at_once(tmp_path: Path) -> None:
    one = '[[sweep.variants]]\nname = "one"\nexperiment.epochs = 0\nexperiment.optimizer.lr = -1\n'
    two = '[[sweep.variants]]\nname = "two"\nexperiment.batch = 8'
    *first, last = told(tmp_path, one + two)
    assert sorted(first) == [
        "experiment.epochs in the first of sweep.variants is 0, but must be at least 1.",
        "experiment.optimizer.lr in the first of sweep.variants is -1, but must be above 0.",
    ]
    assert last.startswith("experiment.batch in the second of sweep.variants is not a known key")


@pytest.mark.parametrize("kind", ["", 'kind = "run"\n'])
def test_a_forgotten_kind_is_what_is_told(tmp_path: Path, kind: str) -> None:
    (tmp_path / "mine.toml").write_text(kind + HEAD.partition("\n")[2] + "[sweep]\nseeds = 2")
    library = PresetLibrary([("this folder", tmp_path), ("tp1tui", FOLDER)])
    with pytest.raises(SpecError, match=r'sweep makes this a sweep: write kind = "sweep" beside the title\.$'):
        library.load(library.find("mine"))


def test_two_fields_make_every_pair_once_the_first_field_slowest(tmp_path: Path) -> None:
    asked = load(tmp_path, '[sweep.fields]\n"optimizer.lr" = [0.1, 0.2]\nbatch_size = [8, 16, 32]').members()
    assert [(member.experiment.optimizer.lr, member.experiment.batch_size) for member in asked] == [
        (lr, size) for lr in (0.1, 0.2) for size in (8, 16, 32)
    ]
    assert asked[0].name == "optimizer.lr = 0.1, batch_size = 8"
    assert asked[0].values == {"optimizer.lr": 0.1, "batch_size": 8}


def test_a_variant_lies_upon_the_experiment_as_a_preset_does_upon_another(tmp_path: Path) -> None:
    sweep = '[[sweep.variants]]\nname = "Adam"\nexperiment.optimizer = { kind = "adam", lr = 0.001 }\n'
    adam, same = load(tmp_path, f'{sweep}[[sweep.variants]]\nname = "as it is"').members()
    assert (adam.experiment.optimizer.kind, adam.experiment.optimizer.lr) == ("adam", 0.001)
    assert same.experiment == EXPERIMENTS["digits"]


@given(values=st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True), seeds=st.integers(1, 5))
def test_a_point_has_as_many_runs_as_seeds_and_they_differ_in_nothing_else(values: list[int], seeds: int) -> None:
    base = EXPERIMENTS["digits"]
    asked = members(base, Sweep(fields={"epochs": tuple(values)}, seeds=seeds)) if len(values) * seeds > 1 else ()
    assert len(asked) in (0, len(values) * seeds)
    for place, member in enumerate(asked):
        expected = {"epochs": values[place // seeds], "seed": base.seed + place % seeds}
        assert member.experiment == base.model_copy(update=expected)


def test_seeds_may_not_lead_past_the_largest(baseline: Experiment) -> None:
    last = baseline.model_copy(update={"seed": MAX_SEED})
    with pytest.raises(ValueError, match=f"leads past the largest seed, {MAX_SEED}"):
        members(last, Sweep(seeds=2))
    of_one = Sweep(variants=(Variant(name="first"), Variant(name="last", experiment={"seed": MAX_SEED})), seeds=2)
    with pytest.raises(ValueError, match=f"leads past the largest seed, {MAX_SEED}"):
        members(baseline, of_one)


def test_a_sweep_has_a_largest_size(baseline: Experiment) -> None:
    many = tuple(Variant(name=str(number)) for number in range(6))
    with pytest.raises(ValueError, match="would be 600 runs; a sweep has at most 500"):
        members(baseline, Sweep(variants=many, seeds=100))
