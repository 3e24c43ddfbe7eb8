"""What a gradient is behind softmax, and what is left of it behind argmax (question ab13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from tp1tui.engine import by_hand
from tp1tui.engine.implementations import ByHandNetwork
from tp1tui.measures.differences import central_difference, central_differences
from tp1tui.measures.job import Job, need_training
from tp1tui.measures.subject_network import SubjectNetwork
from tp1tui.spec.gradient_measures import Argmax
from tp1tui.spec.results import Axis, Cell, Column, Line, Result, Series, Table, Text

STEPS = (1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5)
"""h, of the table of smaller and smaller steps."""
PLACES = 601
"""Of one weight, in a plot."""
JUMPS_IN_SIGHT = 3
"""Of the error rate on either side of the weight, in the plot that looks closely."""
NAME = "loss and error rate along one weight"


def argmax(measure: Argmax, job: Job) -> Iterator[Result]:
    """Slopes of the loss and of the error rate at the trained weights, and both along the steepest weight."""
    training = need_training(job)
    if not isinstance(training.model, ByHandNetwork):
        raise TypeError("this measure needs the network by hand")
    data = training.data
    network = SubjectNetwork.on(training.model.params, data, data.train, len(data.train))
    job.tell("the slope along every weight")
    slopes = _slopes(network)
    steepest = max(slopes, key=lambda slope: abs(slope.of_loss))
    along = _Along(network, steepest)
    jump = along.nearest_jump(measure.reach)
    yield Text(name="what can be followed down", text=_sentences(network, slopes))
    yield _slope_table(slopes)
    yield _shrinking_steps(along, jump)
    job.tell(f"both along {steepest.weight}")
    yield along.series(NAME, measure.reach, "The loss is a smooth curve with a slope; the error rate moves in steps.")
    close = along.closer(measure.reach)
    yield along.series(
        f"{NAME}, closely",
        close,
        "Between two jumps the error rate is level: a slope of 0 says nothing of where to go.",
        error_alone=True,
    )


@dataclass(frozen=True)
class _Slope:
    """Slopes along one weight."""

    name: str
    """Of its tensor."""
    place: int
    """In it, among all entries in a row."""
    weight: str
    """As a person calls it, such as Wh[1, 2]."""
    value: float
    of_loss: float
    """By autograd."""
    of_loss_by_differences: float
    of_error: float
    """By differences: autograd has none."""


def _slopes(network: SubjectNetwork) -> list[_Slope]:
    found: list[_Slope] = []
    for name, tensor in network.params.items():
        leaf = tensor.clone().requires_grad_()
        (automatic,) = torch.autograd.grad(network.loss_with(name, leaf), leaf)
        loss, error = (central_differences(function, tensor) for function in (network.loss, network.error_rate))
        columns = [each.flatten().tolist() for each in (tensor, automatic, loss, error)]
        for place, figures in enumerate(zip(*columns, strict=True)):
            found.append(_Slope(name, place, _called(name, tensor, place), *figures))
    return found


def _called(name: str, tensor: Tensor, place: int) -> str:
    indices = torch.unravel_index(torch.tensor(place), tensor.shape)
    return f"{name}[{', '.join(str(int(index) + 1) for index in indices)}]"


class _Along:
    """Loss and error rate while one weight is moved and all others stay."""

    def __init__(self, network: SubjectNetwork, slope: _Slope) -> None:
        self.network = network
        self._entries = network.params[slope.name].view(-1)
        self.slope = slope

    def at(self, value: float) -> tuple[float, float]:
        """Loss and error rate with the weight at a value; afterwards it is where it was."""
        self._entries[self.slope.place] = value
        loss, error = self.network.loss().item(), self.network.error_rate().item()
        self._entries[self.slope.place] = self.slope.value
        return loss, error

    def quotient(self, function: Callable[[], Tensor], centre: float, step: float) -> float:
        """(f(w + h) - f(w - h)) / 2h around any value of the weight."""
        self._entries[self.slope.place] = centre
        slope = central_difference(function, self._entries, self.slope.place, step)
        self._entries[self.slope.place] = self.slope.value
        return slope

    def nearest_jump(self, reach: float) -> float | None:
        """Where the error rate jumps nearest to the weight's value; None if it never does within reach."""
        jumps = self._jumps(reach)
        return self._pinned(min(jumps, key=lambda ends: abs(sum(ends) / 2 - self.slope.value))) if jumps else None

    def closer(self, reach: float) -> float:
        """How far to look so that a few jumps are in sight; all of `reach` where there are too few."""
        distances = sorted(abs(high - self.slope.value) for _, high in self._jumps(reach))
        return distances[2 * JUMPS_IN_SIGHT] if len(distances) > 2 * JUMPS_IN_SIGHT else reach

    def series(self, name: str, reach: float, note: str, *, error_alone: bool = False) -> Series:
        """Both over the values of the weight."""
        values = self._values(reach)
        losses, errors = zip(*(self.at(value) for value in values), strict=True)
        error = Line(name="error rate, behind argmax (share of the points)", x=values, y=errors)
        loss = Line(name="loss, behind softmax (nats)", x=values, y=losses)
        return Series(
            name=name,
            note=f"All other weights stay; {self.slope.weight} was trained to {self.slope.value:.4g}. {note}",
            x=Axis(name=self.slope.weight),
            y=Axis(name="error rate" if error_alone else "loss and error rate"),
            lines=(error,) if error_alone else (loss, error),
        )

    def _values(self, reach: float) -> tuple[float, ...]:
        low, width = self.slope.value - reach, 2 * reach / (PLACES - 1)
        return tuple(low + place * width for place in range(PLACES))

    def _jumps(self, reach: float) -> list[tuple[float, float]]:
        """Neighbouring places with different error rates."""
        values = self._values(reach)
        errors = [self.at(value)[1] for value in values]
        return [(values[place - 1], values[place]) for place in range(1, PLACES) if errors[place] != errors[place - 1]]

    def _pinned(self, ends: tuple[float, float]) -> float:
        """The jump between two places, by halving."""
        low, high = ends
        before = self.at(low)[1]
        for _ in range(45):
            middle = (low + high) / 2
            low, high = (middle, high) if self.at(middle)[1] == before else (low, middle)
        return (low + high) / 2


