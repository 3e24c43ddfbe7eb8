from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.spec.shipped import SHIPPED
from tp1tui.spec.experiment import Experiment

settings.register_profile("unhurried", deadline=None)  # how long an example takes says nothing on a shared machine
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def baseline() -> Experiment:
    """The subject's network on CIFAR-10, all switches off."""
    return SHIPPED.load(SHIPPED.find("cd18-baseline")).experiment


@pytest.fixture(scope="session")
def circles() -> Experiment:
    """A network for points, whose layers offer no place for dropout or batch normalization."""
    return SHIPPED.load(SHIPPED.find("ab2.4")).experiment


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for tests that write one file again and again."""
    return tmp_path_factory.mktemp("presets")
