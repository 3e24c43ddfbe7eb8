"""A sweep and its points in words: long where there is room, short at the end of a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from tp1tui.spec.frozen import SweepSpec
from tp1tui.spec.sweep import Sweep
from tp1tui.spec.toml_text import value_text
from tp1tui.tui.bench.fields import LABELS
from tp1tui.tui.changes import point_in_words, value_in_words
from tp1tui.tui.text import shortened

if TYPE_CHECKING:
    from tp1tui.journal.sweep_record import MemberRecord, Point

LONGEST = 14
"""Cells of a short name."""


def varied(spec: SweepSpec) -> str:
    """What differs between the runs: `learning rate 0.003, 0.02, 1; 3 seeds`."""
    sweep = spec.sweep
    parts = [f"{field_in_words(path)} {', '.join(map(_value, values))}" for path, values in sweep.fields.items()]
    if sweep.variants:
        parts = [variants_in_words(sweep)]
    if sweep.seeds > 1:
        parts.append(f"{sweep.seeds} seeds")
    return "; ".join(parts)


def variants_in_words(sweep: Sweep) -> str:
    """Their names; a name may hold commas."""
    return " · ".join(variant.name for variant in sweep.variants)


def field_in_words(path: str) -> str:
    """A key path in the word of the bench."""
    return LABELS.get(path, path)


def point_words(point: Point) -> str:
    """A point: `learning rate 0.02`, a variant's name, or how many seeds there are where only the seed varies."""
    return point_in_words(point.name) or f"mean of {len(point.members)} seeds"


def short_name(point: Point) -> str:
    """The same for the end of a curve: its values alone."""
    return shortened(", ".join(map(_value, point.values.values())) or point.name or "mean", LONGEST)


def seed_words(member: MemberRecord) -> str:
    """One of several runs of a point."""
    return f"seed {member.run.seed}"


def _value(value: JsonValue) -> str:
    return value_in_words(value_text(value))
