from __future__ import annotations

import pytest

from tests.builders import run_spec
from tp1tui.spec.experiment import Switch
from tp1tui.tui.changes import changes_in_words
from tp1tui.tui.switches import why_not


@pytest.mark.parametrize(
    ("switch", "reason"),
    [
        ("augmentation", "Circles has no images to augment."),
        ("dropout", "This network has no dropout layers."),
        ("batchnorm", "This network has no batch normalization layers."),
    ],
)
def test_what_is_not_there_to_be_switched_is_told_without_key_paths(switch: Switch, reason: str) -> None:
    assert why_not(run_spec("ab2.4").experiment, switch) == reason
    assert why_not(run_spec("cd18").experiment, switch) is None


def test_what_cannot_be_switched_for_another_reason_says_why() -> None:
    experiment = run_spec("cd18", ["augmentation.steps=[]"]).experiment
    assert "name a step, such as a mirror" in (why_not(experiment, "augmentation") or "")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("optimizer.lr = 1000000000.0", "learning rate 1e+09"),
        ("optimizer.lr = 0.03", "learning rate 0.03"),
        ("standardization.enabled = false", "standardization off"),
        ("batchnorm.enabled = true", "batch normalization on"),
        ("seed = 2147483647", "seed 2147483647"),
        ('optimizer.kind = "adam"', "optimizer adam"),
        ("augmentation.steps = []", "augmentation.steps []"),
    ],
)
def test_changes_are_told_in_the_words_of_the_bench(change: str, words: str) -> None:
    assert changes_in_words([change]) == words
    assert changes_in_words([change, "epochs = 4"]) == f"{words}, epochs 4"
