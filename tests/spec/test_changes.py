from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.shipped import EXPERIMENTS, SHIPPED
from tp1tui.spec.changes import differences, with_changes
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.faults import SpecError
from tp1tui.spec.frozen import RunSpec

SMALLER_CROPS = [{"kind": "crop", "size": 24, "padding": 0}, {"kind": "mirror", "p": 0.5}]


def changed(experiment: Experiment, *settings: str) -> dict[str, object]:
    """Key paths that settings changed, with their new values."""
    return {change.path: change.new for change in differences(experiment, with_changes(experiment, settings))}


@pytest.mark.parametrize(
    ("setting", "path", "value"),
    [
        ("optimizer.lr=0.03", "optimizer.lr", 0.03),
        ("optimizer.lr=3e-2", "optimizer.lr", 0.03),
        ("optimizer.lr=1", "optimizer.lr", 1.0),
        ("  epochs = 5  ", "epochs", 5),
        ("epochs=1_000", "epochs", 1000),
        ("dropout.enabled=true", "dropout.enabled", True),
        ("precision=fp32", "precision", "fp32"),
        ('precision="fp32"', "precision", "fp32"),
        ("model.layers.conv1.filters=64", "model.layers.conv1.filters", 64),
        ("model.layers.0.filters=64", "model.layers.conv1.filters", 64),
        ("model.layers.pool3.kernel=4", "model.layers.pool3.kernel", 4),
        ("model.layers.flatten.name=flat", "model.layers.flat.kind", "flatten"),
        ("dataset.train_examples=1000", "dataset.train_examples", 1000),
        ("standardization.std=[0.247, 0.243, 0.262]", "standardization.std", [0.247, 0.243, 0.262]),
        ("augmentation.steps.0.size=24", "augmentation.steps", SMALLER_CROPS),
        ("augmentation.steps.crop.size=24", "augmentation.steps", SMALLER_CROPS),
        ("augmentation.steps=[{kind='mirror'}]", "augmentation.steps", [{"kind": "mirror", "p": 0.5}]),
        ("schedule={kind='exponential', gamma=0.9}", "schedule.gamma", 0.9),
        ("model.init.kind=normal", "model.init.std", 0.3),
        ("loss.kind=squared-error", "loss.kind", "squared-error"),
        ("optimizer.kind=adam", "optimizer.kind", "adam"),
        ("optimizer.kind=adam", "optimizer.momentum", None),
        ("optimizer.kind=adamw", "optimizer.weight_decay", 0.01),
    ],
)  # fmt: skip
def test_a_setting_changes_its_field(baseline: Experiment, setting: str, path: str, value: object) -> None:
    changes = changed(baseline, setting)
    assert path in changes
    assert changes[path] == value


def test_settings_apply_in_order(baseline: Experiment) -> None:
    assert changed(baseline, "epochs=3", "epochs=4") == {"epochs": 4}


def test_none_empties_a_field_that_may_be_left_out(baseline: Experiment) -> None:
    small = with_changes(baseline, ["dataset.train_examples=1000"])
    assert with_changes(small, ["dataset.train_examples=none"]) == baseline
    with pytest.raises(SpecError, match=r"^--set: optimizer\.lr is none, but must be a number\.$"):
        with_changes(baseline, ["optimizer.lr=none"])


def test_none_is_itself_where_it_is_one_of_the_field_s_words() -> None:
    for word in ("none", '"none"'):
        assert changed(EXPERIMENTS["e07-mnist"], f"model.positions={word}") == {"model.positions": "none"}


def test_a_new_kind_keeps_what_both_kinds_know(baseline: Experiment) -> None:
    adam = with_changes(baseline, ["optimizer.kind=adam"]).optimizer
    assert (adam.kind, adam.lr) == ("adam", baseline.optimizer.lr)


