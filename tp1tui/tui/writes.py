"""What keys write: in a thread, one deed after the other, so that a disk that does not answer holds up no key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar

from textual.app import App

from tp1tui.tui import silent_disk
from tp1tui.tui.sentences import sentence_of

Done = TypeVar("Done")


@dataclass(eq=False)
class Asked:
    """Something that is to be written, or was."""

    doing: str
    """What is done: "pausing"."""
    is_over: Event = field(default_factory=Event)
    error: Exception | None = None
    """Why it could not be done; None while nobody knows."""
    is_told: bool = False
    """Whether it was said that it waits."""


class Writes:
    """All that the screens of an app write, in the order in which it was asked for, whichever screen is left meanwhile.

    One thread does it. Neither a screen nor the program waits for that, but for a moment when the app is left.
    """

    def __init__(self, app: App[Any]) -> None:
        """Prepare to write.

        Args:
            app: Says what goes wrong, and what waits.
        """
        self._app = app
        self._unwritten: list[Asked] = []
        self._runs: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._thread: Thread | None = None

    def ask(
        self,
        doing: str,
        deed: Callable[[], Done],
        then: Callable[[Done], object] = lambda _: None,
        failed: Callable[[], object] = lambda: None,
        title: str = "",
    ) -> None:
        """Do something once all is done that was asked for before.

        Args:
            doing: What it is, for a sentence on what waits: "pausing".
            deed: Called in the thread. What it raises is said where a person can do something about it; all else ends
                the app, as it does in a key's action.
            then: Told in the app's thread what the deed has returned.
            failed: Called there instead where it has failed.
            title: Over what is said then.
        """
        asked = Asked(doing)
        self._unwritten.append(asked)
        timer = self._app.set_timer(silent_disk.TOLD_AFTER, self._tell_what_waits)

        def over(follow: Callable[[], object]) -> None:
            timer.stop()
            self._unwritten.remove(asked)
            follow()
            if asked.is_told and not asked.error and not self._unwritten:
                self._app.notify(silent_disk.ANSWERS_AGAIN)

        def run() -> None:
            try:
                follow: Callable[[], object] = _bound(then, deed())
            except Exception as error:  # handed over as it is
                asked.error = error
                follow = _bound(self._has_failed, error, failed, title)
            asked.is_over.set()
            with suppress(RuntimeError):  # the app has ended
                self._app.call_later(over, follow)

        self._runs.put(_bound(copy_context().run, run))
        if self._thread is None:
            self._thread = Thread(target=self._run, name="writing", daemon=True)
            self._thread.start()

    @property
    def wait(self) -> bool:
        """Whether anything is not done yet that was asked for, or its outcome not told."""
        return bool(self._unwritten)

    async def settle(self, seconds: float) -> None:
        """Wait until all is written that was asked for, so many seconds at most."""
        if self._unwritten:
            await asyncio.get_running_loop().run_in_executor(None, self._unwritten[-1].is_over.wait, seconds)

    @property
    def left_behind(self) -> list[str]:
        """Once the app has ended: sentences on what was not written, or may not have been."""
        waiting = ", ".join(asked.doing for asked in self._unwritten if not asked.is_over.is_set())
        faults = [sentence_of(asked.error) or str(asked.error) for asked in self._unwritten if asked.error]
        return [*faults, *([f"The disk did not answer, so this may not have been done: {waiting}."] if waiting else [])]

    def _run(self) -> None:
        while True:
            self._runs.get()()

    def _tell_what_waits(self) -> None:
        if all(asked.is_told for asked in self._unwritten):
            return
        for asked in self._unwritten:
            asked.is_told = True
        waiting = ", ".join(asked.doing for asked in self._unwritten)
        self._app.notify(silent_disk.not_done_yet(waiting), title="The disk", severity="warning", timeout=15)

    def _has_failed(self, error: Exception, failed: Callable[[], object], title: str) -> None:
        failed()
        sentence = sentence_of(error)
        if sentence is None:
            raise error
        self._app.notify(sentence, title=title, severity="error", timeout=15)


def _bound(call: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return lambda: call(*arguments)
