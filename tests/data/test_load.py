from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.data.server import FileServer
from tests.data.small import gzipped, idx_files, md5, packing, small_arrays, small_entry
from tp1tui.data import load as load_module
from tp1tui.data.download import Progress
from tp1tui.data.entry import RemoteFile, WebSource
from tp1tui.data.errors import DatasetError
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.spec.dataset import Circles, Digits, Mnist

GREY = small_arrays("mnist")


@pytest.fixture
def store(tmp_path: Path, server: FileServer) -> Store:
    files = gzipped(idx_files(GREY))
    for name, content in files.items():
        server.serve(name, content)
    remote = tuple(RemoteFile(name, md5(content), 1_000_000) for name, content in files.items())
    source = WebSource("mirror", "the mirror", server.address, remote, packing("mnist", 0))
    return Store(tmp_path / "data", {"mnist": small_entry("mnist", GREY, source)})


def test_a_dataset_that_is_missing_is_fetched_with_progress(store: Store, reports: list[Progress]) -> None:
    examples = load(Mnist(), 0, store, reports.append)
    np.testing.assert_array_equal(examples.train_inputs, GREY.train_images)
    assert examples.digests == {array.name: array.sha256 for array in store.catalog["mnist"].arrays}
    assert reports[0].what == "downloading MNIST from the mirror"


def test_a_dataset_that_is_here_is_not_fetched(store: Store, reports: list[Progress], server: FileServer) -> None:
    store.put("mnist", GREY)
    load(Mnist(), 0, store, reports.append)
    assert not reports
    assert not server.asked


def test_a_copy_with_one_changed_byte_is_refused(store: Store, reports: list[Progress]) -> None:
    store.put("mnist", GREY)
    path = store.folder("mnist") / "train_images.uint8"
    data = bytearray(path.read_bytes())
    data[7] ^= 128
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="train_images"):
        load(Mnist(), 0, store, reports.append)


def test_only_the_first_examples_are_taken_where_that_was_asked(store: Store, reports: list[Progress]) -> None:
    examples = load(Mnist(train_examples=3, test_examples=1), 0, store, reports.append)
    np.testing.assert_array_equal(examples.train_inputs, GREY.train_images[:3])
    np.testing.assert_array_equal(examples.train_labels, GREY.train_labels[:3])
    np.testing.assert_array_equal(examples.test_inputs, GREY.test_images[:1])
    np.testing.assert_array_equal(examples.test_labels, GREY.test_labels[:1])


def test_circles_follow_the_seed_and_touch_no_disk(tmp_path: Path, reports: list[Progress]) -> None:
    store = Store(tmp_path / "data")
    one, other = (load(Circles(train_examples=20), seed, store, reports.append) for seed in (1, 2))
    assert one.train_inputs.shape == (20, 2)
    assert one.test_inputs.shape == (200, 2)
    assert not np.array_equal(one.train_inputs, other.train_inputs)
    assert not store.root.exists()


def test_digits_are_the_wheels_own_images_on_the_scale_of_bytes(tmp_path: Path, reports: list[Progress]) -> None:
    from sklearn.datasets import load_digits

    examples = load(Digits(), 0, Store(tmp_path), reports.append)
    original = load_digits()
    assert examples.train_inputs.shape == (1297, 8, 8, 1)
    assert examples.test_inputs.shape == (500, 8, 8, 1)
    np.testing.assert_allclose(examples.train_inputs[..., 0], original.images[:1297] / 16 * 255, atol=0.5)
    np.testing.assert_array_equal(examples.test_labels, original.target[-500:])


def test_digits_are_kept_so_that_later_runs_do_without_scikit_learn(
    tmp_path: Path, reports: list[Progress], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(Digits(), 0, Store(tmp_path), reports.append)
    monkeypatch.delattr(load_module, "digits")
    again = load(Digits(test_examples=5), 0, Store(tmp_path), reports.append)
    assert again.test_inputs.shape == (5, 8, 8, 1)


def test_a_damaged_copy_of_the_digits_is_made_anew(tmp_path: Path, reports: list[Progress]) -> None:
    store = Store(tmp_path)
    load(Digits(), 0, store, reports.append)
    (store.folder("digits") / "train_labels.uint8").write_bytes(bytes(1297))
    load(Digits(), 0, store, reports.append)
    store.verify("digits")


def test_digits_can_be_had_where_nothing_can_be_written(tmp_path: Path, reports: list[Progress]) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    examples = load(Digits(), 0, Store(tmp_path / "data"), reports.append)
    assert examples.train_inputs.shape == (1297, 8, 8, 1)
    assert set(examples.digests) == {"train_images", "train_labels", "test_images", "test_labels"}
