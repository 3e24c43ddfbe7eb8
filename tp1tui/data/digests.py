"""Digests: what tells the right bytes from others."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import numpy.typing as npt

Algorithm = Literal["md5", "sha1", "sha256", "sha512"]


@dataclass(frozen=True)
class Digest:
    """The digest that some bytes must have."""

    algorithm: Algorithm
    hex: str

    @classmethod
    def from_integrity(cls, text: str) -> Digest | None:
        """Read a subresource integrity string such as `sha512-<base64>`; None when it is of no kind we know."""
        for entry in text.split():
            name, _, encoded = entry.partition("-")
            for algorithm in get_args(Algorithm):
                if name == algorithm:
                    try:
                        return cls(algorithm, base64.b64decode(encoded.partition("?")[0], validate=True).hex())
                    except binascii.Error:
                        return None
        return None

    @property
    def label(self) -> str:
        """What people call it, such as SHA-256."""
        return {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}[self.algorithm]

    def fits(self, path: Path) -> bool:
        """Whether a file's bytes have this digest."""
        with path.open("rb") as file:
            return hashlib.file_digest(file, self._start).hexdigest() == self.hex

    def fits_bytes(self, data: bytes) -> bool:
        """Whether bytes in memory have this digest."""
        return self._start(data).hexdigest() == self.hex

    def _start(self, data: bytes = b"") -> hashlib._Hash:
        # MD5 serves here to notice damage; machines that forbid it for security must still let it pass.
        return hashlib.new(self.algorithm, data, usedforsecurity=False)


def sha256_of(array: npt.NDArray[Any]) -> str:
    """SHA-256 of an array's bytes in C order, as 64 hex digits."""
    import numpy as np

    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
