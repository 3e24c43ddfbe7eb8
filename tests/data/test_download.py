from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.server import FileServer
from tests.data.small import md5
from tp1tui.data.digests import Digest
from tp1tui.data.download import Patience, Progress, Wanted, download
from tp1tui.data.errors import DatasetError, SlowSourceError

CONTENT = bytes(range(256)) * 1000
CALM = Patience(connect_s=5, read_s=5, floor=0, window_s=60, total_s=60, attempts=1)
TIRELESS = replace(CALM, attempts=5)
IMPATIENT = replace(CALM, floor=1e15, window_s=0)


def wanted(server: FileServer, name: str = "file", digest: Digest | None = None, limit: int = 1_000_000) -> Wanted:
    return Wanted(server.url(name), "downloading", digest or md5(CONTENT), limit)


def get(file: Wanted, place: Path, patience: Patience = CALM) -> None:
    download(file, place, patience, lambda progress: None)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "file"


def test_a_file_arrives_whole_and_nothing_else_stays_beside_it(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT)
    get(wanted(server), place)
    assert place.read_bytes() == CONTENT
    assert list(place.parent.iterdir()) == [place]
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_progress_grows_to_the_whole(server: FileServer, place: Path, reports: list[Progress]) -> None:
    server.serve("file", CONTENT)
    download(wanted(server), place, CALM, reports.append)
    done = [progress.done for progress in reports]
    assert done == sorted(done)
    assert reports[-1] == Progress("downloading", len(CONTENT), len(CONTENT))


def test_a_cut_download_goes_on_the_next_time_and_only_the_rest_is_sent(
    server: FileServer, place: Path, reports: list[Progress]
) -> None:
    server.serve("file", CONTENT).cut_after = [100_000]
    with pytest.raises(DatasetError, match="the connection was cut after 100 kB; they are kept"):
        get(wanted(server), place)
    assert not place.exists()
    download(wanted(server), place, CALM, reports.append)
    assert place.read_bytes() == CONTENT
    assert server.asked[1].range == "bytes=100000-"
    assert server.asked[1].sent == len(CONTENT) - 100_000
    assert reports[0].done > 100_000
    assert reports[-1].total == len(CONTENT)


def test_a_cut_connection_is_taken_up_again_at_once(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT).cut_after = [100_000, 50_000]
    get(wanted(server), place, TIRELESS)
    assert place.read_bytes() == CONTENT
    assert [asked.range for asked in server.asked] == [None, "bytes=100000-", "bytes=150000-"]


def test_connections_that_bring_nothing_are_not_tried_for_ever(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT).cut_after = [100_000, *[0] * 20]
    with pytest.raises(DatasetError, match="cut"):
        get(wanted(server), place, TIRELESS)
    assert len(server.asked) == 2


def test_a_server_without_ranges_sends_it_all_again(server: FileServer, place: Path) -> None:
    served = server.serve("file", CONTENT)
    served.ranges, served.cut_after = False, [100_000]
    get(wanted(server), place, TIRELESS)
    assert place.read_bytes() == CONTENT
    assert server.asked[1].sent == len(CONTENT)


def test_a_file_that_changed_on_the_server_is_not_joined_to_the_old_beginning(server: FileServer, place: Path) -> None:
    old = bytes(len(CONTENT))
    server.serve("file", old).cut_after = [100_000]
    with pytest.raises(DatasetError):
        get(wanted(server, digest=md5(old)), place)
    server.serve("file", CONTENT).etag = '"second"'
    get(wanted(server), place)
    assert place.read_bytes() == CONTENT
    assert [asked.sent for asked in server.asked] == [100_000, len(CONTENT)]


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_where_the_version_is_not_known_the_digest_tells_a_false_beginning(
    server: FileServer, place: Path, etag: str | None
) -> None:
    old = server.serve("file", bytes(len(CONTENT)))
    old.etag, old.cut_after = etag, [100_000]
    with pytest.raises(DatasetError):
        get(wanted(server), place)
    server.serve("file", CONTENT).etag = etag
    get(wanted(server), place)
    assert place.read_bytes() == CONTENT
    assert [asked.range for asked in server.asked] == [None, "bytes=100000-", None]


