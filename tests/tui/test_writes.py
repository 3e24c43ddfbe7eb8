"""What keys write: in its order, in a thread, and told where it fails or does not end."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from textual.app import App

from tests.tui.lab import until
from tests.waiting import PATIENCE
from tp1tui.journal.commands import CommandError
from tp1tui.tui import silent_disk
from tp1tui.tui.writes import Writes


class Desk(App[None]):
    """An app of which things can be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = Writes(self)
        self.free = Event()
        self.begun = Event()

    def wait(self) -> None:
        """What a disk does that does not answer."""
        self.begun.set()
        assert self.free.wait(PATIENCE)

    @property
    def said(self) -> list[str]:
        return [notice.message for notice in self._notifications]


async def test_all_is_done_in_the_order_in_which_it_was_asked_for_and_told_in_the_app_s_thread() -> None:
    app, done, told = Desk(), [], []
    async with app.run_test() as pilot:
        app.writes.ask("waiting", app.wait)
        for number in range(20):
            app.writes.ask("counting", lambda number=number: done.append(number), lambda _: told.append(len(done)))  # type: ignore[misc]
        await until(pilot, app.begun.is_set)
        assert done == []
        app.free.set()
        await until(pilot, lambda: len(told) == 20)
        assert done == list(range(20))
        assert not app.writes.wait


async def test_what_fails_is_said_and_what_was_asked_for_after_it_is_done() -> None:
    def fails() -> None:
        raise CommandError("The run cannot be given a command.")

    app, outcomes = Desk(), []
    async with app.run_test() as pilot:
        app.writes.ask("pausing", fails, lambda _: outcomes.append("done"), lambda: outcomes.append("failed"))
        app.writes.ask("stopping", lambda: None, lambda _: outcomes.append("done"))
        await until(pilot, lambda: len(outcomes) == 2)
        assert outcomes == ["failed", "done"]
        assert app.said == ["The run cannot be given a command."]


async def test_a_file_that_cannot_be_used_is_named_in_a_sentence() -> None:
    def fails() -> None:
        raise OSError(30, "Read-only file system", "/runs/labels.toml")

    app = Desk()
    async with app.run_test() as pilot:
        app.writes.ask("writing labels", fails)
        await until(pilot, lambda: app.said)
        assert app.said == ["/runs/labels.toml cannot be used: Read-only file system."]


async def test_an_error_of_the_program_s_own_ends_it_as_in_any_key() -> None:
    app = Desk()

    async def divide() -> None:
        async with app.run_test() as pilot:
            app.writes.ask("dividing", lambda: divmod(1, 0))
            await until(pilot, lambda: app._exception)

    with pytest.raises(ZeroDivisionError):
        await divide()


async def test_what_does_not_end_is_said_once_and_when_it_does_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silent_disk, "TOLD_AFTER", 0.01)
    app = Desk()
    async with app.run_test() as pilot:
        app.writes.ask("pausing", app.wait)
        app.writes.ask("pinning", lambda: None)
        await until(pilot, lambda: app.said)
        assert "not done yet: pausing, pinning." in app.said[0]
        app.free.set()
        await until(pilot, lambda: len(app.said) > 1)
        assert app.said[1:] == ["The disk answers again. What waited is written."]


async def test_the_app_s_end_waits_a_moment_only_and_what_is_left_is_told() -> None:
    def fails() -> None:
        raise OSError(30, "Read-only file system")

    app, done = Desk(), []
    async with app.run_test() as pilot:
        app.writes.ask("counting", lambda: done.append(1))
        await app.writes.settle(PATIENCE)
        assert done == [1]
        await until(pilot, lambda: not app.writes.wait)
        assert app.writes.left_behind == []
        app.call_later = _never  # type: ignore[method-assign]
        app.writes.ask("writing", fails)
        app.writes.ask("pausing", app.wait)
        app.writes.ask("stopping", app.wait)
        await until(pilot, app.begun.is_set)
        await app.writes.settle(0.01)
    assert app.writes.left_behind == [
        "A file cannot be used: Read-only file system.",
        "The disk did not answer, so this may not have been done: pausing, stopping.",
    ]
    app.free.set()


def _never(*_: Any) -> bool:
    """An app that has ended takes nothing in any more."""
    return False
