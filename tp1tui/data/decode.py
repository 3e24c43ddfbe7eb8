"""From the files that datasets travel in to the arrays we keep. Nothing is ever unpickled."""

from __future__ import annotations

import io
import json
from collections import Counter
from math import prod
from pathlib import Path

import numpy as np

from tp1tui.data.archives import read_members
from tp1tui.data.arrays import Arrays, Bytes
from tp1tui.data.entry import IMAGES, LABELS, ArrayName, Content, DatasetEntry, Member, Packing, Split
from tp1tui.data.errors import DatasetError


def decode(entry: DatasetEntry, packing: Packing, path: Path) -> Arrays:
    """Read a dataset.

    Args:
        entry: Its arrays' shapes; their digests are for `Store.put` to check.
        packing: How it is packed.
        path: The archive, or the folder of files.

    Raises:
        DatasetError: A file is missing, damaged, or does not hold what it should.
    """
    arrays: dict[ArrayName, Bytes] = {array.name: np.empty(array.shape, np.uint8) for array in entry.arrays}
    rows = _rows(entry, packing)
    for member, data in read_members(path, packing):
        for name, values in _values(entry, member, data).items():
            place = arrays[name][rows[member.name]]
            if values.shape != place.shape:
                raise DatasetError(
                    f"{member.name} holds {len(values):,} examples of shape {list(values.shape[1:])} "
                    f"instead of {len(place):,} of shape {list(place.shape[1:])}."
                )
            place[...] = values
    return Arrays(**arrays)


def _rows(entry: DatasetEntry, packing: Packing) -> dict[str, slice]:
    """Which rows each file fills: files of one split and content share them evenly, in order."""
    sharing = Counter((member.split, member.content) for member in packing.members)
    before: Counter[tuple[Split, Content]] = Counter()
    rows = {}
    for member in packing.members:
        key = (member.split, member.content)
        share = entry.array(LABELS[member.split]).shape[0] // sharing[key]
        rows[member.name] = slice(before[key] * share, (before[key] + 1) * share)
        before[key] += 1
    return rows


def _values(entry: DatasetEntry, member: Member, data: bytes) -> dict[ArrayName, Bytes]:
    image = entry.array("train_images").shape[1:]
    images, labels = IMAGES[member.split], LABELS[member.split]
    match member.content:
        case "records":
            return dict(zip((labels, images), records(data, image, member.name), strict=True))
        case "picture":
            return {images: picture(data, image, member.name)}
        case "json-labels":
            return {labels: json_labels(data, member.name)}
        case "idx-images":
            return {images: idx(data, 3, member.name)[..., np.newaxis]}
        case "idx-labels":
            return {labels: idx(data, 1, member.name)}


def records(data: bytes, image: tuple[int, ...], name: str) -> tuple[Bytes, Bytes]:
    """Records of one label byte and an image's planes: all red, all green, all blue, each row by row.

    Returns:
        Labels uint8 [N] and images uint8 [N, H, W, C].
    """
    height, width, channels = image
    size = 1 + height * width * channels
    if len(data) % size:
        raise DatasetError(f"{name} has {len(data):,} bytes, which is no whole number of records of {size:,}.")
    table = np.frombuffer(data, np.uint8).reshape(-1, size)
    return table[:, 0], table[:, 1:].reshape(-1, channels, height, width).transpose(0, 2, 3, 1)


def picture(data: bytes, image: tuple[int, ...], name: str) -> Bytes:
    """A PNG with one image a row: its pixels row by row, each with all its channels.

    Returns:
        Images uint8 [N, H, W, C].
    """
    from PIL import Image

    height, width, channels = image
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as png:
            if png.width != height * width or len(png.getbands()) != channels or png.mode not in ("RGB", "L"):
                raise DatasetError(f"{name} is a picture {png.width} wide in {png.mode}, not one image a row.")
            return np.asarray(png).reshape(-1, height, width, channels)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DatasetError(f"{name} is not a PNG picture, or it is damaged ({error}).") from error


def json_labels(data: bytes, name: str) -> Bytes:
    """A JSON list of class numbers.

    Returns:
        Labels uint8 [N].
    """
    try:
        labels = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{name} is not JSON, or it is damaged ({error}).") from error
    if not isinstance(labels, list) or not all(type(label) is int and 0 <= label <= 255 for label in labels):
        raise DatasetError(f"{name} is not a list of class numbers.")
    return np.array(labels, np.uint8)


def idx(data: bytes, dimensions: int, name: str) -> Bytes:
    """An IDX file of bytes: two zeros, 8 for "unsigned byte", the number of dimensions, their sizes, the values.

    Returns:
        uint8 of as many dimensions as asked.
    """
    start = 4 + 4 * dimensions
    if len(data) < start or data[:4] != bytes((0, 0, 8, dimensions)):
        raise DatasetError(f"{name} does not begin as an IDX file of bytes in {dimensions} dimensions does.")
    shape = tuple(int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4))
    values = len(data) - start
    if values != prod(shape):
        raise DatasetError(f"{name} holds {values:,} values, but its header says {'x'.join(map(str, shape))}.")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)
