"""How each formula of `tp1tui.engine.by_hand` is found, in words (questions ab14 to ab17)."""

from __future__ import annotations

from tp1tui.spec.gradient_measures import TensorName

FORMULAS: dict[str, str] = {
    "ytilde": "dy = (yhat - y) / B",
    "Wy": "dy' h",
    "by": "sum of dy over the batch",
    "htilde": "dh = (dy Wy) · (1 - h²)",
    "Wh": "dh' X",
    "bh": "sum of dh over the batch",
}
"""As in `by_hand.backward`; ' transposes, · is entry by entry, B is the size of the batch."""

DERIVATIONS: dict[TensorName, str] = {
    "loss": """\
The loss simplified (ab14). One example, scores ytilde, target y.
  loss        = - Σ_i y_i log yhat_i
  yhat_i      = exp(ytilde_i) / Σ_j exp(ytilde_j)
  log yhat_i  = ytilde_i - log Σ_j exp(ytilde_j)
The second part is the same for every i. Put in, it stands behind each y_i:
  loss        = - Σ_i y_i ytilde_i + (Σ_i y_i) · log Σ_j exp(ytilde_j)
A target is 1 for one class and 0 for the others, so Σ_i y_i = 1. What is left:
  loss        = - Σ_i y_i ytilde_i + log Σ_j exp(ytilde_j)""",
    "ytilde": """\
The gradient by ytilde (ab15). The simplified loss, differentiated by one score:
  d/dytilde_i of - Σ_j y_j ytilde_j     = - y_i
  d/dytilde_i of log Σ_j exp(ytilde_j)  = exp(ytilde_i) / Σ_j exp(ytilde_j) = yhat_i
  d loss / dytilde_i                    = yhat_i - y_i
What the network says, less what is true.
The mean over a batch of B examples has 1/B of it; call that dy.""",
    "Wy": """\
The gradient by Wy (ab16). Wy_ij stands in one score only, as the factor of h_j:
  ytilde_i         = Σ_j Wy_ij h_j + by_i
  d loss / dWy_ij  = dy_i h_j
That is the outer product dy h' of one example; those of a batch add up.
The matrix product dy' h does both, examples being rows.""",
    "by": """\
The gradient by by (ab16). by_i is added to ytilde_i, so its slope is 1:
  d loss / dby_i   = dy_i
Examples of a batch add up here, too.""",
    "htilde": """\
The gradient by htilde (ab17). h_i stands in every score, in the k-th with Wy_ki:
  d loss / dh_i       = Σ_k dy_k Wy_ki
tanh has the slope 1 - tanh², and htilde_i acts through h_i alone:
  d loss / dhtilde_i  = (Σ_k dy_k Wy_ki) (1 - h_i²)
Call it dh. A unit near -1 or 1 has a slope near 0: saturated, it hardly learns.""",
    "Wh": """\
The gradient by Wh (ab17). As with Wy, one layer down:
  htilde_i         = Σ_j Wh_ij x_j + bh_i
  d loss / dWh_ij  = dh_i x_j
The first index is the unit that listens, the second the input that speaks.
The report has dh_j x_j. That cannot be: dh has an entry for each row of Wh.""",
    "bh": """\
The gradient by bh (ab17). As with by:
  d loss / dbh_i   = dh_i
Examples of a batch add up.""",
}
