"""A download of the screens' own: how it stands, what it says, and how it is stopped."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.data.conftest import server
from tests.data.server import FileServer
from tests.data.test_fetch import ARCHIVE, CALM, store_of, web_source
from tests.tui.runs import words
from tests.waiting import until
from tp1tui.data.download import Progress
from tp1tui.data.errors import DatasetError
from tp1tui.data.fetch import fetch
from tp1tui.data.store import Store
from tp1tui.tui.fetch_lines import fetch_lines
from tp1tui.tui.fetching import Fetching

__all__ = ["server"]


def from_here(kind: Any, store: Store, report: Any) -> None:
    fetch(kind, store, report, CALM, CALM)


def said(fetching: Fetching, width: int = 76) -> str:
    return " ".join(words(fetch_lines(fetching, width)))


def ended(fetching: Fetching) -> Fetching:
    until(lambda: fetching.state != "running", "the download to end")
    return fetching


def test_a_dataset_comes_into_the_store_and_is_told_to_be_there(server: FileServer, tmp_path: Path) -> None:
    server.serve("a.tar.gz", ARCHIVE)
    fetching = Fetching("cifar10", store_of(tmp_path, web_source(server, "a")), from_here)
    assert "Enter fetches it now" in said(fetching)
    assert not fetching.is_here
    fetching.start()
    assert ended(fetching).state == "done"
    assert fetching.is_here
    assert "whole and checked" in said(fetching)


def test_a_failure_says_why_and_how_to_bring_it_by_hand_and_another_try_goes_on(
    server: FileServer, tmp_path: Path
) -> None:
    server.serve("a.tar.gz", ARCHIVE).cut_after = [100]
    fetching = Fetching("cifar10", store_of(tmp_path, web_source(server, "a")), from_here)
    fetching.start()
    assert ended(fetching).state == "failed"
    text = said(fetching)
    assert "the connection was cut after 100 B; they are kept." in text
    assert "tp1tui data import PATH" in text
    assert "Two ways out" not in text
    assert " B are here; Enter goes on from there" in said(Fetching("cifar10", fetching.store, from_here))
    server.files["/a.tar.gz"].cut_after = []
    fetching.start()
    assert ended(fetching).state == "done"
    assert server.asked[-1].range == "bytes=100-"


def test_it_stops_at_the_next_piece_and_goes_on_later(tmp_path: Path) -> None:
    stopped, told = threading.Event(), threading.Event()

    def piece_by_piece(kind: Any, store: Any, report: Any) -> None:
        report(Progress("downloading it", 500, 1000))
        told.set()
        stopped.wait()
        report(Progress("downloading it", 600, 1000))

    fetching = Fetching("cifar10", Store(tmp_path), piece_by_piece)
    fetching.start()
    told.wait()
    assert fetching.in_short == "CIFAR-10 50% fetched"
    assert " 50%" in said(fetching)
    fetching.stop()
    assert fetching.is_stopping
    assert "Stopping: Downloading it" in said(fetching)
    stopped.set()
    assert ended(fetching).state == "stopped"
    assert fetching.in_short == ""
    assert "Enter goes on from there" in said(fetching)
    fetching.start()
    assert ended(fetching).state == "done"


def test_speed_and_time_left_are_those_of_the_file_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clock = iter([10.0, 12.0, 13.0, 20.0])
    monkeypatch.setattr("tp1tui.tui.fetching.time.monotonic", lambda: next(clock))
    fetching = Fetching("cifar10", Store(tmp_path))
    fetching._told(Progress("one file", 0, 4_000_000))
    assert fetching.seconds_left is None
    fetching._told(Progress("one file", 2_000_000, 4_000_000))
    assert (fetching.speed, fetching.seconds_left) == (1_000_000, 2)
    fetching._told(Progress("another", 0, None))
    assert fetching.speed is None
    fetching._told(Progress("another", 700, None))
    assert (fetching.speed, fetching.seconds_left) == (100, None)


def test_every_line_fits_into_its_width(tmp_path: Path) -> None:
    def fails(kind: Any, store: Any, report: Any) -> None:
        raise DatasetError("MNIST could not be fetched. Tried in this order:\n- a: it is far away\n- b: it is no more")

    fetching = Fetching("mnist", Store(Path("/data")), fails)
    fetching.start()
    ended(fetching)
    for width in (30, 76):
        assert all(len(line) <= width for line in words(fetch_lines(fetching, width)))
