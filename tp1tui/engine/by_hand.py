"""The network of parts A-B by hand: every formula of the forward pass and of backpropagation, written out.

    X --affine--> htilde --tanh--> h --affine--> ytilde --softmax--> yhat

Names are the subject's. One example is a row; B examples are a batch, and the loss is their mean, so each gradient of
it is a mean over the batch, too. Nothing here asks for a gradient of torch: `backward` is what autograd would do, done
with pencil and paper (questions ab07 and ab14 to ab17). Works in float32 and in float64.
"""

from __future__ import annotations

import torch
from torch import Tensor

Params = dict[str, Tensor]
"""Wh [nh, nx], bh [nh], Wy [ny, nh], by [ny]."""
Outputs = dict[str, Tensor]
"""X [B, nx], htilde [B, nh], h [B, nh], ytilde [B, ny], yhat [B, ny]."""

STD = 0.3
"""The subject's, of the first weights."""
SMALLEST = torch.finfo(torch.float32).tiny
"""Probability; its logarithm is -87."""


def init_params(nx: int, nh: int, ny: int, dtype: torch.dtype = torch.float32) -> Params:
    """Weights from N(0, 0.3) and biases 0, from torch's generator.

    Args:
        nx: Inputs.
        nh: Hidden units.
        ny: Classes.
        dtype: float32 or float64.
    """
    return {
        "Wh": STD * torch.randn(nh, nx, dtype=dtype),
        "bh": torch.zeros(nh, dtype=dtype),
        "Wy": STD * torch.randn(ny, nh, dtype=dtype),
        "by": torch.zeros(ny, dtype=dtype),
    }


def forward(params: Params, X: Tensor) -> tuple[Tensor, Outputs]:
    """The probability that the network gives each class, and all that was computed on the way (question ab07).

    htilde = X Wh' + bh,   h = tanh(htilde),   ytilde = h Wy' + by,   yhat = softmax(ytilde)

    where ' transposes: examples are rows here, and columns in the subject's formulas.

    Args:
        params: Of the network.
        X: Inputs [B, nx].

    Returns:
        yhat [B, ny], whose rows sum to 1, and the outputs of every stage by the subject's names.
    """
    htilde = torch.addmm(params["bh"], X, params["Wh"].t())  # the sum and the product in one operation
    h = torch.tanh(htilde)
    ytilde = torch.addmm(params["by"], h, params["Wy"].t())
    yhat = torch.softmax(ytilde, dim=1)
    return yhat, {"X": X, "htilde": htilde, "h": h, "ytilde": ytilde, "yhat": yhat}


def loss_accuracy(yhat: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
    """Mean cross-entropy of a batch, and how much of it is classified right.

    loss = -1/B sum over examples and classes of y log(yhat)

    Args:
        yhat: Probabilities [B, ny].
        Y: Targets [B, ny], one-hot: 1 for the class of the example and 0 for the others.

    Returns:
        The loss in nats and the accuracy from 0 to 1, both scalars.
    """
    accuracy = (yhat.argmax(1) == Y.argmax(1)).to(yhat.dtype).mean()
    return cross_entropy(yhat, Y), accuracy


def cross_entropy(yhat: Tensor, Y: Tensor) -> Tensor:
    """The loss alone; for the arguments see `loss_accuracy`.

    A probability that has become 0 by rounding counts as the smallest there is: the logarithm of 0 is no number.
    """
    logs = yhat.clamp_min(SMALLEST).log()
    return (Y * logs).sum() / -Y.shape[0]


def backward(params: Params, outputs: Outputs, Y: Tensor) -> Params:
    """Gradients of the mean cross-entropy by all parameters, from the output back to the input (ab16 and ab17).

    With dy and dh the gradients by ytilde and htilde:

    Wy: dy' h     by: sum of dy over the batch     Wh: dh' X     bh: sum of dh over the batch

    Args:
        params: Those that the outputs were computed with.
        outputs: Of `forward`.
        Y: Targets [B, ny], one-hot.

    Returns:
        The gradients, each under the name and with the shape of its parameter.
    """
    dy = delta_y(outputs, Y)
    dh = delta_h(params, outputs, dy)
    return {
        "Wh": dh.t().mm(outputs["X"]),
        "bh": dh.sum(0),
        "Wy": dy.t().mm(outputs["h"]),
        "by": dy.sum(0),
    }


def delta_y(outputs: Outputs, Y: Tensor) -> Tensor:
    """The gradient by ytilde, [B, ny]: (yhat - y) / B (question ab15)."""
    return (outputs["yhat"] - Y) / Y.shape[0]


def delta_h(params: Params, outputs: Outputs, dy: Tensor) -> Tensor:
    """The gradient by htilde, [B, nh]: (dy Wy) · (1 - h²), the dot entry by entry (question ab17).

    Each hidden unit hears from every output, as strongly as it spoke to it; and 1 - h² is the slope of tanh.
    """
    dh_above = dy.mm(params["Wy"])  # the gradient by h
    return torch.addcmul(dh_above, dh_above, outputs["h"].square(), value=-1)  # times 1 - h², in one operation


def sgd(params: Params, grads: Params, eta: float) -> None:
    """One step down the gradient, in place: each parameter less eta times its gradient."""
    for name, grad in grads.items():
        params[name].sub_(grad, alpha=eta)
