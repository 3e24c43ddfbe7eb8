"""ImageNet weights from the Hugging Face hub: over HTTPS, of a bounded size, held against the hub's own digest."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tp1tui.engine.timm_transformer import NetworkError
from tp1tui.spec.timm_transformer import RANDOM, TimmName

IMAGENET_TAG = "augreg_in21k_ft_in1k"
"""Of timm's own choice for these networks: ImageNet-21k, then ImageNet-1k (Steiner et al., 2022)."""
IMAGENET_FILE = "model.safetensors"
PATIENCE = 10.0
"""Seconds to wait for the hub's answer."""
MOST_BYTES = 500_000_000
"""Of a weights file; that of vit_small_patch16_224 has 88 MB."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def fetched(name: TimmName) -> Path:
    """The file of ImageNet weights, from the hub's cache on this machine or from the hub itself.

    The hub names large files by their SHA-256, and its cache keeps them under that name, so that both a download and a
    file that has lain there for long can be held against it.

    Raises:
        NetworkError: It cannot be had, or is not the file that the hub speaks of.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    repository = f"timm/{name}.{IMAGENET_TAG}"
    try:
        path = Path(hf_hub_download(repository, IMAGENET_FILE, local_files_only=True))
    except LocalEntryNotFoundError:
        return _downloaded(name, repository)
    kept_as = path.resolve().name
    return _verified(path, kept_as if _SHA256.fullmatch(kept_as) else None)


def _downloaded(name: TimmName, repository: str) -> Path:
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url

    url = hf_hub_url(repository, IMAGENET_FILE)
    try:
        told = get_hf_file_metadata(url, timeout=PATIENCE)  # asks once, where the download would ask again and again
        _check(url, told.location, told.size, told.etag)
        path = Path(hf_hub_download(repository, IMAGENET_FILE, etag_timeout=PATIENCE))
    except Exception as error:  # a network can fail in any way
        reason = next(iter(str(error).strip().splitlines()), "")
        msg = (
            f"The ImageNet weights of {name} could not be fetched from {url} ({type(error).__name__}: {reason}). "
            f"Bring them by hand: fetch {IMAGENET_FILE} of {repository} from the Hugging Face hub where there is a "
            f"network, copy it here and start again with --set model.weights=PATH. "
            f"Or begin with random weights: --set model.weights={RANDOM}."
        )
        raise NetworkError(msg) from None
    return _verified(path, told.etag)


def _check(url: str, location: str, size: int | None, digest: str | None) -> None:
    """See, before anything is fetched, that it can be trusted and will end."""
    if not (url.startswith("https://") and location.startswith("https://")):
        raise ValueError(f"it would come from {location}, and not by HTTPS")
    if size is None or size > MOST_BYTES:
        raise ValueError(f"it has {'no size' if size is None else f'{size:,} bytes'}, and {MOST_BYTES:,} are allowed")
    if digest is None or not _SHA256.fullmatch(digest):
        raise ValueError("the hub tells no SHA-256 that it could be held against")


def _verified(path: Path, digest: str | None) -> Path:
    """The file, once its content is what its digest says; one that has none, in a cache without links, as it is."""
    if digest is not None:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            msg = (
                f"The weights file {path} is damaged: its SHA-256 is {found[:12]}…, and {digest[:12]}… at the hub. "
                "Delete it, and it is fetched anew."
            )
            raise NetworkError(msg)
    return path
