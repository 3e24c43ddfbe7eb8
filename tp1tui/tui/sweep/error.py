"""The error at the end over the number that a sweep varies, in the words of the bench."""

from __future__ import annotations

from collections.abc import Sequence

from tp1tui.journal.sweep_record import Point
from tp1tui.journal.sweep_series import error_over_field
from tp1tui.spec.results import Series
from tp1tui.tui.sweep.names import field_in_words

NAME = "error after each run's last epoch"


def final_error(found: Sequence[Point]) -> Series | None:
    """`error_over_field` under one line of words, the field as the bench names it; None where there is none."""
    series = error_over_field(found)
    if series is None:
        return None
    named = series.x.model_copy(update={"name": field_in_words(series.x.name)})
    return series.model_copy(update={"name": NAME, "note": "", "x": named})
