"""The lines over a sweep's plots: which sweep, what varies, how far it is, what is best."""

from __future__ import annotations

from tp1tui.journal.best import best_on
from tp1tui.journal.sweep_record import MemberRecord
from tp1tui.journal.sweep_results import chosen_on
from tp1tui.spec.numbers import duration, percent
from tp1tui.tui.changes import changes_in_words
from tp1tui.tui.plots.chart import line_sign
from tp1tui.tui.run.head import STATES, predicted_line
from tp1tui.tui.run.lines import Line, Piece, Tone, bar, fitted, justified, width_of
from tp1tui.tui.sweep.names import point_words, varied
from tp1tui.tui.sweep.rows import BEST
from tp1tui.tui.sweep.watch import SweepWatch
from tp1tui.tui.text import shortened

LONGEST_BAR = 40
SHORTEST_BAR = 4
RECENT = 3
"""Epochs of each run whose mean time stands for the next ones."""


def head_lines(watch: SweepWatch, width: int) -> list[Line]:
    """Four lines and, where something was expected, a fifth: always as many, so that nothing below them moves.

    Args:
        watch: The sweep.
        width: Cells there are.
    """
    lines = [_title(watch, width), _varied(watch, width), _progress(watch, width), _best(watch, width)]
    return [*lines, predicted_line(watch.prediction, (), width)] if watch.prediction else lines


def seconds_left(watch: SweepWatch) -> float | None:
    """Until the last run is done, if it goes on as it went; None where nothing tells, or nothing goes on."""
    running = sum(member.state == "running" for member in watch.members)
    recent = [
        epoch.seconds
        for member in watch.members
        for epoch in [epoch for epoch in member.record.epochs if epoch.epoch > 0][-RECENT:]
    ]
    if not running or not recent:
        return None
    return sum(map(_epochs_left, watch.members)) * sum(recent) / len(recent) / running


def _epochs_left(member: MemberRecord) -> float:
    if member.state != "running" and not member.in_line:
        return 0.0
    experiment = member.spec.experiment
    return max(0.0, experiment.epochs - member.record.step / experiment.steps_per_epoch)


def _title(watch: SweepWatch, width: int) -> Line:
    state = STATES[watch.state]
    room = width - width_of((state,)) - 1
    spec = watch.spec
    items: list[Line] = [((spec.preset, Tone.STRONG),)]
    if spec.changes:
        items.append(((f"with {changes_in_words(spec.changes)}", Tone.WARN),))
    return justified(fitted([*items, ((spec.title, None),)], room), (state,), width)


def _progress(watch: SweepWatch, width: int) -> Line:
    members = watch.members
    done = sum(member.state == "finished" for member in members)
    total = sum(member.spec.experiment.epochs for member in members)
    share = sum(member.record.step / member.spec.experiment.steps_per_epoch for member in members) / max(1, total)
    share = min(1.0, share)
    left = seconds_left(watch)
    texts = [f"{done} of {len(members)} runs done  ", f" {int(share * 100):3} %"]
    rest: tuple[Piece, ...] = ((f"   {duration(left)} left", Tone.STRONG),) if left is not None else ()
    failed = sum(member.state == "failed" for member in members)
    if failed:
        rest = (*rest, (f"   {failed} failed", Tone.BAD))
    cells = min(LONGEST_BAR, width - sum(map(len, texts)) - max(width_of(rest), len("   99 min 59 s left")))
    if cells < SHORTEST_BAR:
        return fitted([((texts[0].strip(), None),), ((texts[1].strip(), None),)], width)
    return ((texts[0], None), *bar(share, cells), (texts[1], None), *rest)


def _varied(watch: SweepWatch, width: int) -> Line:
    return ((shortened(f"varied: {varied(watch.spec)}", width), None),)


def _best(watch: SweepWatch, width: int) -> Line:
    if watch.best is None:
        return ((f"{BEST} no best yet", Tone.DIM),)
    point = watch.points[watch.best]
    on = chosen_on(watch.points)
    bests = [member.record.best for member in point.members if member.record.best]
    tops = [best.test_top1 if on == "test" else best.choosing_top1 for best in bests]
    line: Line = (
        (f"{BEST} {best_on(on)} ", Tone.DIM),
        (percent(sum(tops) / len(tops)), Tone.STRONG),
        (f"  {line_sign(watch.best)} {point_words(point)}", None),
    )
    return fitted([line], width)
