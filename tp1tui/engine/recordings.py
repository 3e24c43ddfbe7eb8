"""Work of several kinds, each recorded once it has been done a few times, and from then on replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from functools import partial

from tp1tui.engine.recorder import Recorder, Work

REHEARSALS = 3
"""How often work of a kind is done operation by operation before it is recorded."""


class Recordings:
    """Does work, as recorded where it can be; operation by operation, and says so, where recording fails."""

    def __init__(self, recorder: Recorder, tell: Callable[[str], None]) -> None:
        """Nothing is recorded yet.

        Args:
            recorder: Of the device on which the work is done.
            tell: Is told, in a sentence, that nothing can be recorded.
        """
        self._recorder = recorder
        self._tell = tell
        self._replays: dict[Hashable, Work] = {}
        self._rehearsed: Counter[Hashable] = Counter()
        self._given_up = False

    def do(self, kind: Hashable, work: Work) -> None:
        """Do the work, which is the same whenever the kind is."""
        (self._replays.get(kind) or self._way_to_do(kind, work))()

    def forget(self) -> None:
        """Begin anew: addresses may have changed."""
        if self._rehearsed and not self._given_up:
            self._clear()
            self._rehearsed.clear()

    def _way_to_do(self, kind: Hashable, work: Work) -> Work:
        if self._given_up:
            return work
        if self._rehearsed[kind] < REHEARSALS:
            self._rehearsed[kind] += 1
            return partial(self._recorder.rehearse, work)
        try:
            replay = self._recorder.record(work)
        except RuntimeError as error:  # torch's way to say so, a lack of memory included
            self._give_up(error)
            return work
        self._replays[kind] = replay
        return replay

    def _give_up(self, error: RuntimeError) -> None:
        self._given_up = True
        self._clear()
        why = str(_first(error)).partition("\n")[0]
        self._tell(
            f"The steps of this run could not be recorded as a whole ({why}), so they are done operation by "
            "operation: the figures are the same, but the run is slower."
        )

    def _clear(self) -> None:
        self._recorder.reset()  # waits for replays that are still going on
        self._replays.clear()


def _first(error: BaseException) -> BaseException:
    """What went wrong first: torch ends a recording that failed with an error that only says so."""
    while isinstance(error.__context__, RuntimeError):
        error = error.__context__
    return error
