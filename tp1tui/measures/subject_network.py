"""The subject's network in float64 on a few examples: its loss as a function of any tensor in it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from tp1tui.data.resident import ResidentData, ResidentSet
from tp1tui.engine import by_hand
from tp1tui.engine.by_hand import Outputs, Params
from tp1tui.spec.experiment import Experiment


@dataclass(frozen=True)
class SubjectNetwork:
    """Parameters and a batch; on the CPU, where float64 is as quick as float32."""

    params: Params
    X: Tensor
    """float64 [B, nx]."""
    Y: Tensor
    """float64 [B, ny], one-hot."""

    @classmethod
    def on(cls, params: Params, data: ResidentData, examples: ResidentSet, count: int) -> SubjectNetwork:
        """A network on the first so many examples of a set.

        Args:
            params: Of any precision and device; copied.
            data: Says how examples are standardized.
            examples: Training or test set.
            count: Examples.
        """
        inputs, labels = data.measuring_batch(examples, 0, count)
        wide = {name: value.detach().cpu().double().clone() for name, value in params.items()}
        one_hot = torch.eye(len(wide["by"]), dtype=torch.float64)
        return cls(wide, inputs.flatten(1).cpu().double(), one_hot[labels.cpu()])

    def outputs(self) -> Outputs:
        """All that the forward pass computes."""
        return by_hand.forward(self.params, self.X)[1]

    def loss(self) -> Tensor:
        """Mean cross-entropy of the batch."""
        return by_hand.loss_accuracy(self.outputs()["yhat"], self.Y)[0]

    def error_rate(self) -> Tensor:
        """Share of the batch whose largest score is not its class's: what comes out behind argmax."""
        return 1 - by_hand.loss_accuracy(self.outputs()["yhat"], self.Y)[1]

    def loss_with(self, name: str, value: Tensor) -> Tensor:
        """The loss if one tensor had another value, and all that comes after it were computed from that.

        Args:
            name: Of a parameter, or ytilde or htilde.
            value: In its place; of the same shape.
        """
        if name == "ytilde":
            yhat = torch.softmax(value, dim=1)
        elif name == "htilde":
            ytilde = torch.addmm(self.params["by"], torch.tanh(value), self.params["Wy"].t())
            yhat = torch.softmax(ytilde, dim=1)
        else:
            yhat, _ = by_hand.forward({**self.params, name: value}, self.X)
        return by_hand.cross_entropy(yhat, self.Y)


def first_weights(experiment: Experiment) -> Params:
    """float64 weights for the two linear layers of an experiment by hand, from torch's generator."""
    rows = [row for row in experiment.layer_table() if row.kind == "linear"]
    (nx, nh), (ny,) = (rows[0].input[0], rows[0].output[0]), rows[1].output
    return by_hand.init_params(nx, nh, ny, torch.float64)
