"""What is asked of a worker: commands from the run's folder, and signals to go."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator
from types import FrameType

from tp1tui.journal import commands
from tp1tui.journal.folder import RunFolder
from tp1tui.worker.place import Place


class Left(Exception):  # noqa: N818 - what a person asked, not an error
    """The worker was asked to go, or the run to stop, before its first batch."""

    def __init__(self, *, stopped: bool) -> None:
        super().__init__("stopped" if stopped else "left")
        self.stopped = stopped
        """By a command, so that the run has an end; otherwise it waits to be resumed."""


class Inbox:
    """Everything that is asked, each thing handed out once and in order.

    Whoever iterates takes one command at a time; what it leaves is for whoever iterates next.

    Raises:
        FolderLost: From iterating: the run's folder is not where it was.
    """

    def __init__(self, folder: RunFolder) -> None:
        """Begin with nothing: what was asked of an earlier worker and not obeyed is not meant for this one."""
        self._folder = folder
        self._waiting: deque[commands.Command | commands.BadCommand] = deque()
        self.place: Place | None = None
        """Looked at with the commands, once the journal is open: where the folder is lost, none can come any more."""
        self.leave = False
        """Whether a signal asked this process to write a checkpoint and go."""
        commands.take(folder)

    def mind_signals(self, *others: Inbox) -> None:
        """Outlive the terminal; leave tidily when asked to.

        Args:
            others: Of the other runs that this process has.
        """

        def ask_to_leave(_signal: int, _frame: FrameType | None) -> None:
            for inbox in (self, *others):
                inbox.leave = True

        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, ask_to_leave)
        signal.signal(signal.SIGINT, ask_to_leave)

    def __iter__(self) -> Iterator[commands.Command | commands.BadCommand]:
        self._fetch()
        while self._waiting:
            yield self._waiting.popleft()

    @property
    def holds_some(self) -> bool:
        """Whether commands that were seen already wait to be handed out."""
        return bool(self._waiting)

    def check(self) -> None:
        """See whether to go on with what comes before the first batch; other commands wait for it.

        Raises:
            Left: A signal or a stop came.
            FolderLost: The run's folder is not where it was.
        """
        if self.leave:
            raise Left(stopped=False)
        self._fetch()
        if any(isinstance(command, commands.Stop) for command in self._waiting):
            raise Left(stopped=True)

    def _fetch(self) -> None:
        if self.place:
            self.place.look()
        self._waiting.extend(commands.take(self._folder))
