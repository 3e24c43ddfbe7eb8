"""A small web server on this machine that can be told to misbehave."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """One file, and how it is served."""

    content: bytes
    etag: str | None = '"first"'
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    """For each answer to come: how many bytes are sent before the connection is cut."""
    says_length: bool = True
    status: int = 200
    location: str | None = None
    gate: threading.Event | None = None
    """Awaited before anything is sent."""


@dataclass(frozen=True)
class Asked:
    """One request, and what was sent for it."""

    path: str
    range: str | None
    sent: int


class FileServer:
    """Serves `files` by path; `asked` tells what was asked for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.files: dict[str, Served] = {}
        self.asked: list[Asked] = []
        self.arrived = threading.Event()
        """Set by the first request."""

    def serve(self, name: str, content: bytes) -> Served:
        """Serve a file as a good server does, until told otherwise."""
        self.files[f"/{name}"] = Served(content)
        return self.files[f"/{name}"]

    def url(self, name: str) -> str:
        return f"{self.address}/{name}"


@contextmanager
def file_server() -> Iterator[FileServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(self, files)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        files = FileServer(f"http://127.0.0.1:{http.server_port}")
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield files
        finally:
            for served in files.files.values():
                if served.gate:
                    served.gate.set()
            http.shutdown()
            thread.join()


def _answer(request: BaseHTTPRequestHandler, server: FileServer) -> None:
    request.close_connection = True
    served = server.files.get(request.path, Served(b"", status=404))
    asked = request.headers.get("Range")
    server.arrived.set()
    if served.gate:
        served.gate.wait()
    body, status, extra = _body(served, asked, request.headers.get("If-Range"))
    cut = served.cut_after.pop(0) if served.cut_after else len(body)
    server.asked.append(Asked(request.path, asked, min(cut, len(body))))
    request.send_response(status)
    for name, value in extra.items():
        request.send_header(name, value)
    if served.says_length:
        request.send_header("Content-Length", str(len(body)))
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(body[:cut])


def _body(served: Served, asked: str | None, if_range: str | None) -> tuple[bytes, int, dict[str, str]]:
    """What is sent, with which status and headers."""
    headers = {"ETag": served.etag} if served.etag else {}
    if served.location:
        return b"", 302, {"Location": served.location}
    if served.status != 200:
        return b"a page that says sorry", served.status, {}
    match = re.fullmatch(r"bytes=(\d+)-", asked or "")
    if not match or not served.ranges or (if_range and if_range != served.etag):
        return served.content, 200, headers
    start, size = int(match[1]), len(served.content)
    if start >= size:
        return b"", 416, {"Content-Range": f"bytes */{size}"}
    return served.content[start:], 206, {**headers, "Content-Range": f"bytes {start}-{size - 1}/{size}"}
