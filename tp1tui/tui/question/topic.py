"""What a screen is about, as far as its question goes: what the card needs to know of where it was opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tp1tui.journal.figures import Figures, figures
from tp1tui.journal.sweep_record import MemberRecord
from tp1tui.spec.frozen import SweepSpec
from tp1tui.spec.preset import Card
from tp1tui.tui.run.look import Look, MeasureLook


@dataclass(frozen=True)
class Topic:
    """A question, and the runs of it that are in sight."""

    question: str
    """Id of the preset."""
    card: Card
    reached: Callable[[], Sequence[Figures]] = tuple
    """The figures of those runs, as they are now."""
    prediction: str = ""
    """What is expected of the next run, or was of this one."""
    predict: Callable[[str], None] | None = None
    """Told of another prediction for the next run; None where a run has its own, frozen."""


def topic_of(look: Callable[[], Look | MeasureLook | None]) -> Topic | None:
    """The question of a run or a measure; None while it has not been read.

    Args:
        look: Gives it as it is now.
    """

    def reached() -> Sequence[Figures]:
        now = look()
        row = figures(now.id, now.spec, now.record, now.prediction) if isinstance(now, Look) else None
        return (row,) if row else ()

    first = look()
    return Topic(first.spec.preset, first.spec, reached, first.prediction) if first else None


def topic_of_sweep(spec: SweepSpec, prediction: str, members: Callable[[], Sequence[MemberRecord]]) -> Topic:
    """The question of a sweep.

    Args:
        spec: What it was asked to do.
        prediction: What was expected of it.
        members: Gives its runs as they are now.
    """

    def reached() -> Sequence[Figures]:
        rows = (figures(member.folder.id, member.spec, member.record) for member in members())
        return [row for row in rows if row]

    return Topic(spec.preset, spec, reached, prediction)
