"""Downloads a file over HTTPS: goes on where it was cut, leaves what is too slow, and checks before it renames."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tp1tui.data.digests import Digest
from tp1tui.data.errors import DatasetError, SlowSourceError
from tp1tui.data.part import Part
from tp1tui.spec import numbers

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class Progress:
    """How far something has come."""

    what: str
    """For the screen: what is being done."""
    done: int
    """Bytes."""
    total: int | None
    """Bytes, None while that is not known."""


Report = Callable[[Progress], None]
"""Told of every piece that arrives, many a second: whoever draws or journals them thins them out."""


@dataclass(frozen=True)
class Wanted:
    """A file to download."""

    url: str
    what: str
    """For the screen."""
    digest: Digest
    limit: int
    """The most bytes it may have."""


@dataclass(frozen=True)
class Patience:
    """How long a source may take."""

    connect_s: float
    """To answer."""
    read_s: float
    """To send nothing."""
    floor: float
    """Bytes a second below which a source is left."""
    window_s: float
    """Over which the floor is measured."""
    total_s: float
    """For one file."""
    attempts: int
    """Connections in a row that may be cut; one that brought nothing is the last."""


def download(wanted: Wanted, place: Path, patience: Patience, report: Report) -> None:
    """Bring a file to its place, whole and checked; what an earlier attempt left beside it is gone on from.

    Args:
        wanted: What, and how to know it.
        place: Where it will be. Until it is whole and checked, it grows in `<place>.part`.
        patience: How long it may take.
        report: Told of every piece.

    Raises:
        SlowSourceError: It would come, but too slowly; what came is kept.
        DatasetError: It cannot be had, is too large, or has not its digest. What a cut connection brought is kept;
            a file that has not its digest is not.
        OSError: It cannot be written here.
    """
    if place.exists() and wanted.digest.fits(place):
        return
    part = Part(place)
    while True:
        continued = part.size > 0
        _complete(part, wanted, patience, report)
        if part.size and wanted.digest.fits(part.path):
            part.finish()
            return
        part.discard()
        if not continued:
            raise DatasetError(f"what it sent has not the {wanted.digest.label} it should have, and was thrown away.")
        # Its beginning may have been another version's: once more, from the start.


def _complete(part: Part, wanted: Wanted, patience: Patience, report: Report) -> None:
    """Receive until the server has nothing more to send."""
    import httpx

    left = patience.attempts
    pace = _Pace(patience)
    with _client(patience) as client:
        while True:
            before = part.size
            try:
                with client.stream("GET", wanted.url, headers=part.range_headers(wanted.url)) as response:
                    return _receive(response, part, wanted, pace, report)
            except httpx.TransportError as error:
                left -= 1
                if left < 1 or part.size <= before:
                    raise DatasetError(_reason(error, part, patience)) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise DatasetError(f"it cannot be read ({error}).") from error


def _client(patience: Patience) -> httpx.Client:
    """A client that obeys the usual proxy and certificate settings, and leaves HTTPS for this very machine only."""
    import httpx

    def refuse_plain_http(request: httpx.Request) -> None:
        if request.url.scheme != "https" and request.url.host not in ("127.0.0.1", "localhost", "::1"):
            raise DatasetError(
                f"its address {request.url} is not HTTPS, so anyone on the way could change what it sends."
            )

    timeout = httpx.Timeout(patience.read_s, connect=patience.connect_s)
    # Identity: ranges and digests are about the file's own bytes, not a compressed form of them.
    headers = {"Accept-Encoding": "identity", "User-Agent": "tp1tui"}
    hooks = {"request": [refuse_plain_http]}
    try:
        return httpx.Client(timeout=timeout, headers=headers, event_hooks=hooks, follow_redirects=True)
    except OSError as error:
        raise DatasetError(
            f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read ({error.strerror or error})."
        ) from error
    except (ValueError, ImportError) as error:
        raise DatasetError(f"the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used ({error}).") from error


def _receive(response: httpx.Response, part: Part, wanted: Wanted, pace: _Pace, report: Report) -> None:
    if response.status_code == 416 and part.size:
        return  # nothing lies beyond what is here: the digest will tell whether it is the file
    if response.status_code not in (200, 206):
        raise DatasetError(f"it answered {response.status_code} {response.reason_phrase}.".replace(" .", "."))
    if response.status_code == 200:
        part.start_over(wanted.url, _version(response))
    elif _range_start(response) != part.size:
        raise DatasetError("it sent another stretch of the file than it was asked for.")
    done = part.size
    length = response.headers.get("Content-Length", "")
    total = done + int(length) if length.isdecimal() else None
    if (total or 0) > wanted.limit:
        raise _too_large(wanted)
    with part.path.open("ab") as file:
        for chunk in response.iter_raw():
            done += len(chunk)
            if done > wanted.limit:
                raise _too_large(wanted)
            file.write(chunk)
            report(Progress(wanted.what, done, total))
            pace.received(len(chunk))


class _Pace:
    """Watches how fast a file comes."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._since_start = self._since_mark = time.monotonic()
        self._bytes = 0

    def received(self, size: int) -> None:
        """Note a piece.

        Raises:
            SlowSourceError: The source is below the floor, or out of time.
        """
        self._bytes += size
        now = time.monotonic()
        seconds = now - self._since_mark
        if seconds >= self._patience.window_s:
            if self._bytes < self._patience.floor * seconds:
                rate, least = numbers.size(int(self._bytes / seconds)), numbers.size(int(self._patience.floor))
                raise SlowSourceError(f"it is slow ({rate} a second; {least} is the least).")
            self._since_mark, self._bytes = now, 0
        if now - self._since_start > self._patience.total_s:
            raise SlowSourceError(f"it did not come within {numbers.duration(self._patience.total_s)}.")


def _too_large(wanted: Wanted) -> DatasetError:
    return DatasetError(f"what it sends is larger than {numbers.size(wanted.limit)}, so it is not the file.")


def _version(response: httpx.Response) -> str | None:
    """What names this very version of the file in `If-Range`; weak tags may not."""
    tag: str | None = response.headers.get("ETag")
    if tag and not tag.startswith("W/"):
        return tag
    modified: str | None = response.headers.get("Last-Modified")
    return modified


def _range_start(response: httpx.Response) -> int | None:
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _reason(error: httpx.TransportError, part: Part, patience: Patience) -> str:
    import httpx

    text = re.sub(r"^\[.*?\] ", "", str(error))
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return f"it did not answer within {numbers.duration(patience.connect_s)}."
        case httpx.TimeoutException():
            return f"it sent nothing for {numbers.duration(patience.read_s)}."
        case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return (
                "its certificate is not trusted here; "
                "where a network has its own authority, SSL_CERT_FILE must name the file of its certificates."
            )
        case httpx.ConnectError():
            return f"it could not be reached ({text})."
        case httpx.ReadError() | httpx.RemoteProtocolError() if part.size:
            return f"the connection was cut after {numbers.size(part.size)}; they are kept."
    return f"the connection failed ({text or type(error).__name__})."
