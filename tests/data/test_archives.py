from __future__ import annotations

import gzip
import io
import os
import tarfile
from pathlib import Path

import pytest

from tests.data.small import tar_gz, write
from tp1tui.data import archives
from tp1tui.data.archives import read_members, tar_names
from tp1tui.data.digests import Digest
from tp1tui.data.entry import Member, Packing
from tp1tui.data.errors import DatasetError

PAIR = Packing("the pair", "inside/", (Member("a", "train", "records", 100), Member("b", "test", "records", 100)))
FILES = {"a": b"first", "b": b"second"}


def read(path: Path, packing: Packing = PAIR) -> dict[str, bytes]:
    return {member.name: data for member, data in read_members(path, packing)}


def archive(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(content)
    return path


def test_members_are_read_by_their_exact_names(tmp_path: Path) -> None:
    others = {"../evil": b"x", "/etc/evil": b"x", "inside/../../evil": b"x", "a": b"not inside", "inside/a/": b""}
    path = archive(tmp_path, tar_gz(others | {"inside/a": b"first", "inside/b": b"second"}))
    before = set(tmp_path.rglob("*"))
    assert read(path) == FILES
    assert set(tmp_path.rglob("*")) == before


def test_only_the_first_of_two_with_one_name_counts(tmp_path: Path) -> None:
    first, second = tar_gz({"inside/a": b"first"}), tar_gz({"inside/a": b"other", "inside/b": b"second"})
    joined = gzip.decompress(first).rstrip(b"\0") + bytes(-len(gzip.decompress(first).rstrip(b"\0")) % 512)
    path = archive(tmp_path, gzip.compress(joined + gzip.decompress(second)))
    assert read(path) == FILES


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_member_that_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("inside/a")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(DatasetError, match=r"inside/a in .* is not a plain file"):
        read(archive(tmp_path, buffer.getvalue()))


def test_a_member_larger_than_it_may_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"a in .* is larger than the 100 B that it may have"):
        read(archive(tmp_path, tar_gz({"a": bytes(101), "b": b""}, "inside/")))


def test_an_archive_that_unpacks_to_far_too_much_is_left_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 10_000)
    path = archive(tmp_path, tar_gz({"padding": bytes(20_000), "inside/a": b"", "inside/b": b""}))
    with pytest.raises(DatasetError, match="unpacks to more than 10 kB"):
        read(path)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="lacks b, so it is not the pair, or not all of it"):
        read(archive(tmp_path, tar_gz({"a": b"first"}, "inside/")))
    with pytest.raises(DatasetError, match="lacks a, b"):
        read(write(tmp_path / "empty", {}))


def test_a_member_with_another_digest_is_refused(tmp_path: Path) -> None:
    packing = Packing("one", "", (Member("a", "train", "records", 100, Digest("md5", "0" * 32)),))
    with pytest.raises(DatasetError, match=r"a in .* is damaged: it has not the MD5 it should have"):
        read(write(tmp_path, FILES), packing)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", gzip.compress(b"hello" * 500), bytes(1024)],
    ids=["nothing", "text", "packed text", "zeros"],  # what is packed bears the time at which it was
)
def test_what_is_no_gzipped_tar_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DatasetError, match=r"is not a gzipped tar archive, or it is damaged|lacks a, b"):
        read(archive(tmp_path, content))


def test_an_archive_cut_short_is_told(tmp_path: Path) -> None:
    whole = tar_gz({"a": os.urandom(100), "b": os.urandom(100)}, "inside/")
    for kept in range(0, len(whole) // 2, 9):
        with pytest.raises(DatasetError, match=r"damaged|not all of it"):
            read(archive(tmp_path, whole[:kept]))


def test_a_flipped_byte_in_an_archive_never_passes(tmp_path: Path) -> None:
    whole = bytearray(tar_gz({"a": b"first" * 20, "b": b"second"}, "inside/"))
    whole[40] ^= 255
    with pytest.raises(DatasetError):
        read(archive(tmp_path, bytes(whole)))


def test_a_folder_may_hold_files_raw_or_packed(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"first", "b.gz": gzip.compress(b"second")})
    assert read(tmp_path) == FILES


def test_a_packed_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"first", "b.gz": gzip.compress(bytes(10_000_000))})
    with pytest.raises(DatasetError, match=r"b in .* is larger"):
        read(tmp_path)


@pytest.mark.parametrize("packed", [b"hello", gzip.compress(b"second")[:-9]], ids=["text", "cut short"])
def test_a_packed_file_that_is_damaged_is_told(tmp_path: Path, packed: bytes) -> None:
    write(tmp_path, {"a": b"first", "b.gz": packed})
    with pytest.raises(DatasetError, match=r"b\.gz is damaged"):
        read(tmp_path)


def test_names_come_in_order(tmp_path: Path) -> None:
    assert list(tar_names(archive(tmp_path, tar_gz(FILES, "inside/")))) == ["inside/a", "inside/b"]
