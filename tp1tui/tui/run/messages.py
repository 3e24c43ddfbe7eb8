"""What a person must be told about a run beyond its numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tp1tui.journal.events import LOST, REFUSED, Preparing, Warned
from tp1tui.spec.numbers import size
from tp1tui.tui.run.lines import Line, Tone, bar, wrapped
from tp1tui.tui.run.look import Look, MeasureLook
from tp1tui.tui.text import shortened

WARNINGS = 2
"""How many of the latest are shown."""
LONGEST = 600
"""Characters of one message; `tp1tui show` tells all of it. The plots must keep their room."""
REFUSAL_STANDS = 60.0
"""Seconds that a refused command is told of, unless one is obeyed before."""
BAR = 30
_UNSERVED = "No worker has taken this run up yet; r starts one."
_UNSTARTED = "This run has not begun, and does not wait in line; r starts it."
_WAY_ON = "r goes on from the last checkpoint, once what was wrong is mended."
_WAY_IN = "r tries again, on the device that the bench shows; there, D chooses another."
"""Of a run that failed before it began."""
_WAY_AROUND = "r starts it now, x takes it out of line, Q shows the line."
"""Of a run that waits in line."""
_WAY_BACK = (
    "A worker that had it ends by itself. Where the folder lies now, `tp1tui watch DIR` opens it; Esc leads back."
)
"""Of a run whose folder is gone."""


def message_lines(look: Look | MeasureLook, width: int, not_finite: int | None) -> list[Line]:
    """Nothing, when all goes as it should.

    Args:
        look: The run.
        width: Cells there are.
        not_finite: The first step whose loss is NaN or infinite, if there is one.
    """
    if look.gone:
        return wrapped(f"{look.gone} {_WAY_BACK}", Tone.BAD, width)
    record = look.record
    lines: list[Line] = []
    if look.state == "failed" and record.failed:
        lines += wrapped(shortened(f"Failed: {record.failed.reason}", LONGEST), Tone.BAD, width)
        if not look.asked:
            lines += wrapped(_WAY_ON if record.started and isinstance(look, Look) else _WAY_IN, Tone.WARN, width)
    if look.state == "interrupted":
        way = "goes on from the last checkpoint" if isinstance(look, Look) else "takes it again"
        lines += wrapped(f"The worker is gone before the end; r {way}.", Tone.WARN, width)
        if look.last_words:
            lines += wrapped("The last that it said, in worker.log:", Tone.DIM, width)
            lines += [line for said in look.last_words for line in wrapped(said, Tone.BAD, width)]
    if look.place:
        lines += wrapped(f"{look.place[:1].upper()}{look.place[1:]}. {_WAY_AROUND}", Tone.DIM, width)
    elif look.state == "queued" and not look.asked:
        lines += wrapped(_UNSERVED if look.in_line else _UNSTARTED, Tone.DIM, width)
    if look.problem:
        lines += wrapped(shortened(look.problem, LONGEST), Tone.WARN, width)
    if isinstance(look, Look) and look.usage.held_by_others:
        lines += wrapped(look.usage.held_by_others, Tone.WARN, width)
    if look.is_live and record.preparing:
        lines += _preparing(record.preparing, width)
    warned = list(_still_true(look))
    if not_finite is not None and not any(event.topic == "not-finite" for event in warned):
        lines += wrapped(f"The loss is not finite from step {not_finite:,} on.", Tone.BAD, width)
    for event in warned[-WARNINGS:]:
        tone = Tone.BAD if event.topic == "not-finite" else Tone.WARN
        lines += wrapped(shortened(event.message, LONGEST), tone, width)
    if record.damages:
        more = f" So were {len(record.damages) - 1} more." if len(record.damages) > 1 else ""
        lines += wrapped(record.damages[-1].text + more, Tone.WARN, width)
    return lines


def _still_true(look: Look | MeasureLook) -> Iterator[Warned]:
    """Warnings that are of use now.

    None of overfitting from an epoch that has lost the mark of the lowest loss to a later one, no command that was
    refused once another was obeyed, the worker is gone or a while has passed, and no worker that has lost its run's
    folder once another has that.
    """
    record, lowest = look.record, look.record.lowest_loss
    for number, event in enumerate(record.warned):
        match event.topic:
            case "overfitting":
                holds = lowest is not None and event.epoch == lowest.epoch
            case topic if topic == REFUSED:
                holds = look.is_live and number >= record.obeyed and look.now - event.time <= REFUSAL_STANDS
            case topic if topic == LOST:
                holds = not look.is_live
            case _:
                holds = True
        if holds:
            yield event


def _preparing(event: Preparing, width: int) -> list[Line]:
    what = shortened(event.what[:1].upper() + event.what[1:], LONGEST)
    if not event.total or event.done is None:
        return wrapped(f"{what} …", Tone.DIM, width)
    done = event.done / event.total
    progress = ((" ", None), *bar(done, BAR), (f" {done:.0%}  {size(event.done)} of {size(event.total)}", Tone.DIM))
    lines = wrapped(what, None, width)
    if lines and sum(len(text) for text, _ in (*lines[-1], *progress)) <= width:
        return [*lines[:-1], (*lines[-1], *progress)]
    return [*lines, progress]
