"""The process that draws training images, seen from the screen: asked at any time, it answers the latest."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tp1tui.spec.experiment import Experiment
from tp1tui.spec.results import Grid

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one answer."""
COMMAND = (sys.executable, "-P", "-m", "tp1tui.worker.preview")
GONE = "The process that draws the images has ended. Close this with Esc and open it again."


@dataclass(frozen=True)
class Request:
    """Which images."""

    experiment: Experiment
    count: int
    epoch: int
    """From 1: of which epoch the draws are."""


@dataclass(frozen=True)
class Answer:
    """What came back: pictures, or a sentence."""

    request: Request
    originals: tuple[Grid, ...] = ()
    """The images as they are, each named by its class."""
    seen: tuple[Grid, ...] = ()
    """The same as the network gets them, each named by what it is to answer."""
    note: str = ""
    """How to read them."""
    doing: str = ""
    """What is being waited for; the answer is still to come."""
    problem: str = ""
    """Why there are none."""


class Painter:
    """One process. While it draws, only the latest of further requests is kept."""

    def __init__(self, heard: Callable[[Answer], None], command: tuple[str, ...] = COMMAND) -> None:
        """Prepare; nothing is started yet.

        Args:
            heard: Called with each answer.
            command: What to start.
        """
        self._heard = heard
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._drawing: Request | None = None
        self._next: Request | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._drawing is not None or self._next is not None

    def ask(self, request: Request) -> None:
        """Ask for images; never waits."""
        self._next = request
        self._send()

    async def run(self) -> None:
        """Start the process and hand on its answers until it ends."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=LONGEST_LINE,
            )
        except OSError as error:
            self._end(f"The process that draws the images cannot be started: {error.strerror}.")
            return
        self._send()
        try:
            await self._listen(self._process)
        finally:
            self.close()
        self._end(GONE)

    def close(self) -> None:
        """Let the process end: it does when nobody can ask any more."""
        if self._process and self._process.stdin:
            self._process.stdin.close()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for line in process.stdout:
            if self._drawing is None:
                continue
            answer = _answer(self._drawing, line)
            if not answer.doing:
                self._drawing = None
            self._heard(answer)
            self._send()

    def _send(self) -> None:
        if self._process is None or self._process.stdin is None or self._drawing or not self._next:
            return
        self._drawing, self._next = self._next, None
        experiment = self._drawing.experiment.model_dump(mode="json", exclude_none=True)
        asked = {"experiment": experiment, "count": self._drawing.count, "epoch": self._drawing.epoch}
        with suppress(OSError, RuntimeError):  # a process that is gone is told when its output ends
            self._process.stdin.write(f"{json.dumps(asked)}\n".encode())

    def _end(self, problem: str) -> None:
        waiting = self._next or self._drawing
        self._drawing = self._next = self._process = None
        if waiting:
            self._heard(Answer(waiting, problem=problem))


def _answer(request: Request, line: bytes) -> Answer:
    try:
        said: dict[str, Any] = json.loads(line)
        grids = [Grid.model_validate(grid) for grid in said.get("grids", ())]
    except ValueError:
        return Answer(request, problem=GONE)
    half = len(grids) // 2
    texts = {key: str(said.get(key, "")) for key in ("note", "doing", "problem")}
    return Answer(request, tuple(grids[:half]), tuple(grids[half:]), **texts)
