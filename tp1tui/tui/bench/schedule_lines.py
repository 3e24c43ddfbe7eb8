"""A schedule as a sentence with its plot under it; of several, the letter of each and all in one plot."""

from __future__ import annotations

from collections.abc import Mapping

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.numbers import lr
from tp1tui.spec.optimizer import Muon, Plateau
from tp1tui.spec.schedule import curve, is_constant
from tp1tui.tui.changes import point_in_words
from tp1tui.tui.plots.axis import rounded_range
from tp1tui.tui.plots.chart import Chart, Curve, Role, line_role, line_sign
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.run.lines import Line, Tone, flowed, wrapped

DOTS = 2
"""Places side by side in a cell."""
LEAST_ROWS = 4
"""Of a plot that still tells something, its axis included."""


def schedule_lines(courses: Mapping[str, Experiment], width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """What schedules do to the learning rate, in words, and drawn where it changes and there is room.

    Args:
        courses: What would be started, by name; at least one.
        width: Cells there are.
        height: Rows there are.
        glyphs: Which characters to draw with.
    """
    if len(courses) > 1 and all(map(is_constant, courses.values())):
        return wrapped("Each run keeps its learning rate from the first step to the last.", None, width)
    if len(courses) > 1:
        return _drawn(_legend(courses, width), _overlaid(courses, width), height, width, glyphs)
    (experiment,) = courses.values()
    if is_constant(experiment):
        return wrapped(
            f"The learning rate is {lr(experiment.optimizer.lr)} from the first step to the last.", None, width
        )
    points = curve(experiment, max(2, width * DOTS))
    words = [line for sentence, tone in _sentences(experiment, points) for line in wrapped(sentence, tone, width)]
    return _drawn(words, (Curve("", Role.TRAIN, (points,)),), height, width, glyphs)


def _drawn(words: list[Line], curves: tuple[Curve, ...], height: int, width: int, glyphs: Glyphs) -> list[Line]:
    """The plot under its words; the words alone where there is no room for it."""
    rows = height - len(words)
    if rows < LEAST_ROWS:
        return words[:height]
    from tp1tui.tui.plots.draw import draw

    epochs, rates = zip(*(point for line in curves for stretch in line.stretches for point in stretch), strict=True)
    chart = Chart((0, round(max(epochs))), curves, y=rounded_range(0.0, max(rates)))
    return [*words, *(tuple(row) for row in draw(chart, width, rows, glyphs))]


def _legend(courses: Mapping[str, Experiment], width: int) -> list[Line]:
    title = wrapped("Learning rate over the epochs; a plateau is drawn as if the loss fell all the time.", None, width)
    names = (
        ((f"{line_sign(number)} ", line_role(number)), (point_in_words(name), None))
        for number, name in enumerate(courses)
    )
    return [*title, *flowed(list(names), width)]


def _overlaid(courses: Mapping[str, Experiment], width: int) -> tuple[Curve, ...]:
    return tuple(
        Curve(
            line_sign(number),
            line_role(number),
            (curve(experiment, max(2, width * DOTS)),),
            sign=line_sign(number),
        )
        for number, experiment in enumerate(courses.values())
    )


def _sentences(experiment: Experiment, points: list[tuple[float, float]]) -> list[tuple[str, Tone | None]]:
    schedule = experiment.schedule
    course = _plateau(schedule, points) if isinstance(schedule, Plateau) else _course(points)
    sentences: list[tuple[str, Tone | None]] = [(course, None)]
    if not isinstance(experiment.optimizer, Muon):
        return sentences
    share = experiment.optimizer.adamw_lr / experiment.optimizer.lr
    return [*sentences, (f"AdamW, for all but the linear layers, has {share:.3g} times as much.", Tone.DIM)]


def _course(points: list[tuple[float, float]]) -> str:
    first, last = points[0][1], points[-1][1]
    epochs, highest = max(points, key=lambda point: point[1])
    top = f", {lr(highest)} after {round(epochs, 1):g} epochs" if highest > max(first, last) else ""
    return f"Learning rate {lr(first)} at first{top}, {lr(last)} at the end."


def _plateau(schedule: Plateau, points: list[tuple[float, float]]) -> str:
    borne = f"{schedule.patience} epoch{'s' if schedule.patience != 1 else ''}"
    return (
        f"Learning rate {lr(points[-1][1])}, times {schedule.factor:g} whenever the training loss has not fallen for "
        f"more than {borne}. When that will be depends on the losses; it is drawn as if it never were."
    )
