"""Weights from a file that these tests make, and from a hub that is not there."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest
import timm
import torch
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors.torch import save_file
from torch import Tensor, nn

from tests.spec.shipped import EXPERIMENTS
from tp1tui.engine.hub_weights import MOST_BYTES, fetched
from tp1tui.engine.model import build
from tp1tui.engine.pretrained import load_first_weights
from tp1tui.engine.timm_transformer import NetworkError
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

TINY = with_changes(EXPERIMENTS["e08-vit-small-scratch"], ["model.name=vit_tiny_patch16_224"])
ANEW = ("head.weight", "head.bias")
FITTED = ("pos_embed", "patch_embed.proj.weight")


@pytest.fixture(scope="module")
def whole() -> dict[str, Tensor]:
    """Weights as ImageNet's are: for colour images of 224 pixels in patches of 16, and 1,000 classes."""
    torch.manual_seed(1)
    return dict(timm.create_model("vit_tiny_patch16_224").state_dict())


def file_of(folder: Path, weights: dict[str, Tensor]) -> Path:
    path = folder / "model.safetensors"
    save_file(weights, path)
    return path


def begun_with(experiment: Experiment, weights: object) -> nn.Module:
    asked = with_changes(experiment, [f'model.weights="{weights}"'])
    network = build(asked)
    load_first_weights(network, asked, lambda what: None)
    return network


def test_a_file_of_colour_weights_begins_a_network_for_small_grey_images(
    tmp_path: Path, whole: dict[str, Tensor]
) -> None:
    drawn = build(TINY).state_dict()
    loaded = begun_with(TINY, file_of(tmp_path, whole)).state_dict()
    for name, weight in loaded.items():
        if name in ANEW:
            assert torch.equal(weight, drawn[name])
        elif name not in FITTED:
            assert torch.equal(weight, whole[name])
    assert loaded["pos_embed"].shape == (1, 17, 192)
    assert torch.equal(loaded["pos_embed"][:, :1], whole["pos_embed"][:, :1])  # the class token's stays


def test_colours_are_summed_where_nothing_else_differs(tmp_path: Path, whole: dict[str, Tensor]) -> None:
    small = timm.create_model("vit_tiny_patch16_224", img_size=28, patch_size=7).state_dict()
    loaded = begun_with(TINY, file_of(tmp_path, dict(small))).state_dict()
    assert torch.equal(loaded["pos_embed"], small["pos_embed"])
    torch.testing.assert_close(
        loaded["patch_embed.proj.weight"], small["patch_embed.proj.weight"].sum(dim=1, keepdim=True)
    )


def test_an_even_patch_stays_even_when_it_is_resampled(tmp_path: Path, whole: dict[str, Tensor]) -> None:
    even = {**whole, "pos_embed": torch.ones(1, 197, 192)}
    loaded = begun_with(TINY, file_of(tmp_path, even)).state_dict()
    torch.testing.assert_close(loaded["pos_embed"], torch.ones(1, 17, 192))


def test_a_classifier_of_as_many_classes_begins_anew_too(tmp_path: Path) -> None:
    torch.manual_seed(1)
    ten = dict(timm.create_model("vit_tiny_patch16_224", num_classes=10).state_dict())
    loaded = begun_with(TINY, file_of(tmp_path, ten)).state_dict()
    assert not torch.equal(loaded["head.weight"], ten["head.weight"])
    assert torch.equal(loaded["norm.weight"], ten["norm.weight"])


def test_weights_that_are_drawn_and_networks_of_other_kinds_stay_as_they_are() -> None:
    for experiment in (TINY, EXPERIMENTS["e07-mnist"]):
        network, drawn = build(experiment), build(experiment).state_dict()
        load_first_weights(network, experiment, lambda what: None)
        assert all(torch.equal(weight, drawn[name]) for name, weight in network.state_dict().items())


def told(weights: object) -> str:
    with pytest.raises(NetworkError) as caught:
        begun_with(TINY, weights)
    return str(caught.value)


def without(weights: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key: weight for key, weight in weights.items() if key != name}


def test_a_file_of_another_network_is_told(tmp_path: Path, whole: dict[str, Tensor]) -> None:
    blocks, more = "blocks.3.mlp.fc1.weight", "blocks.12.norm1.weight"
    cases: dict[str, dict[str, Tensor]] = {
        f"it has no {blocks}": without(whole, blocks),
        f"its {more} has no place there": {**whole, more: torch.ones(192)},
        f"its {blocks} is 8x8, and 768x192 there": {**whole, blocks: torch.ones(8, 8)},
        "its pos_embed is 1x190x192, and 1x17x192 there": {**whole, "pos_embed": torch.ones(1, 190, 192)},
        "its patch_embed.proj.weight is 192x768, and 192x1x7x7 there": {
            **whole,
            "patch_embed.proj.weight": torch.ones(192, 768),
        },
    }
    for difference, weights in cases.items():
        path = file_of(tmp_path, weights)
        assert told(path) == f"The weights file {path} is of another network than vit_tiny_patch16_224: {difference}."


def test_weights_of_a_larger_network_are_told(tmp_path: Path) -> None:
    larger = dict(timm.create_model("vit_small_patch16_224").state_dict())
    assert "is of another network than vit_tiny_patch16_224: " in told(file_of(tmp_path, larger))