def test_a_new_kind_never_drops_what_was_typed(baseline: Experiment) -> None:
    nesterov, adam = "optimizer.nesterov=true", "optimizer.kind=adam"
    for typed in ([nesterov, adam], [adam, nesterov]):
        with pytest.raises(SpecError, match=r"^--set: optimizer\.nesterov is not a known key"):
            with_changes(baseline, typed)
    typed_first = with_changes(baseline, ["optimizer.weight_decay=0", "optimizer.kind=adamw"])
    assert typed_first.optimizer.weight_decay == 0


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("optimizer.lr", "--set: optimizer.lr has no '='; write KEY=VALUE, as in optimizer.lr=0.03."),
        ("optimizer.lr=fast", '--set: optimizer.lr is "fast", but must be a number.'),
        ("optimizer.lr=-1", "--set: optimizer.lr is -1, but must be above 0."),
        ("optimizer.lr=", '--set: optimizer.lr is "", but must be a number.'),
        ("epochs=1.5", "--set: epochs is 1.5, but must be a whole number."),
        ("epochs=1\nseed = 2", '--set: epochs is "1\\nseed = 2", but must be a whole number.'),
        ("dropout.enabled=True", '--set: dropout.enabled is "True", but must be true or false.'),
        ("optimizer.kind=sdg", '--set: optimizer.kind is "sdg"; allowed: "sgd", "adam", "adamw", "rmsprop", '),
        ("optimiser.lr=1", "--set: optimiser is not a known key; did you mean optimizer? Allowed here: dataset, "),
        ("optimizer.lrr=1", "--set: optimizer.lrr is not a known key; did you mean lr? Allowed here: kind, lr, "),
        ("optimizer.lr.x=1", "--set: optimizer.lr.x leads nowhere: optimizer.lr is 0.01, with nothing below it."),
        ("extends=cd18", "--set: extends is not a known key. Allowed here: dataset, "),
        ("=3", '--set: "" is not a known key. Allowed here: dataset, '),
        ("model.layers.conv9.filters=1", 'leads nowhere: model.layers has no entry "conv9"; there are conv1, bn1, '),
        ("model.layers.99.filters=1", 'model.layers has no entry "99"; there are conv1, '),
        ("model.layers.-1.filters=1", 'model.layers has no entry "-1"; there are conv1, '),
        ("model.layers.conv1.filters=0", "--set: model.layers.conv1.filters is 0, but must be at least 1."),
        ("model.layers.0.filters=0", "--set: model.layers.0.filters is 0, but must be at least 1."),
        ("model.layers.pool1.kernel=99", "model.layers.pool1 has a kernel of 99, which does not fit in its input of"),
        ("model.layers.relu1.kind=conv", "--set: model.layers.relu1.filters is missing.\n"),
        ("augmentation.steps.7.p=1", 'augmentation.steps has no entry "7"; there are crop1, mirror2.'),
        ("augmentation.steps.crop.size=40", "--set: augmentation.steps.crop.size is 40, but an image of CIFAR-10"),
        ("dataset.kind=mnist", "--set: "),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_the_words_it_was_typed(
    baseline: Experiment, setting: str, sentence: str
) -> None:
    with pytest.raises(SpecError) as caught:
        with_changes(with_changes(baseline, ["standardization.enabled=true", "optimizer.lr=0.01"]), [setting])
    assert sentence in str(caught.value)


def test_settings_may_have_another_name(baseline: Experiment) -> None:
    with pytest.raises(SpecError, match=r"^learning rate: optimizer\.lr is 0, but must be above 0\.$"):
        with_changes(baseline, ["optimizer.lr=0"], source="learning rate")


EDITS = st.lists(
    st.sampled_from(
        [
            "optimizer.lr=0.5",
            "optimizer.kind=adamw",
            "optimizer.kind=adam",
            "optimizer.weight_decay=0.001",
            "schedule={kind='exponential', gamma=0.9}",
            "schedule.kind=cosine",
            "model.layers.4.filters=8",
            "model.layers.relu1.kind=tanh",
            "model.layers.8.kind=batchnorm",
            "model.init.kind=normal",
            "dataset.train_examples=500",
            "dataset.train_examples=none",
            "augmentation.steps=[{kind='crop', size=28}]",
            "augmentation.steps=[{kind='randaugment'}, {kind='affine', scale=[0.5, 1]}, {kind='mixup'}]",
            "augmentation.enabled=true",
            "standardization.kind=channel",
            "standardization={kind='zca', enabled=true}",
            "loss.kind=hinge",
            "batchnorm.enabled=true",
            "seed=7",
            "precision=bf16",
        ]
    ),
    max_size=6,
)


@given(edits=EDITS)
def test_the_changes_that_a_run_tells_make_its_experiment_again(edits: list[str]) -> None:
    preset = SHIPPED.load(SHIPPED.find("cd18-baseline"))
    try:
        experiment = with_changes(preset.experiment, edits)
    except SpecError:
        return  # these edits contradict each other
    told = RunSpec.of("cd18-baseline", preset, experiment).changes
    assert with_changes(preset.experiment, [text.replace(" = ", "=", 1) for text in told]) == experiment


@pytest.mark.parametrize("preset", EXPERIMENTS)
def test_an_experiment_does_not_differ_from_itself(preset: str) -> None:
    experiment = EXPERIMENTS[preset]
    assert differences(experiment, experiment) == ()
    assert with_changes(experiment, []) == experiment


def test_a_field_that_only_one_experiment_has_counts_as_none_in_the_other(baseline: Experiment) -> None:
    decayed = with_changes(baseline, ["schedule={kind='exponential', gamma=0.5}"])
    there = {change.path: (change.old, change.new) for change in differences(baseline, decayed)}
    back = {change.path: (change.old, change.new) for change in differences(decayed, baseline)}
    assert there == {"schedule.kind": ("constant", "exponential"), "schedule.gamma": (None, 0.5)}
    assert back == {"schedule.kind": ("exponential", "constant"), "schedule.gamma": (0.5, None)}