def _sentences(network: SubjectNetwork, slopes: list[_Slope]) -> str:
    count, points = len(slopes), len(network.X)
    sloped = sum(slope.of_loss != 0 for slope in slopes)
    level = sum(slope.of_error == 0 for slope in slopes)
    return (
        f"Behind softmax: {sloped} of {count} weights have a slope, and each says which way the loss falls.\n"
        f"Behind argmax:  along {level} of {count} weights the error rate does not move at all.\n"
        f"It is a count of points over {points}, so it stays where it is until a point changes its class, and there it "
        "jumps: its slope is 0 almost everywhere, and at a jump it has none.\n"
        f'Asked for it, torch says "{_refusal(network)}".\n'
        "So every part between a weight and the loss must have a slope, and one that is not 0 on whole regions: affine "
        "maps, tanh, softmax and cross-entropy do. Argmax only says, afterwards, how often the answer was right."
    )


def _refusal(network: SubjectNetwork) -> str:
    """What autograd says to a gradient through argmax."""
    leaf = network.params["Wy"].clone().requires_grad_()
    yhat, _ = by_hand.forward({**network.params, "Wy": leaf}, network.X)
    _, accuracy = by_hand.loss_accuracy(yhat, network.Y)
    try:
        torch.autograd.grad(accuracy, leaf)
    except RuntimeError as error:
        return str(error).partition("\n")[0]
    return "nothing"


def _slope_table(slopes: list[_Slope]) -> Table:
    names = ("weight", "value", "loss: autograd", "loss: differences", "error rate: differences")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (slope.weight, slope.value, slope.of_loss, slope.of_loss_by_differences, slope.of_error) for slope in slopes
    )
    note = "At the trained weights, over all training points. Differences are (f(w + h) - f(w - h)) / 2h, h = 1e-5."
    columns = tuple(Column(name=name) for name in names)
    return Table(name="slopes along every weight", note=note, columns=columns, rows=rows)


def _shrinking_steps(along: _Along, jump: float | None) -> Table:
    """Difference quotients with smaller and smaller steps, at the trained weight and on a jump of the error rate."""
    network, here = along.network, along.slope.value
    columns = [Column(name="step h"), Column(name="loss"), Column(name="error rate")]
    columns += [Column(name="error rate at a jump")] if jump is not None else []
    rows: list[tuple[Cell, ...]] = []
    for step in STEPS:
        row = [step, along.quotient(network.loss, here, step), along.quotient(network.error_rate, here, step)]
        rows.append((*row, along.quotient(network.error_rate, jump, step)) if jump is not None else tuple(row))
    note = (
        f"(f(w + h) - f(w - h)) / 2h along {along.slope.weight}. Of the loss it nears the slope, "
        f"{along.slope.of_loss:.4g}. Of the error rate it ends at 0"
    )
    note += f", or, at the jump at {jump:.4g}, grows without end." if jump is not None else "."
    return Table(name="smaller and smaller steps", note=note, columns=tuple(columns), rows=tuple(rows))
