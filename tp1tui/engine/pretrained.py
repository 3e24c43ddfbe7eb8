"""Weights that a network of timm's begins with: from ImageNet or from a file, fitted to other images (question e08)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from torch import Tensor, nn

from tp1tui.engine.hub_weights import MOST_BYTES, fetched
from tp1tui.engine.timm_transformer import NetworkError, require_timm
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.timm_transformer import IMAGENET, RANDOM, TimmName, TimmTransformer

POSITIONS, PATCHES, CLASSIFIER = "pos_embed", "patch_embed.proj.weight", "head."
"""timm's names of the weights that are fitted to other images, and the beginning of those that are learned anew."""


def load_first_weights(network: nn.Module, experiment: Experiment, tell: Callable[[str], None]) -> None:
    """Replace a network's weights by those that the experiment begins with, its classifier's excepted.

    Embeddings of patches and positions are resampled to the network's sizes, and colours summed for grey images, by
    timm itself. Does nothing for networks whose weights are drawn.

    Args:
        network: As `tp1tui.engine.model.build` made it, on any device.
        experiment: What it was made for.
        tell: Is told what is being waited for.

    Raises:
        NetworkError: The weights cannot be had, or are of another network.
    """
    model = experiment.model
    if not isinstance(model, TimmTransformer) or model.weights == RANDOM:
        return
    if model.weights == IMAGENET:
        tell(f"fetching ImageNet weights of {model.name}")
        path = fetched(model.name)
    else:
        path = Path(model.weights).expanduser().absolute()
    weights = _read(path)
    _check(weights, network, model.name, path)
    _load(network, weights, experiment.input_shape[0], path)


def _read(path: Path) -> dict[str, Tensor]:
    require_timm()
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not path.is_file():
        msg = f"The weights file {path} is not there; model.weights names a file on the machine that trains."
        raise NetworkError(msg)
    if (size := path.stat().st_size) > MOST_BYTES:
        raise NetworkError(f"The weights file {path} has {size:,} bytes; {MOST_BYTES:,} are allowed.")
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        msg = f"The weights file {path} cannot be read as safetensors: it is damaged or of another format ({error})."
        raise NetworkError(msg) from None


def _check(weights: Mapping[str, Tensor], network: nn.Module, name: TimmName, path: Path) -> None:
    """Hold a file's weights against the network's; only the two embeddings may differ, in the sizes that are fitted."""
    wanted = {key: value for key, value in network.state_dict().items() if not key.startswith(CLASSIFIER)}
    found = {key: value for key, value in weights.items() if not key.startswith(CLASSIFIER)}
    for key, value in wanted.items():
        if key not in found:
            raise _of_another_network(path, name, f"it has no {key}")
        if not _fits(key, found[key], value):
            raise _of_another_network(path, name, f"its {key} is {_size(found[key])}, and {_size(value)} there")
    for key in found.keys() - wanted.keys():
        raise _of_another_network(path, name, f"its {key} has no place there")


def _fits(key: str, found: Tensor, wanted: Tensor) -> bool:
    if key == POSITIONS:  # the class token's, and those of a square of patches
        side = round(max(found.shape[1] - 1, 0) ** 0.5) if found.ndim == 3 else 0
        return side > 0 and found.shape == (1, side**2 + 1, wanted.shape[-1])
    if key == PATCHES:
        return found.ndim == 4 and len(found) == len(wanted) and 0 < found.shape[2] == found.shape[3]
    return found.shape == wanted.shape


def _size(weight: Tensor) -> str:
    return "x".join(map(str, weight.shape)) or "a single number"


def _of_another_network(path: Path, name: TimmName, difference: str) -> NetworkError:
    return NetworkError(f"The weights file {path} is of another network than {name}: {difference}.")


def _load(network: nn.Module, weights: dict[str, Tensor], channels: int, path: Path) -> None:
    """Let timm fit the weights to the network."""
    from timm.models import load_pretrained
    from timm.models.vision_transformer import checkpoint_filter_fn

    origin = {
        "state_dict": weights,
        "input_size": (weights[PATCHES].shape[1],),
        "num_classes": None,  # unlike any number: the classifier is always left out
        "first_conv": PATCHES.removesuffix(".weight"),
        "classifier": CLASSIFIER.removesuffix("."),
    }
    try:
        load_pretrained(network, origin, num_classes=0, in_chans=channels, filter_fn=checkpoint_filter_fn)
    except (RuntimeError, ValueError) as error:
        msg = f"The weights file {path} cannot be fitted to these images: {error}".rstrip(".")
        raise NetworkError(f"{msg}.") from None
