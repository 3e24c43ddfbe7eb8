"""One example, looked at while a network learns (questions ab05 and ab06): ytilde, yhat and y of the subject."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from tp1tui.data.arrays import Bytes
from tp1tui.data.pictures import colours
from tp1tui.data.resident import ResidentSet
from tp1tui.engine.aside import logits_aside
from tp1tui.engine.training import Training
from tp1tui.spec.live import PROBE, PROBE_LINE, PROBE_PICTURE, ProbeOf
from tp1tui.spec.results import Axis, Column, Line, Result, Series, Table

DIGITS = 5
"""Significant digits of a journaled logit or probability."""
MOST_POINTS = 200
"""Of the line of the true class's probability; then every second is left out."""
LEVELS = 255


class ProbeError(ValueError):
    """There is no such example. Its text is a sentence."""


class Probe:
    """Looks at one example of a training; another can be chosen at any time."""

    def __init__(self, training: Training, chosen: ProbeOf, before: Series | None) -> None:
        """Choose an example.

        Args:
            training: Whose network is asked.
            chosen: Which example; the last one where there are not so many.
            before: The line that an earlier worker drew of it, which goes on; None where there is none.
        """
        self._training = training
        self._new_picture = True
        self.of = chosen.model_copy(update={"number": min(chosen.number, len(self._examples(chosen)))})
        end = training.step / training.experiment.steps_per_epoch
        known = zip(before.lines[0].x, before.lines[0].y, strict=True) if before else ()
        self._line = [(x, y) for x, y in known if x < end]

    def choose(self, chosen: ProbeOf) -> None:
        """Look at another example.

        Raises:
            ProbeError: There is no such example.
        """
        count = len(self._examples(chosen))
        if chosen.number > count:
            raise ProbeError(f"There is no {chosen.text}: the {chosen.part} set has {count:,}, counted from 1.")
        if chosen != self.of:
            self.of, self._line, self._new_picture = chosen, [], True

    @property
    def count(self) -> int:
        """Examples of the set that the chosen one is of."""
        return len(self._examples(self.of))

    def results(self) -> Iterator[Result]:
        """What the network says of it now, how that went on, and, where it is new, its picture."""
        examples = self._examples(self.of)
        at = self.of.number - 1
        inputs, labels = self._training.data.measuring_batch(examples, at, at + 1)
        logits = logits_aside(self._training, inputs)
        loss = self._training.loss_function(logits, labels)
        packed = torch.cat((logits[0].double(), logits[0].double().softmax(0), labels.double(), loss.double().view(1)))
        *numbers, label, contributed = packed.tolist()
        classes = len(numbers) // 2
        yield self._table(numbers[:classes], numbers[classes:], int(label), contributed)
        yield self._over_training(numbers[classes + int(label)])
        if self._new_picture and examples.inputs.dim() == 4:
            yield colours(PROBE_PICTURE, _levels(examples.inputs[at]), note=self.of.text)
        self._new_picture = False

    def _examples(self, chosen: ProbeOf) -> ResidentSet:
        return self._training.data.train if chosen.part == "train" else self._training.data.test

    def _table(self, logits: list[float], probabilities: list[float], label: int, loss: float) -> Table:
        names = self._training.experiment.facts.class_names
        raw = self._examples(self.of).inputs[self.of.number - 1]
        place = f" at {', '.join(f'x{n} = {x:.2f}' for n, x in enumerate(raw.tolist(), 1))}" if raw.dim() == 1 else ""
        taken = max(range(len(names)), key=lambda at: probabilities[at])
        answer = "right" if taken == label else f"taken for {names[taken]}"
        return Table(
            name=PROBE,
            note=f"{self.of.text}{place}: {names[label]}, {answer}. It adds {loss:.4g} to the sum of losses.",
            columns=(
                Column(name="class"),
                Column(name="logit ytilde"),
                Column(name="probability yhat"),
                Column(name="target y"),
            ),
            rows=tuple(
                (name, _rounded(logits[at]), _rounded(probabilities[at]), int(at == label))
                for at, name in enumerate(names)
            ),
        )

    def _over_training(self, probability: float) -> Series:
        """The line, with another point at its end, or the last one replaced where no step came between."""
        x = _rounded(self._training.step / self._training.experiment.steps_per_epoch)
        if self._line and self._line[-1][0] == x:
            self._line.pop()
        if len(self._line) >= MOST_POINTS:
            self._line = self._line[::2]
        self._line.append((x, _rounded(probability)))
        xs, ys = zip(*self._line, strict=True)
        return Series(
            name=PROBE_LINE,
            note=f"Of {self.of.text}, since it was chosen.",
            x=Axis(name="epoch"),
            y=Axis(name="probability yhat of its class"),
            lines=(Line(name=self.of.text, x=xs, y=ys),),
        )


def _levels(image: Tensor) -> Bytes:
    """[H, W, C] uint8 as it is; floats of a whitened image stretched from the least to the largest."""
    if image.dtype != torch.uint8:
        low, high = image.min(), image.max()
        image = ((image - low) / (high - low).clamp_min(1e-12) * LEVELS).round().to(torch.uint8)
    return image.cpu().numpy()


def _rounded(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")
