"""The lines over the plots: which run, how far, how fast, what it has reached, what is switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten

from tp1tui.journal.best import Best, best_of, best_on
from tp1tui.journal.labels import Labels
from tp1tui.journal.prediction import held_against
from tp1tui.journal.state import ShownState
from tp1tui.journal.verdict import Figure
from tp1tui.spec.experiment import SWITCHES, Switch
from tp1tui.spec.numbers import duration, lr, percent, rate, size, times
from tp1tui.tui.changes import changes_in_words
from tp1tui.tui.run.lines import Line, Piece, Tone, bar, fitted, justified, width_of
from tp1tui.tui.run.look import Look, MeasureLook
from tp1tui.tui.run.verdict import Verdict, verdict
from tp1tui.tui.switches import SWITCH_KEYS, SWITCH_NAMES

LONGEST_BAR = 40
SHORTEST_BAR = 4
GAP = 3
"""Cells between two things that are told."""
STATES: dict[ShownState, Piece] = {
    "queued": ("… queued", Tone.DIM),
    "unstarted": ("· unstarted", Tone.DIM),
    "running": ("● running", Tone.GOOD),
    "paused": ("‖ paused", Tone.WARN),
    "finished": ("✓ finished", Tone.GOOD),
    "stopped": ("■ stopped", Tone.WARN),
    "failed": ("✗ failed", Tone.BAD),
    "interrupted": ("◌ interrupted", Tone.WARN),
}
"""How each state is written."""
_GONE: Piece = ("✗ folder gone", Tone.BAD)
_SHORT_NAMES = {**SWITCH_NAMES, "batchnorm": "batch norm"}
"""Where there is no room for the whole ones."""
_TONES = {"open": Tone.DIM, "reproduced": Tone.GOOD, "missed": Tone.WARN}


def head_lines(look: Look, width: int) -> list[Line]:
    """Always the same number of lines, so that nothing below them moves.

    Args:
        look: The run.
        width: Cells there are.
    """
    return [
        title_line(look, width),
        _progress(look, width),
        _facts(look, width),
        *_reached(look, width),
        _switches(look, width),
        *_predicted(look, width),
    ]


def title_line(look: Look | MeasureLook, width: int) -> Line:
    """What it is, with what changes, and how it stands."""
    state = _GONE if look.gone else STATES[look.shown_state]
    history = f"resumed {times(look.record.resumes)}" if look.record.resumes else ""
    aside = f"{look.asked} …" if look.asked else history
    right = ((f"{aside}   ", Tone.DIM), state) if aside else (state,)
    room = width - width_of(right) - (GAP if aside else 1)
    name: Line = ((look.spec.preset, Tone.STRONG),)
    if look.labels.name:
        name = (*name, (f"   “{look.labels.name}”", Tone.STRONG))
        name = name if width_of(name) <= room else name[:1]
    title: Line = ((look.spec.title, None),)
    items = [name]
    if look.spec.changes:
        with_changes: Line = ((f"with {changes_in_words(look.spec.changes)}", Tone.WARN),)
        if width_of((*name, *with_changes)) + 3 > room:
            many = len(look.spec.changes)
            with_changes = ((f"with {many} change{'s' if many > 1 else ''}", Tone.WARN),)
        items.append(with_changes)
    items += [title, *_written(look.labels)]
    return justified(fitted(items, room), right, width)


def _written(labels: Labels) -> list[Line]:
    """Tags and note, as far as there is room after all else."""
    tags = " ".join(f"#{tag}" for tag in labels.tags)
    return [((text, Tone.DIM),) for text in (tags, labels.note) if text]


def measure_lines(look: MeasureLook, width: int) -> list[Line]:
    """The same of a measure that trains nothing: what it is, and where it was taken."""
    results, device = len(look.record.results), look.record.device or "no device yet"
    items: list[Line] = [((f"{results} result{'s' if results != 1 else ''}", None),), ((device, None),)]
    if look.elapsed:
        items.append(((f"{duration(look.elapsed)}{' so far' if look.is_live else ''}", Tone.DIM),))
    if look.record.started:
        items.append(((look.record.started.device_name, Tone.DIM),))
    return [title_line(look, width), fitted(items, width), *_predicted(look, width)]


def _progress(look: Look, width: int) -> Line:
    epochs = look.spec.experiment.epochs
    left = look.seconds_left
    rest: Line = ((f"{duration(left)} left", Tone.STRONG),) if left is not None else ()
    one, whole = _whole_percent(look.epoch_progress), _whole_percent(look.progress)
    texts = [f"epoch {look.epoch} of {epochs} ", f" {one}   all ", f" {whole}   "]
    if epochs == 1:
        texts = ["epoch 1 of 1 ", f" {whole}   "]
    room = width - sum(map(len, texts)) - len("99 min 59 s left")
    cells = min(LONGEST_BAR, room // (len(texts) - 1))
    if cells < SHORTEST_BAR:
        return fitted([((texts[0].strip(), None),), ((f"all {whole}", None),), rest], width)
    bars = (bar(look.epoch_progress, cells), bar(look.progress, cells))[-len(texts) + 1 :]
    pieces: list[Piece] = [(texts[0], None)]
    for drawn, text in zip(bars, texts[1:], strict=True):
        pieces += [*drawn, (text, None)]
    return (*pieces, *rest)


def _facts(look: Look, width: int) -> Line:
    record, usage = look.record, look.usage
    speed = record.images_per_s if look.state == "running" or not record.last else record.last.images_per_s
    started = record.started
    device = record.device or "no device yet"
    items: list[Line] = [
        ((f"{rate(speed)} images/s", None),),
        ((f"lr {lr(look.learning_rate)}", None),),
        ((f"{device}{_load(usage.gpu if usage.gpu is not None else usage.cpu)}", None),),
    ]
    if usage.gpu_memory is not None:
        items.append(((f"{size(usage.gpu_memory)} on the GPU", None),))
    if usage.memory is not None:
        items.append(((f"{size(usage.memory)} memory", None),))
    if look.elapsed:
        items.append(((f"{duration(look.elapsed)}{' so far' if look.is_live else ''}", Tone.DIM),))
    items.append(((f"step {look.step:,} of {look.total_steps:,}", Tone.DIM),))
    if started:
        items.append(((started.device_name, Tone.DIM),))
    return fitted(items, width)


def _whole_percent(part: float) -> str:
    return f"{int(part * 100):3} %"


def _load(load: float | None) -> str:
    return "" if load is None else f" {load:.0f} %"


def _reached(look: Look, width: int) -> list[Line]:
    """Test and train; with room, the best is named after the set that chose it, else by its place in that set's row."""
    best = best_of(look.record.best)
    rows = _reached_rows(look, best, best_on(best.chosen_on if best else "test"))
    if not all(_fits(row, width) for row in rows):
        rows = _reached_rows(look, best, "best")
    return [fitted(row if _fits(row, width) else [row[0], *row[2:]], width) for row in rows]


