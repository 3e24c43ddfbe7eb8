"""Where things are: the one module that reads the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import platformdirs

APP = "tp1tui"
KEYS_FILE = "keys.toml"
"""In the person's own settings: other keys for what the screens do."""
Colours = Literal["truecolor", "256", "standard", "none"]
"""How many a terminal has: 16 million, 256, 16, or none at all."""


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


def state_dir() -> Path:
    """What the program remembers of a person by itself."""
    return Path(platformdirs.user_state_dir(APP))


def preset_dirs() -> list[tuple[str, Path]]:
    """Where presets come from, nearest first, each with what to call it."""
    package = Path(__file__).parent / "presets"
    if not package.is_dir():  # not installed: a source tree keeps them beside the package
        package = Path(__file__).parent.parent / "presets"
    nearer = [("this folder", Path("presets").absolute()), ("your settings", config_dir() / "presets")]
    return [(name, folder) for name, folder in nearer if folder != package] + [("tp1tui", package)]


def visible_gpus() -> tuple[str, ...] | None:
    """The GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them; None where it says nothing."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is None:
        return None
    return tuple(name.strip() for name in named.split(",") if name.strip() and name.strip() != "-1")


def place_in_team() -> int:
    """Which of the processes that share a run this is, as torch's launcher says; 0 leads, and is alone without it."""
    return int(os.environ.get("RANK", "0"))


def terminal_kind() -> str:
    """What the terminal says it is."""
    return os.environ.get("TERM", "not set")


def keeps_standby() -> bool:
    """Whether a worker may be kept ready while the screens are open: unless TP1TUI_STANDBY is off."""
    return not _is_off("TP1TUI_STANDBY")


def stacks_on_gpus() -> bool:
    """Whether members of a sweep may train together on a GPU, too: unless TP1TUI_GPU_STACKS is off."""
    return not _is_off("TP1TUI_GPU_STACKS")


def _is_off(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("off", "0", "no", "false")


def rest_while_waiting() -> None:
    """Let threads that wait for each other sleep instead of spin, unless the person says otherwise.

    Without, a training beside other work on the machine is three times as slow: a thread that spins takes the time of
    the one it waits for. Alone it is as fast either way (`python -m benchmarks busy`). To be called before torch is
    imported, whose OpenMP reads this once.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def terminal_colours() -> Colours:
    """How many colours the terminal has: what NO_COLOR (where it is not empty), COLORTERM and TERM say."""
    if os.environ.get("NO_COLOR"):
        return "none"
    kind = terminal_kind()
    in_screen = kind.startswith("screen") and "TMUX" not in os.environ  # no true colour, whatever lies around it
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") and not in_screen:
        return "truecolor"
    return _colours_of(kind)


def _colours_of(kind: str) -> Colours:
    """By the names of terminfo."""
    if kind.endswith("-direct"):
        return "truecolor"
    if "256color" in kind or kind.startswith(("xterm-kitty", "kitty", "alacritty", "foot", "wezterm", "xterm-ghostty")):
        return "256"
    if kind in ("dumb", "unknown") or kind.startswith("vt") or kind.endswith(("-m", "-mono")):
        return "none"
    return "standard"


def terminal_unicode() -> bool:
    """Whether the terminal has characters beyond ASCII: where the locale is UTF-8, and the font no console's."""
    kind = terminal_kind()
    if kind in ("linux", "dumb", "unknown") or kind.startswith("vt"):
        return False
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if not names[0] and names[1] in _SET_BY_PYTHON and names[2]:
        names[1] = ""
    named = next(filter(None, names), None)
    return named is None or "utf8" in named.lower().replace("-", "")


_SET_BY_PYTHON = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python puts into LC_CTYPE where LANG is C (PEP 538)."""
