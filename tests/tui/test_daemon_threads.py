from __future__ import annotations

import asyncio
from threading import Barrier, Event, Thread, current_thread

import pytest

from tests.tui.bench_lab import at_home, lab
from tests.waiting import PATIENCE, until
from tp1tui.tui.daemon_threads import DaemonThreads

__all__ = ["at_home"]
MANY = 64
"""More than an event loop's own threads are."""


async def test_each_call_has_a_thread_of_its_own_and_gives_back_what_it_returns_or_raises() -> None:
    loop, together = asyncio.get_running_loop(), Barrier(MANY)
    loop.set_default_executor(DaemonThreads())
    places = await asyncio.gather(*(loop.run_in_executor(None, together.wait, PATIENCE) for _ in range(MANY)))
    assert sorted(places) == list(range(MANY))
    with pytest.raises(ZeroDivisionError):
        await loop.run_in_executor(None, divmod, 1, 0)


def test_an_event_loop_ends_while_one_of_its_threads_still_waits() -> None:
    begun, free = Event(), Event()

    async def leaves_one_behind() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(DaemonThreads())
        loop.run_in_executor(None, lambda: (begun.set(), free.wait(PATIENCE)))
        while not begun.is_set():
            await asyncio.sleep(0)

    thread = Thread(target=asyncio.run, args=(leaves_one_behind(),), daemon=True)
    thread.start()
    until(lambda: begun.is_set() and not thread.is_alive(), "the event loop to end")
    assert not free.is_set()
    free.set()


@pytest.mark.usefixtures("at_home")
async def test_the_app_s_threads_are_such() -> None:
    async with lab().run_test():
        loop = asyncio.get_running_loop()
        assert await loop.run_in_executor(None, lambda: current_thread().daemon)
