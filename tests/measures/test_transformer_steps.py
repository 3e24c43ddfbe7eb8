from __future__ import annotations

from typing import get_args

import pytest
from torch import Tensor

from tests.measures.conftest import CPU
from tests.measures.found import Found
from tests.spec.shipped import EXPERIMENTS
from tp1tui.data.arrays import Examples
from tp1tui.data.digits import digits
from tp1tui.engine.transformer import attention_weights
from tp1tui.measures.job import Job
from tp1tui.measures.transformer_steps import transformer_steps
from tp1tui.spec.changes import with_changes
from tp1tui.spec.results import Grid
from tp1tui.spec.transformer_measures import TransformerPart, TransformerSteps

SMALL = with_changes(EXPERIMENTS["e07-mnist"], ["dataset.kind=digits", "model.patch=2", "model.width=8"])
"""16 patches of 2x2 pixels, and a class token."""
CHANGES = [
    [],
    ["model.positions=learned"],
    ["model.positions=none", "model.pool=mean"],
    ["model.attention=written-out", "model.heads=1"],
]

EXAMPLES = Examples(*digits().by_name().values(), {})


def taken(part: TransformerPart, *settings: str) -> Found:
    experiment = with_changes(SMALL, settings)
    return Found(transformer_steps(TransformerSteps(part=part, image=3), Job(CPU, print, experiment, EXAMPLES)))


@pytest.mark.parametrize("settings", CHANGES, ids=["as it is", "learned", "none and mean", "written out, one head"])
@pytest.mark.parametrize("part", get_args(TransformerPart))
def test_every_part_step_by_step_is_what_torch_makes_of_it(part: TransformerPart, settings: list[str]) -> None:
    checks = taken(part, *settings).table("checks")
    assert len(checks) >= 2
    assert [row["verdict"] for row in checks] == ["agrees"] * len(checks)
    assert all(row["largest difference"] < 1e-12 for row in checks)


def test_a_part_that_differs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unscaled(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        return attention_weights(2 * query, key) @ value

    monkeypatch.setattr("tp1tui.measures.transformer_steps._fused", unscaled)
    verdicts = [row["verdict"] for row in taken("attention").table("checks")]
    assert verdicts == ["agrees", "differs"]


def test_steps_bear_the_sizes_of_tokens_heads_and_features() -> None:
    sizes = {row["step"]: row["size of one image's"] for row in taken("heads").table("steps")}
    assert sizes["tokens"] == sizes["projected"] == "17x8"
    assert sizes["queries"] == "4x17x2"
    assert sizes["weights"] == "4x17x17"


def test_weights_of_each_head_are_shown_and_sum_to_1() -> None:
    grids = [found for found in taken("heads").by_name.values() if isinstance(found, Grid) and "head" in found.name]
    assert len(grids) == 4
    for grid in grids:
        assert [sum(row) for row in grid.values] == pytest.approx([1.0] * 17)  # type: ignore[arg-type]
