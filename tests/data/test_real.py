from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tp1tui.data.errors import DatasetError
from tp1tui.data.store import Store
from tp1tui.spec.dataset import FACTS

pytestmark = pytest.mark.real_data


def test_cifar10_is_what_its_authors_published(real_cifar10: Store) -> None:
    arrays, digests = real_cifar10.open_verified("cifar10")
    assert arrays.train_images.shape == (50_000, 32, 32, 3)
    assert np.bincount(arrays.train_labels).tolist() == [5_000] * 10
    assert np.bincount(arrays.test_labels).tolist() == [1_000] * 10
    assert digests["train_images"] == "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a"
    # The mean that the subject standardizes with; red, green and blue in this order.
    np.testing.assert_allclose(arrays.train_images.mean(axis=(0, 1, 2)) / 255, [0.491, 0.482, 0.447], atol=1e-3)


def test_the_first_images_of_cifar10_are_a_frog_and_a_truck(real_cifar10: Store) -> None:
    labels = real_cifar10.open("cifar10").train_labels[:2]
    assert [FACTS["cifar10"].class_names[label] for label in labels] == ["frog", "truck"]


def test_mnist_is_what_its_authors_published(real_mnist: Store) -> None:
    arrays = real_mnist.open_verified("mnist")[0]
    assert arrays.train_images.shape == (60_000, 28, 28, 1)
    assert arrays.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert arrays.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
    np.testing.assert_allclose(arrays.train_images.mean() / 255, 0.1307, atol=1e-4)


def test_one_changed_byte_of_the_real_cifar10_is_noticed(real_cifar10: Store, tmp_path: Path) -> None:
    copy = Store(tmp_path)
    copy.folder("cifar10").mkdir()
    for path in real_cifar10.folder("cifar10").iterdir():
        (copy.folder("cifar10") / path.name).symlink_to(path)
    labels = copy.folder("cifar10") / "train_labels.uint8"
    data = bytearray(labels.read_bytes())
    data[25_000] ^= 1
    labels.unlink()
    labels.write_bytes(data)
    with pytest.raises(DatasetError, match="train_labels: its bytes have changed"):
        copy.open_verified("cifar10")
