from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as np_arrays

from tests.data.small import (
    binary_files,
    gzipped,
    idx_bytes,
    idx_files,
    packing,
    picture_files,
    png,
    small_arrays,
    small_entry,
    tar_gz,
    write,
)
from tp1tui.data.arrays import Arrays, Bytes
from tp1tui.data.decode import decode, idx, json_labels, picture, records
from tp1tui.data.errors import DatasetError

COLOUR, GREY = small_arrays("cifar10"), small_arrays("mnist")


def assert_same(found: Arrays, expected: Arrays) -> None:
    for name, array in expected.by_name().items():
        np.testing.assert_array_equal(found.by_name()[name], array)


def test_the_binary_archive_gives_its_batches_in_order(tmp_path: Path) -> None:
    (tmp_path / "archive.tar.gz").write_bytes(tar_gz(binary_files(COLOUR), "cifar-10-batches-bin/"))
    found = decode(small_entry("cifar10", COLOUR), packing("cifar10", 0), tmp_path / "archive.tar.gz")
    assert_same(found, COLOUR)


def test_the_order_of_files_in_an_archive_does_not_matter(tmp_path: Path) -> None:
    files = dict(reversed(binary_files(COLOUR).items()))
    (tmp_path / "archive.tar.gz").write_bytes(tar_gz(files, "cifar-10-batches-bin/"))
    found = decode(small_entry("cifar10", COLOUR), packing("cifar10", 0), tmp_path / "archive.tar.gz")
    assert_same(found, COLOUR)


def test_the_pictures_of_the_npm_package_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "package.tgz").write_bytes(tar_gz(picture_files(COLOUR), "package/"))
    found = decode(small_entry("cifar10", COLOUR), packing("cifar10", 1), tmp_path / "package.tgz")
    assert_same(found, COLOUR)


def test_idx_files_are_read_raw_packed_and_from_the_npm_package(tmp_path: Path) -> None:
    entry = small_entry("mnist", GREY)
    raw = write(tmp_path / "raw", idx_files(GREY))
    packed = write(tmp_path / "packed", gzipped(idx_files(GREY)))
    (tmp_path / "package.tgz").write_bytes(tar_gz(idx_files(GREY), "package/data/"))
    for path, number in ((raw, 0), (packed, 0), (tmp_path / "package.tgz", 1)):
        assert_same(decode(entry, packing("mnist", number), path), GREY)


def test_a_file_with_too_few_examples_is_named(tmp_path: Path) -> None:
    files = binary_files(COLOUR)
    files["data_batch_3.bin"] = files["data_batch_3.bin"][:49]
    folder = write(tmp_path, files)
    with pytest.raises(DatasetError, match=r"data_batch_3\.bin holds 1 examples .* instead of 2"):
        decode(small_entry("cifar10", COLOUR), packing("cifar10", 0), folder)


def test_images_of_another_size_are_named(tmp_path: Path) -> None:
    files = idx_files(GREY) | {"t10k-images-idx3-ubyte": idx_bytes(np.zeros((2, 5, 4), np.uint8))}
    with pytest.raises(DatasetError, match=r"t10k-images-idx3-ubyte holds 2 examples of shape \[5, 4, 1\]"):
        decode(small_entry("mnist", GREY), packing("mnist", 0), write(tmp_path, files))


images = np_arrays(np.uint8, st.tuples(st.integers(0, 5), st.just(2), st.just(3), st.just(3)))


@given(images, st.randoms())
def test_records_hold_a_label_and_planes(expected: Bytes, random: object) -> None:
    labels = np.arange(len(expected), dtype=np.uint8)
    data = b"".join(
        bytes([label]) + image.transpose(2, 0, 1).tobytes() for label, image in zip(labels, expected, strict=True)
    )
    found_labels, found = records(data, (2, 3, 3), "batch")
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(found_labels, labels)


@given(st.binary(max_size=100))
def test_bytes_that_are_no_whole_records_are_refused(data: bytes) -> None:
    if len(data) % 13:
        with pytest.raises(DatasetError, match="no whole number of records"):
            records(data, (2, 2, 3), "batch")
    else:
        assert len(records(data, (2, 2, 3), "batch")[0]) == len(data) // 13


@given(np_arrays(np.uint8, st.tuples(*[st.integers(0, 6)] * 3)))
def test_idx_gives_back_what_was_written(expected: Bytes) -> None:
    np.testing.assert_array_equal(idx(idx_bytes(expected), 3, "images"), expected)


@given(st.binary(max_size=40) | st.binary(max_size=30).map(lambda rest: bytes((0, 0, 8, 1)) + rest))
def test_any_bytes_are_an_idx_file_to_the_last_byte_or_refused(data: bytes) -> None:
    try:
        values = idx(data, 1, "labels")
    except DatasetError:
        return
    assert idx_bytes(values) == data


@given(np_arrays(np.uint8, st.tuples(*[st.integers(1, 4)] * 3)), st.data())
def test_an_idx_file_cut_anywhere_is_refused(expected: Bytes, data: st.DataObject) -> None:
    whole = idx_bytes(expected)
    kept = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(DatasetError, match="images"):
        idx(whole[:kept], 3, "images")


@pytest.mark.parametrize(
    ("header", "why"),
    [
        pytest.param("00000d03", "begin", id="floats"),
        pytest.param("00000801", "begin", id="another number of dimensions"),
        pytest.param("1f8b0800", "begin", id="gzip"),
        pytest.param("00000803" + "ffffffff" * 3, "header says 4294967295x4294967295x4294967295", id="enormous"),
    ],
)
def test_an_idx_header_that_is_wrong_is_refused(header: str, why: str) -> None:
    with pytest.raises(DatasetError, match=why):
        idx(bytes.fromhex(header) + bytes(20), 3, "images")


@pytest.mark.parametrize("shape", [(2, 4, 3, 3), (2, 4, 4, 1)])
def test_a_picture_of_another_width_or_kind_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DatasetError, match="not one image a row"):
        picture(png(np.zeros(shape, np.uint8)), (4, 4, 3), "batch.png")


def test_a_picture_cut_short_is_refused() -> None:
    whole = png(COLOUR.train_images)
    for kept in (0, 10, 60, len(whole) // 2):
        with pytest.raises(DatasetError, match="not a PNG picture, or it is damaged"):
            picture(whole[:kept], (4, 4, 3), "batch.png")


@pytest.mark.parametrize(
    "text", ["", "{}", "[1, 256]", "[-1]", "[true]", "[1.5]", '["1"]', "[[1]]", "[" * 100_000, "1"]
)
def test_labels_that_are_no_list_of_class_numbers_are_refused(text: str) -> None:
    with pytest.raises(DatasetError, match="labels"):
        json_labels(text.encode(), "labels")


@given(st.lists(st.integers(0, 255)))
def test_a_list_of_class_numbers_is_read(labels: list[int]) -> None:
    assert json_labels(json.dumps(labels).encode(), "labels").tolist() == labels
