"""Compared runs and what is set in them, in words: long where there is room, short at a curve's end."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tp1tui.journal.comparison import Difference, Setting
from tp1tui.journal.folder import short_name
from tp1tui.journal.several import SeenRun
from tp1tui.spec.experiment import Switch
from tp1tui.spec.toml_text import value_text
from tp1tui.tui.bench.fields import LABELS
from tp1tui.tui.changes import value_in_words
from tp1tui.tui.switches import SWITCH_NAMES
from tp1tui.tui.text import shortened

LONGEST = 14
"""Cells of a short name."""
NOTHING = "–"
"""Of a field that a run does not have."""
_SWITCHES = {f"{switch}.enabled": name for switch, name in SWITCH_NAMES.items()}
_WORDS = {"dataset.kind": "dataset", "model.kind": "model", "loss.kind": "loss", **LABELS, **_SWITCHES}
"""What fields are called, by their key paths, those that tell most first; the others go by their path."""
_BRIEF_SWITCHES: dict[Switch, str] = {
    "augmentation": "augment",
    "dropout": "dropout",
    "standardization": "standard",
    "batchnorm": "batchnorm",
}


def run_names(runs: Sequence[SeenRun], given: Sequence[str]) -> list[str]:
    """Each run's given name, or its id without time and preset; where presets differ, the preset's question before it.

    Args:
        runs: Those that are compared.
        given: What a person calls each; empty for none.
    """
    several = len({run.spec.preset for run in runs}) > 1
    return [name or _run_name(run, several=several) for run, name in zip(runs, given, strict=True)]


def _run_name(run: SeenRun, *, several: bool) -> str:
    name, preset = short_name(run.folder.id), run.spec.preset
    if not name.startswith(f"{preset}_"):
        return name
    suffix = name.removeprefix(f"{preset}_")
    return f"{preset.partition('-')[0]} {suffix}" if several else suffix


def brief_names(runs: Sequence[SeenRun], given: Sequence[str], differing: Sequence[Difference]) -> list[str]:
    """What tells a run from the others in few letters.

    Its given name, where each of its characters takes one cell of a plot; else its preset, where each has another; else
    what is set in it.
    """
    presets = [run.spec.preset for run in runs]
    if 1 < len(presets) == len(set(presets)):
        told = presets
    else:
        fields = [field for field in differing if field.path != "seed"] or differing
        told = [
            _that_fit([_brief_setting(field.path, field.settings[place]) for field in fields] or [name])
            for place, name in enumerate(run_names(runs, given))
        ]
    drawn = (name if cell_len(name) == len(name) else "" for name in given)
    return [shortened(name or words, LONGEST) for name, words in zip(drawn, told, strict=True)]


def _that_fit(words: Sequence[str]) -> str:
    """As many words, from the first on, as a short name has room for."""
    name = shortened(words[0], LONGEST)
    for word in words[1:]:
        if len(name) + 1 + len(word) > LONGEST:
            break
        name = f"{name} {word}"
    return name


def in_order(differing: Sequence[Difference]) -> tuple[Difference, ...]:
    """Fields that have a word before those that go by their path."""
    order = list(_WORDS)
    return tuple(sorted(differing, key=lambda field: order.index(field.path) if field.path in _WORDS else len(order)))


def field_words(path: str) -> str:
    """A key path as the bench names it; one that it does not name as it is."""
    return _WORDS.get(path, path)


def column_words(path: str) -> str:
    """The same at the head of a narrow column: of a long path its end."""
    return _WORDS.get(path) or ".".join(path.split(".")[-2:])


def setting_words(path: str, setting: Setting) -> str:
    """What a run has in a field: `0.03`, `on`, `off, on from 4.5`."""
    first = _value_words(path, setting.value)
    return ", ".join([first, *(f"{_value_words(path, flip.new)} from {flip.epoch:.3g}" for flip in setting.flips)])


def _brief_setting(path: str, setting: Setting) -> str:
    """The same in few letters: `0.03`, `+dropout`."""
    for switch, name in _BRIEF_SWITCHES.items():
        if path == f"{switch}.enabled":
            return f"{'+' if setting.value else '-'}{name}"
    return _value_words(path, setting.value)


def _value_words(path: str, value: object) -> str:
    match value:
        case None:
            return NOTHING
        case bool() if path in _SWITCHES:
            return "on" if value else "off"
        case {"kind": str(kind), **others}:
            return " ".join([kind, *(_part_words(str(key), other) for key, other in others.items())])
        case []:
            return "none"
        case [dict(), *_]:
            return " + ".join(_value_words(path, entry) for entry in value)
    return value_in_words(value_text(value))


def _part_words(key: str, value: object) -> str:
    """One field of a layer or a step; its size needs no name."""
    words = value_in_words(value_text(value))
    return words if key in ("filters", "features", "size") else f"{key} {words}"
