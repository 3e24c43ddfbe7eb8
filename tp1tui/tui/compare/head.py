"""The lines over a comparison: which runs, in what they differ, and how the curves are looked at."""

from __future__ import annotations

from tp1tui.tui.compare.names import field_words
from tp1tui.tui.compare.tables import SAME
from tp1tui.tui.compare.watch import CompareWatch
from tp1tui.tui.overlay.aspect import AXIS_WORDS, Aspect
from tp1tui.tui.overlay.metric import metric_words
from tp1tui.tui.run.head import STATES
from tp1tui.tui.run.lines import Line, Tone, fitted, justified, width_of
from tp1tui.tui.text import shortened


def head_lines(watch: CompareWatch, aspect: Aspect, width: int) -> list[Line]:
    """Always three lines, so that nothing below them moves.

    Args:
        watch: The runs.
        aspect: How their curves are looked at.
        width: Cells there are.
    """
    return [_title(watch, width), _differing(watch, width), _view(watch, aspect, width)]


def _title(watch: CompareWatch, width: int) -> Line:
    states = [run.seen.state for run in watch.runs]
    running = states.count("running")
    state = STATES[watch.state]
    right = (f"● {running} running", state[1]) if 0 < running < len(states) else state
    presets = list(dict.fromkeys(run.seen.spec.preset for run in watch.runs))
    count: Line = ((f"{len(states)} run{'' if len(states) == 1 else 's'} compared", Tone.STRONG),)
    room = width - width_of((right,)) - 1
    return justified(fitted([count, *[((preset, None),) for preset in presets]], room), (right,), width)


def _differing(watch: CompareWatch, width: int) -> Line:
    """As many fields as there is room for, and how many more there are."""
    fields = [field_words(field.path) for field in watch.differences]
    for count in range(len(fields), 0, -1):
        more = f" and {len(fields) - count} more" if count < len(fields) else ""
        text = f"they differ in {', '.join(fields[:count])}{more}"
        if len(text) <= width:
            return ((text, None),)
    return ((shortened(f"they differ in {len(fields)} fields" if fields else SAME, width), None),)


def _view(watch: CompareWatch, aspect: Aspect, width: int) -> Line:
    words = f"{metric_words(aspect.metric, aspect.split)} over {AXIS_WORDS[aspect.over]}"
    items: list[Line] = [((words, None),)]
    if aspect.metric in aspect.logs:
        items.append((("log scale", None),))
    if aspect.weight:
        items.append(((f"exponential moving average {aspect.weight:g}", Tone.WARN),))
    base = watch.run(aspect.baseline)
    if base:
        items.append((("baseline ", Tone.DIM), (f"{base.sign} {base.name}", Tone.STRONG)))
    return fitted(items, width)
