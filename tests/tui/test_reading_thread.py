from __future__ import annotations

from queue import SimpleQueue
from threading import Event

from tests.waiting import PATIENCE, until
from tp1tui.tui.reading_thread import ReadingThread


class Shelf:
    """Readings, one after the other, each of which may be held."""

    def __init__(self, *readings: str | OSError) -> None:
        self.begun: SimpleQueue[int] = SimpleQueue()
        self.handed: SimpleQueue[str | OSError] = SimpleQueue()
        self.free = Event()
        self.free.set()
        self._readings = list(readings)
        self._count = 0
        self.thread = ReadingThread(self._read, self.handed.put)

    def _read(self) -> str:
        self._count += 1
        self.begun.put(self._count)
        assert self.free.wait(PATIENCE)
        reading = self._readings.pop(0)
        if isinstance(reading, OSError):
            raise reading
        return reading

    def read(self) -> None:
        """Ask, and wait until it reads."""
        self.thread.ask()
        self.begun.get(timeout=PATIENCE)


def test_nothing_is_read_before_it_is_asked_for_and_what_changed_is_handed_over_in_order() -> None:
    shelf = Shelf("a", "a", "b")
    assert shelf.begun.empty()
    for _ in range(3):
        shelf.read()
    assert [shelf.handed.get(timeout=PATIENCE) for _ in range(2)] == ["a", "b"]
    shelf.thread.end()


def test_however_often_it_is_asked_while_it_reads_it_reads_once_more() -> None:
    shelf = Shelf("a", "b")
    shelf.free.clear()
    shelf.read()
    for _ in range(5):
        shelf.thread.ask()
    assert shelf.begun.empty()
    shelf.free.set()
    assert [shelf.handed.get(timeout=PATIENCE) for _ in range(2)] == ["a", "b"]
    assert shelf.begun.get(timeout=PATIENCE) == 2
    assert shelf.begun.empty()
    shelf.thread.end()


def test_a_read_that_fails_is_handed_over_and_so_is_the_same_finding_after_it() -> None:
    fault = OSError(5, "Input/output error")
    shelf = Shelf("a", fault, "a")
    found = []
    for _ in range(3):
        shelf.read()
        found.append(shelf.handed.get(timeout=PATIENCE))
    assert found == ["a", fault, "a"]
    shelf.thread.end()


def test_what_is_found_after_the_end_is_handed_to_nobody() -> None:
    shelf = Shelf("a", "b")
    shelf.free.clear()
    shelf.read()
    shelf.thread.end()
    shelf.free.set()
    shelf.thread.ask()
    until(lambda: not shelf.thread.is_alive, "the thread to go")
    assert shelf.handed.empty()
    assert shelf.begun.empty()
