"""A disk that answers when it is let to, and who asked it."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import pytest

from tp1tui.journal import commands, csv_files, labels
from tp1tui.journal.atomic import replacing
from tp1tui.journal.fetch import Fetched, Fetcher


class SlowDisk:
    """Looks at runs' folders, and what is written in them, wait from `stall` on, until `answer`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.under_way = 0
        """Looks that wait."""
        self.most = 0
        """As many as ever waited at the same time."""
        self.looks = 0
        """Looks that were begun."""
        self._answers, self._look = threading.Event(), Fetcher.run
        self._keys = threading.get_ident()
        self._answers.set()
        self.answers_with: OSError | None = None
        """To whoever writes; None where the disk writes what it is to."""
        self.writing = 0
        """Files that were to be written, and wait."""
        monkeypatch.setattr(Fetcher, "run", lambda fetcher: self._wait(fetcher))
        for module in (commands, csv_files, labels):
            monkeypatch.setattr(module, "replacing", self._replacing)

    def stall(self) -> None:
        """Answer nobody."""
        self._answers.clear()

    def stall_and_refuse(self) -> None:
        """Wait from now on, and once it answers have no room for what is to be written."""
        self.answers_with = OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
        self.stall()

    def answer(self) -> None:
        """Answer those who wait, and all others."""
        self._answers.set()

    def wait(self) -> None:
        """What whoever writes does, until it answers."""
        self.writing += 1
        self._await_answer()
        self.writing -= 1

    def _await_answer(self) -> None:
        if not self._answers.is_set() and threading.get_ident() == self._keys:
            raise AssertionError("the thread of the keys waits for the disk")
        self._answers.wait()

    def _replacing(self, path: Path) -> AbstractContextManager[IO[str]]:
        self.wait()
        if self.answers_with:
            raise self.answers_with
        return replacing(path)

    def _wait(self, fetcher: Fetcher) -> Fetched:
        self.looks += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            self._await_answer()
            return self._look(fetcher)
        finally:
            self.under_way -= 1


def asked_here(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """What of a folder is asked of the disk by this thread from now on."""
    asked: list[str] = []
    here = threading.get_ident()

    def noting(call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(path: Any, *arguments: Any, **options: Any) -> Any:
            if threading.get_ident() == here and str(path).startswith(str(folder)):
                asked.append(f"{call.__name__} {path}")
            return call(path, *arguments, **options)

        return noted

    for name in ("stat", "lstat", "open", "scandir", "listdir"):
        monkeypatch.setattr(os, name, noting(getattr(os, name)))
    return asked