class Trap:
    """Runs something when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("a weights file was unpickled",)


@pytest.mark.parametrize("content", [b"", b"not weights at all", pickle.dumps(Trap())], ids=["empty", "text", "pickle"])
def test_a_file_that_is_no_safetensors_is_told_and_never_unpickled(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    assert told(path).startswith(f"The weights file {path} cannot be read as safetensors: it is damaged or of another")


def test_a_file_that_was_cut_off_is_told(tmp_path: Path, whole: dict[str, Tensor]) -> None:
    path = file_of(tmp_path, whole)
    path.write_bytes(path.read_bytes()[:-1000])
    assert "cannot be read as safetensors" in told(path)


@pytest.mark.parametrize("path", ["nowhere.safetensors", "folder.safetensors"])
def test_a_file_that_is_not_there_is_told_with_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (tmp_path / "folder.safetensors").mkdir()
    monkeypatch.chdir(tmp_path)
    assert told(path).startswith(f"The weights file {tmp_path / path} is not there; ")


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(repository: str, file: str, *, local_files_only: bool = False, etag_timeout: float = 0) -> str:
        assert local_files_only, "the hub was asked again after it had not answered"
        raise LocalEntryNotFoundError("nothing here")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fetch)


@pytest.mark.usefixtures("empty_cache")
def test_where_the_hub_cannot_be_reached_a_sentence_names_both_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def unreachable(url: str, timeout: float) -> None:
        asked.append(url)
        raise OSError("no route to host\nand more")

    monkeypatch.setattr(huggingface_hub, "get_hf_file_metadata", unreachable)
    assert told("imagenet") == (
        f"The ImageNet weights of vit_tiny_patch16_224 could not be fetched from {asked[0]} (OSError: no route to "
        "host). Bring them by hand: fetch model.safetensors of timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k from the "
        "Hugging Face hub where there is a network, copy it here and start again with --set model.weights=PATH. Or "
        "begin with random weights: --set model.weights=random."
    )
    assert len(asked) == 1


def test_imagenet_weights_are_taken_from_the_hub_s_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: dict[str, Tensor]
) -> None:
    path, asked, heard = file_of(tmp_path, whole), [], []

    def fetch(repository: str, file: str, *, local_files_only: bool = False) -> str:
        asked.append((repository, file, local_files_only))
        return str(path)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fetch)
    imagenet = with_changes(TINY, ["model.weights=imagenet"])
    network = build(imagenet)
    load_first_weights(network, imagenet, heard.append)
    assert asked == [("timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k", "model.safetensors", True)]
    assert heard == ["fetching ImageNet weights of vit_tiny_patch16_224"]
    assert torch.equal(network.state_dict()["norm.bias"], whole["norm.bias"])


CONTENT = b"weights of the hub's"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NAME = "model.safetensors"


def hub(patch: pytest.MonkeyPatch, cache: Path, told: dict[str, Any], content: bytes) -> list[str]:
    """A hub that speaks so of its file, and sends this; returns what was asked for."""
    sent: list[str] = []

    def fetch(repository: str, file: str, *, local_files_only: bool = False, etag_timeout: float = 0) -> str:
        if local_files_only:
            raise LocalEntryNotFoundError("nothing here")
        sent.append(file)
        (cache / file).write_bytes(content)
        return str(cache / file)

    facts = {"location": "https://a.cdn/file", "size": len(CONTENT), "etag": DIGEST, **told}
    patch.setattr(huggingface_hub, "hf_hub_download", fetch)
    patch.setattr(huggingface_hub, "get_hf_file_metadata", lambda url, timeout: SimpleNamespace(**facts))
    return sent


@pytest.mark.chaos
def test_a_download_is_taken_when_it_has_the_hub_s_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub(monkeypatch, tmp_path, {}, CONTENT)
    assert fetched("vit_tiny_patch16_224") == tmp_path / NAME


@pytest.mark.chaos
def test_a_download_that_is_another_file_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub(monkeypatch, tmp_path, {}, CONTENT + b"!")
    with pytest.raises(NetworkError, match=r"is damaged: its SHA-256 is .* Delete it, and it is fetched anew\."):
        fetched("vit_tiny_patch16_224")


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"location": "http://a.cdn/file"}, "not by HTTPS"),
        ({"size": 10**12}, "500,000,000 are allowed"),
        ({"size": None}, "no size"),
        ({"etag": None}, "no SHA-256"),
        ({"etag": "0123abcd"}, "no SHA-256"),
    ],
)
def test_what_cannot_be_trusted_or_has_no_end_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any], said: str
) -> None:
    sent = hub(monkeypatch, tmp_path, told, CONTENT)
    with pytest.raises(NetworkError, match=said):
        fetched("vit_tiny_patch16_224")
    assert sent == []


@pytest.mark.chaos
@pytest.mark.parametrize("content", [CONTENT, b"altered"])
def test_what_lies_in_the_cache_is_held_against_the_name_that_the_hub_gave_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / DIGEST).write_bytes(content)
    (tmp_path / NAME).symlink_to(tmp_path / DIGEST)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", lambda *_, local_files_only: str(tmp_path / NAME))
    if content == CONTENT:
        assert fetched("vit_tiny_patch16_224") == tmp_path / NAME
    else:
        with pytest.raises(NetworkError, match="is damaged"):
            fetched("vit_tiny_patch16_224")


@pytest.mark.chaos
def test_a_weights_file_without_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert told(path) == f"The weights file {path} has 500,000,001 bytes; 500,000,000 are allowed."


@pytest.mark.parametrize("name", ["vit_small_patch16_224", "vit_tiny_patch16_224"])
def test_the_weights_that_are_fetched_are_those_that_timm_would_take_itself(name: str) -> None:
    assert timm.get_pretrained_cfg(name).tag == "augreg_in21k_ft_in1k"
