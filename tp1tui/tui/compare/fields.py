"""The fields in which runs differ, as people are told of them: those that tell most first, layers as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from tp1tui.journal.comparison import Difference, Setting, differences
from tp1tui.journal.several import SeenRun
from tp1tui.spec.toml_text import value_text
from tp1tui.tui.compare.names import in_order

_LAYERS = "model.layers."
_TELLING = (".kind", ".filters", ".features")


def told_differences(runs: Sequence[SeenRun]) -> tuple[Difference, ...]:
    """Exactly the fields in which runs differ, those that have a word before those that go by their path.

    A layer that some of the networks do not have at all is one field with the whole layer in it.
    """
    differing = differences(runs)
    whole = _whole(differing)
    found: dict[str, Difference] = {}
    for field in differing:
        layer = _layer(field.path)
        found.setdefault(layer if layer in whole else field.path, whole.get(layer, field))
    return in_order(tuple(found.values()))


def _whole(differing: Sequence[Difference]) -> dict[str, Difference]:
    """By the path of each layer that any of the runs lacks: the layer as a table of its fields."""
    layers: dict[str, list[Difference]] = {}
    for field in differing:
        if layer := _layer(field.path):
            layers.setdefault(layer, []).append(field)
    joined = {layer: _joined(layer, fields) for layer, fields in layers.items()}
    return {layer: field for layer, field in joined.items() if any(setting.value is None for setting in field.settings)}


def _joined(layer: str, fields: Sequence[Difference]) -> Difference:
    """A layer as a table of its kind, its size and those of its fields that differ where there is such a layer."""
    told = [field for field in fields if field.path.endswith(_TELLING) or len(_present(field)) > 1]
    settings: list[Setting] = []
    for place in range(len(fields[0].settings)):
        values = {field.path.removeprefix(f"{layer}."): field.settings[place].value for field in told}
        kept = {key: value for key, value in values.items() if value is not None}
        settings.append(Setting(kept or None))
    return Difference(layer, tuple(settings))


def _present(field: Difference) -> set[str]:
    return {value_text(setting.value) for setting in field.settings if setting.value is not None}


def _layer(path: str) -> str:
    """`model.layers.conv1` of `model.layers.conv1.filters`; empty for what belongs to no layer."""
    if not path.startswith(_LAYERS):
        return ""
    return _LAYERS + path.removeprefix(_LAYERS).partition(".")[0]