def _reached_rows(look: Look, best: Best | None, name: str) -> list[list[Line]]:
    """Of each row: how it stands now, how it stood at the best epoch, the report's verdict where there is one.

    Args:
        look: The run.
        best: Its best epoch.
        name: What that is called.
    """
    last = look.record.last
    test = _at_best(name, best) if best else ""
    held_out: Line = ()
    if last and last.validation_top1 is not None and best:
        test = f"({percent(best.test_top1)} in epoch {best.epoch})"
        held_out = (
            ("validation ", Tone.DIM),
            (percent(last.validation_top1), Tone.STRONG),
            (f"  {_at_best(name, best)}", None),
        )
    room = len(f"{name} 70.0 % in epoch 99")
    rows: tuple[tuple[str, Figure, float | None, Line], ...] = (
        ("test", "test_top1", last.test_top1 if last else None, ((test.ljust(room), None),)),
        ("train", "train_top1", last.train_top1 if last else None, held_out or ((" " * room, None),)),
    )
    return [_reached_row(look, *row) for row in rows]


def _at_best(name: str, best: Best) -> str:
    return f"{name} {percent(best.choosing_top1):>6} in epoch {best.epoch}"


def _reached_row(look: Look, name: str, figure: Figure, value: float | None, then: Line) -> list[Line]:
    now: Line = ((f"{name:<5} top-1 ", Tone.DIM), (f"{percent(value):>7}", Tone.STRONG))
    found = verdict(look.spec, look.record.epochs, figure, is_over=not look.is_live)
    return [now, then] if found is None else [now, then, _judged(found)]


def _fits(row: Sequence[Line], width: int) -> bool:
    return width_of(fitted(row, width)) >= sum(map(width_of, row))


def _judged(found: Verdict) -> Line:
    return ((f"{found.asked}: ", Tone.DIM), (found.answer, _TONES[found.outcome]))


def _predicted(look: Look | MeasureLook, width: int) -> list[Line]:
    """What was expected, and how it stands to the last epoch; no line where nothing was."""
    if not look.prediction:
        return []
    last = look.record.last
    held = held_against(look.prediction, last.test_top1) if last and last.epoch else None
    so_far = " so far" if held and look.is_live else ""
    answer: Line = ((f"   {held[0]}{so_far}", _TONES[held[1]]),) if held else ()
    return [predicted_line(look.prediction, answer, width)]


def predicted_line(text: str, answer: Line, width: int) -> Line:
    """What was expected, as much of it as fits, and how it stands."""
    room = max(5, width - len("predicted ") - width_of(answer))
    return (("predicted ", Tone.DIM), (shorten(text, room, placeholder=" …"), None), *answer)


def _switches(look: Look, width: int) -> Line:
    for names, gap in ((SWITCH_NAMES, 3), (SWITCH_NAMES, 2), (_SHORT_NAMES, 3)):
        items = _switch_items(look, names)
        if sum(map(width_of, items)) + gap * (len(items) - 1) <= width:
            return fitted(items, width, gap)
    return fitted(_switch_items(look, _SHORT_NAMES), width, 2)


def _switch_items(look: Look, names: Mapping[Switch, str]) -> list[Line]:
    items: list[Line] = []
    for switch in SWITCHES:
        on = look.is_on(switch)
        state = ("on", Tone.GOOD) if on else ("off", Tone.DIM)
        flipped = on != look.spec.experiment.is_on(switch)
        mark: Line = (("*", Tone.WARN),) if flipped else ()
        items.append(((f"{SWITCH_KEYS[switch]} ", Tone.KEY), (f"{names[switch]} ", None), state, *mark))
    return items
