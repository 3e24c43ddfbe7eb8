from __future__ import annotations

import pytest

from tests.builders import run_spec
from tp1tui.tui.run.flip import flipped_spec


def test_the_new_run_differs_in_the_switch_alone() -> None:
    spec = run_spec("cd18", ["optimizer.lr=0.03"])
    new = flipped_spec(spec, "standardization")
    assert new.experiment == spec.experiment.flipped("standardization")
    assert new.changes == ("optimizer.lr = 0.03", "standardization.enabled = true")
    assert (new.preset, new.report) == (spec.preset, spec.report)


def test_flipped_twice_it_is_as_in_the_preset() -> None:
    spec = run_spec("cd18", ["optimizer.lr=0.03"])
    assert flipped_spec(flipped_spec(spec, "batchnorm"), "batchnorm") == spec


def test_a_switch_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="batchnorm"):
        flipped_spec(run_spec("ab2.4"), "batchnorm")