def test_a_beginning_from_another_address_is_not_gone_on_from(server: FileServer, place: Path) -> None:
    server.serve("elsewhere", CONTENT).cut_after = [100_000]
    server.serve("file", CONTENT)
    with pytest.raises(DatasetError):
        get(wanted(server, "elsewhere"), place)
    get(wanted(server), place)
    assert server.asked[1].range is None


def test_a_whole_part_that_was_never_renamed_is_not_sent_again(server: FileServer, place: Path) -> None:
    served = server.serve("file", CONTENT)
    served.cut_after, served.says_length = [100_000], True
    with pytest.raises(DatasetError):
        get(wanted(server), place)
    place.with_name("file.part").write_bytes(CONTENT)
    get(wanted(server), place)
    assert place.read_bytes() == CONTENT
    assert server.asked[-1].sent == 0


def test_a_file_that_is_there_already_is_not_asked_for(server: FileServer, place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(CONTENT)
    get(wanted(server), place)
    assert not server.asked


def test_a_wrong_digest_is_refused_and_nothing_is_left(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT[:-1] + b"x")
    with pytest.raises(DatasetError, match="has not the MD5 it should have"):
        get(wanted(server), place)
    assert list(place.parent.iterdir()) == []


def test_an_empty_answer_is_not_a_file(server: FileServer, place: Path) -> None:
    server.serve("file", b"")
    with pytest.raises(DatasetError, match="MD5"):
        get(wanted(server), place)


def test_a_slow_source_is_left_and_what_it_sent_is_kept(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT)
    with pytest.raises(SlowSourceError, match="it is slow"):
        get(wanted(server), place, IMPATIENT)
    assert place.with_name("file.part").stat().st_size > 0


def test_a_source_that_takes_too_long_in_all_is_left(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT)
    with pytest.raises(SlowSourceError, match=r"did not come within 0\.0 s"):
        get(wanted(server), place, replace(CALM, total_s=0))


def test_a_source_that_falls_silent_is_left(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT).gate = threading.Event()
    with pytest.raises(DatasetError, match="it sent nothing for"):
        get(wanted(server), place, replace(CALM, read_s=0.05))


@pytest.mark.parametrize("says_length", [True, False])
def test_a_file_larger_than_it_may_be_is_refused(server: FileServer, place: Path, says_length: bool) -> None:
    server.serve("file", CONTENT).says_length = says_length
    with pytest.raises(DatasetError, match="larger than 100 kB"):
        get(wanted(server, limit=100_000), place)
    assert not place.exists()


def test_an_error_page_is_told_by_its_number(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT).status = 503
    with pytest.raises(DatasetError, match="it answered 503 Service Unavailable"):
        get(wanted(server), place)


def test_a_server_that_is_not_there_is_told(server: FileServer, place: Path) -> None:
    gone = Wanted("http://127.0.0.1:9/file", "downloading", md5(CONTENT), 1_000_000)
    with pytest.raises(DatasetError, match="it could not be reached"):
        get(gone, place)


def test_plain_http_is_refused_from_other_machines(place: Path) -> None:
    plain = Wanted("http://example.org/file", "downloading", md5(CONTENT), 1_000_000)
    with pytest.raises(DatasetError, match="not HTTPS"):
        get(plain, place)


def test_a_redirect_to_plain_http_is_refused(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT).location = "http://example.org/file"
    with pytest.raises(DatasetError, match="not HTTPS"):
        get(wanted(server), place)


def test_a_redirect_is_followed(server: FileServer, place: Path) -> None:
    server.serve("file", CONTENT).location = server.url("moved")
    server.serve("moved", CONTENT)
    get(wanted(server), place)
    assert place.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("SSL_CERT_FILE", "/nowhere/certificates.pem", r"SSL_CERT_FILE or SSL_CERT_DIR .* cannot be read \("),
        ("HTTPS_PROXY", "nonsense://proxy:1", r"the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used \("),
    ],
)
def test_network_settings_that_cannot_be_used_are_named(
    server: FileServer, place: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, why: str
) -> None:
    server.serve("file", CONTENT)
    monkeypatch.setenv(variable, value)
    with pytest.raises(DatasetError, match=why):
        get(wanted(server), place)


def test_an_address_that_is_none_is_told(place: Path) -> None:
    with pytest.raises(DatasetError, match="its address /nonsense is not HTTPS"):
        get(Wanted("nonsense", "downloading", md5(CONTENT), 1_000_000), place)
