"""A download that goes on in a thread of its own, whatever screen is on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Literal

from tp1tui.spec.dataset import FACTS, DatasetKind

if TYPE_CHECKING:
    from tp1tui.data.download import Progress, Report
    from tp1tui.data.store import Store

State = Literal["waiting", "running", "stopped", "failed", "done"]
WINDOW = 8.0
"""Seconds over which the speed is measured: a download comes in gusts."""

Fetch = Callable[[DatasetKind, "Store", "Report"], None]


class _Stopped(Exception):  # noqa: N818 - what a person asked for, not a fault
    """Thrown through the download where it tells of its progress."""


def _from_the_network(kind: DatasetKind, store: Store, report: Report) -> None:
    """Imported late: a client for the web, which the first screens can do without."""
    from tp1tui.data.fetch import fetch

    fetch(kind, store, report)


class Fetching:
    """One dataset on its way into the store. Asked by the screens, told by its thread."""

    def __init__(self, kind: DatasetKind, store: Store, fetch: Fetch = _from_the_network) -> None:
        """Prepare; nothing is fetched yet.

        Args:
            kind: Which dataset.
            store: Where to.
            fetch: What brings it.
        """
        self.kind = kind
        self.store = store
        self.state: State = "waiting"
        self.progress: Progress | None = None
        self.problem = ""
        """Why it failed, in sentences."""
        self._fetch = fetch
        self._stop = False
        self._seen: deque[tuple[float, int]] = deque()

    def start(self) -> None:
        """Begin, or go on from what came before; nothing where it is under way."""
        if self.state in ("running", "done"):
            return
        self.state, self.problem, self.progress, self._stop = "running", "", None, False
        self._seen.clear()
        # A daemon, so that leaving the program does not wait for a server; what came is kept and gone on from.
        Thread(target=self._run, name=f"fetch {self.kind}", daemon=True).start()

    def stop(self) -> None:
        """Give up at the next piece that arrives. What came is kept."""
        self._stop = True

    @property
    def is_here(self) -> bool:
        """Whether there is nothing to fetch, by a look at names and sizes only."""
        return self.store.status(self.kind).state == "ready"

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop, and has not yet."""
        return self._stop and self.state == "running"

    @property
    def speed(self) -> float | None:
        """Bytes a second, of late; None where that is not known."""
        seen = tuple(self._seen)
        if len(seen) < 2 or seen[-1][0] <= seen[0][0]:
            return None
        return (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])

    @property
    def seconds_left(self) -> float | None:
        """Until the file at hand is whole, if it goes on so; None where nothing tells."""
        progress, speed = self.progress, self.speed
        if progress is None or not progress.total or not speed:
            return None
        return (progress.total - progress.done) / speed

    @property
    def in_short(self) -> str:
        """How it stands, for a line with other news; empty unless it is under way."""
        if self.state != "running":
            return ""
        progress, title = self.progress, FACTS[self.kind].title
        if progress is None or not progress.total:
            return f"fetching {title}"
        return f"{title} {progress.done / progress.total:.0%} fetched"

    def _run(self) -> None:
        from tp1tui.data.errors import DatasetError

        try:
            self._fetch(self.kind, self.store, self._told)
        except _Stopped:
            self.state = "stopped"
        except (DatasetError, OSError) as error:
            self.problem = str(error)
            self.state = "failed"
        else:
            self.state = "done"

    def _told(self, progress: Progress) -> None:
        if self._stop:
            raise _Stopped
        before, now = self.progress, time.monotonic()
        if before is None or before.what != progress.what or progress.done < before.done:
            self._seen.clear()
        self._seen.append((now, progress.done))
        while self._seen[0][0] < now - WINDOW:
            self._seen.popleft()
        self.progress = progress
