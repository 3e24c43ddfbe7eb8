"""Where things are: the one module that reads the environment."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP = "tp1tui"


def runs_dir(given: Path | None = None) -> Path:
    """The folder of runs: what was given, else TP1TUI_RUNS, else `runs` in the current folder."""
    if given is not None:
        return given
    return Path(os.environ.get("TP1TUI_RUNS") or "runs")


def data_dir() -> Path:
    """The folder of datasets: TP1TUI_DATA, else the person's cache folder."""
    named = os.environ.get("TP1TUI_DATA")
    return Path(named) if named else Path(platformdirs.user_cache_dir(APP)) / "data"


def config_dir() -> Path:
    """The person's own presets and settings."""
    return Path(platformdirs.user_config_dir(APP))


def preset_dirs() -> list[tuple[str, Path]]:
    """Where presets come from, nearest first, each with what to call it."""
    package = Path(__file__).parent / "presets"
    if not package.is_dir():  # not installed: a source tree keeps them beside the package
        package = Path(__file__).parent.parent / "presets"
    nearer = [("this folder", Path("presets").absolute()), ("your settings", config_dir() / "presets")]
    return [(name, folder) for name, folder in nearer if folder != package] + [("tp1tui", package)]


def visible_gpus() -> int | None:
    """How many GPUs this process may use, as CUDA_VISIBLE_DEVICES says; None where it says nothing."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is None:
        return None
    return len([name for name in named.split(",") if name.strip() and name.strip() != "-1"])


def terminal_kind() -> str:
    """What the terminal says it is."""
    return os.environ.get("TERM", "not set")


def rest_while_waiting() -> None:
    """Let threads that wait for each other sleep instead of spin, unless the person says otherwise.

    Without, a training beside other work on the machine is three times as slow: a thread that spins takes the time of
    the one it waits for. Alone it is as fast either way (`python -m benchmarks busy`). To be called before torch is
    imported, whose OpenMP reads this once.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
