"""A schedule as a sentence with its plot under it."""

from __future__ import annotations

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.optimizer import Muon, Plateau
from tp1tui.spec.schedule import curve, is_constant
from tp1tui.tui.plots.axis import rounded_range
from tp1tui.tui.plots.chart import Chart, Curve, Role
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.run.lines import Line, Tone, wrapped

DOTS = 2
"""Places side by side in a cell."""
LEAST_ROWS = 4
"""Of a plot that still tells something, its axis included."""


def schedule_lines(experiment: Experiment, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """What a schedule does to the learning rate, in words, and drawn where it changes and there is room.

    Args:
        experiment: What would be started.
        width: Cells there are.
        height: Rows there are.
        glyphs: Which characters to draw with.
    """
    if is_constant(experiment):
        return wrapped(
            f"The learning rate is {experiment.optimizer.lr:g} from the first step to the last.", None, width
        )
    from tp1tui.tui.plots.draw import draw

    points = curve(experiment, max(2, width * DOTS))
    words = [line for sentence, tone in _sentences(experiment, points) for line in wrapped(sentence, tone, width)]
    rows = height - len(words)
    if rows < LEAST_ROWS:
        return words[:height]
    scale = rounded_range(0.0, max(rate for _, rate in points))
    chart = Chart((0, experiment.epochs), (Curve("", Role.TRAIN, (points,)),), y=scale)
    return [*words, *(tuple(row) for row in draw(chart, width, rows, glyphs))]


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
    top = f", {highest:.3g} after {round(epochs, 1):g} epochs" if highest > max(first, last) else ""
    return f"Learning rate {first:.3g} at first{top}, {last:.3g} at the end."


def _plateau(schedule: Plateau, points: list[tuple[float, float]]) -> str:
    borne = f"{schedule.patience} epoch{'s' if schedule.patience != 1 else ''}"
    return (
        f"Learning rate {points[-1][1]:.3g}, times {schedule.factor:g} whenever the training loss has not fallen for "
        f"more than {borne}. When that will be depends on the losses; it is drawn as if it never were."
    )
