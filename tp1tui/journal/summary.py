"""A run in a line: what a list of many shows, read without the figures of batches."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Literal

from tp1tui.journal.best import Best, best_of
from tp1tui.journal.folder import NewerFormat, RunFolder, RunFolderError
from tp1tui.journal.labels import BLANK_LABELS, LabelReader, Labels
from tp1tui.journal.lines import Damage, decode
from tp1tui.journal.lock import holder, is_held
from tp1tui.journal.record import RunRecord
from tp1tui.journal.stamp import Stamp, stamp_of
from tp1tui.journal.state import RunState, run_state, shown_state
from tp1tui.journal.tail import Tail
from tp1tui.journal.tickets import ticket_of
from tp1tui.spec.frozen import Frozen, RunSpec

_PASSING: tuple[RunState, ...] = ("queued", "running", "paused")
"""States that a run may leave without a new line in its journal."""
_NOT_SHOWN = b'{"kind":"batches"', b'{"kind":"measured"'
"""How the lines begin that most of a journal is, and of which a list shows nothing."""


@dataclass(frozen=True)
class RunSummary:
    """A run in a line."""

    id: str
    path: Path
    preset: str
    """Empty when experiment.toml cannot be read; so is the title."""
    title: str
    state: RunState
    pid: int | None
    """Of the worker; None unless one lives."""
    host: str | None
    device: str | None
    epoch: int
    """The last that is done; 0 before the first."""
    epochs: int
    """How many there are to be; 0 when nothing tells."""
    last_top1: float | None
    """On the test set, in percent."""
    best: Best | None
    """None before anything was measured."""
    elapsed: float
    """Seconds of work so far, pauses and interruptions excluded."""
    epoch_seconds: float | None
    """What an epoch took, evaluation included: the median, since the machine may have been busy during some."""
    started_at: datetime | None
    """When a worker first took it up, in local time."""
    validation_top1: float | None = None
    """Of the last epoch, in percent; None where nothing is held out."""
    problem: str | None = None
    """Why the folder cannot be read whole, as a sentence."""
    changes: tuple[str, ...] = ()
    """What was changed from the preset, each as `key = value`."""
    reason: str | None = None
    """Why it failed, as a sentence; None unless it did."""
    kind: Literal["run", "measure"] = "run"
    sweep: str = ""
    """Id of the sweep that it is a member of; empty for a run of its own."""
    member: str = ""
    """Which point of the sweep it is."""
    in_line: bool = False
    """Whether it waits for its turn; a queued run that does not was never started."""
    resumes: int = 0
    """How often a worker took it up again from a checkpoint."""
    dataset: str = ""
    """Kind of the one that it trains on; empty for a measure that trains nothing."""
    seed: int | None = None
    """None for a measure that trains nothing."""
    labels: Labels = BLANK_LABELS
    """What a person wrote on it."""
    sweep_labels: Labels = BLANK_LABELS
    """What a person wrote on the sweep that it is a member of."""
    label_problem: str = ""
    """Why those on the run or on its sweep cannot be read, as a sentence."""

    @property
    def shown_state(self) -> str:
        """Its state as lists name it, and as it is looked for: a `ShownState`, or unreadable."""
        return "unreadable" if self.problem else shown_state(self.state, in_line=self.in_line)

    @property
    def best_top1(self) -> float | None:
        """On the test set in the best epoch, in percent."""
        return self.best.test_top1 if self.best else None


@dataclass(frozen=True)
class Known:
    """A run that had ended when it was summed up, and by what to tell that nothing has happened to it since."""

    spec: Stamp
    journal: Stamp
    summary: RunSummary


class SummaryReader:
    """Sums one run up again and again; what has not changed is not read again."""

    def __init__(self, folder: RunFolder, known: Known | None = None) -> None:
        """Prepare to read.

        Args:
            folder: Of the run.
            known: What was read of it by another reader, perhaps long ago; used as long as it still holds.
        """
        self._folder = folder
        self._known = _here(known, folder.path) if known else None
        self._labels = LabelReader(folder.path)
        self._sweep_labels: LabelReader | None = None
        self._stamps: tuple[Stamp | None, Stamp | None] = None, None
        self._plain: RunSummary | None = None
        self._labelled: RunSummary | None = None
        self._tail = Tail(folder.journal_path)
        self._record = RunRecord()
        self._spec: Frozen | None = None
        self._spec_stamp: tuple[int, int] | None = None
        self._spec_problem: str | None = None
        self._newer = False
        """Whether a newer program wrote the run; then nothing of its journal is read."""
        self._summary: RunSummary | None = None

    @property
    def known(self) -> Known | None:
        """What may be used in place of reading, as long as it holds; None of a run that may go on without a sign."""
        spec, journal = self._stamps
        last = self._plain
        if last is None or spec is None or journal is None or last.problem or last.state in _PASSING:
            return None
        return Known(spec, journal, last)

    def read(self) -> RunSummary:
        """The run as it is now. Never fails: what cannot be read becomes the summary's problem."""
        before, plain = self._plain, self._read()
        if plain.sweep and self._sweep_labels is None:
            self._sweep_labels = LabelReader(self._folder.path.with_name(Path(plain.sweep).name))
        readers = [reader for reader in (self._labels, self._sweep_labels) if reader]
        news = [reader.changed() for reader in readers]
        if any(news) or plain is not before or self._labelled is None:
            self._plain, self._labelled = (
                plain,
                replace(
                    plain,
                    labels=self._labels.labels,
                    sweep_labels=self._sweep_labels.labels if self._sweep_labels else BLANK_LABELS,
                    label_problem=" ".join(reader.problem for reader in readers if reader.problem),
                ),
            )
        self._let_go()
        return self._labelled

    def _let_go(self) -> None:
        """Keep of a run that has ended its line alone: a list may have a thousand. Read anew should it go on."""
        if self._known is None and (known := self.known):
            self._known, self._summary = known, None
            self._spec = self._spec_stamp = None
            self._record, self._tail = RunRecord(), Tail(self._folder.journal_path)

    def _read(self) -> RunSummary:
        alive = is_held(self._folder)  # before the journal is read: see run_state
        self._stamps = stamp_of(self._folder.spec_path), stamp_of(self._folder.journal_path)
        known = self._known
        if known and not alive and self._stamps == (known.spec, known.journal) and ticket_of(self._folder) is None:
            return known.summary
        self._known = None
        before = self._spec_stamp, self._spec_problem
        self._read_spec()
        news = before != (self._spec_stamp, self._spec_problem)
        problem = self._spec_problem
        try:
            news = self._read_journal() or news
            if self._record.last_time is None:
                self._folder.check_journal()
            if self._record.damages and self._record.started is None:
                problem = problem or f"The run {self._folder.id} has lost its beginning. {self._record.damages[0].text}"
        except RunFolderError as error:
            problem = problem or str(error)
        except OSError as error:
            problem = problem or f"{self._folder.journal_path} cannot be read: {error.strerror}."
        last = self._summary
        in_line = not alive and ticket_of(self._folder) is not None
        if news or alive or in_line or last is None or last.state in _PASSING or last.problem != problem:
            state = run_state(self._record, lock_held=alive, in_line=in_line)
            if state == "interrupted" and is_held(self._folder):  # a worker came in between
                state = run_state(self._record, lock_held=True, in_line=False)
            self._summary = replace(
                self._summed_up("interrupted" if problem and state == "queued" else state, problem), in_line=in_line
            )
        return self._summary or self._summed_up("interrupted", problem)

    def _summed_up(self, state: RunState, problem: str | None) -> RunSummary:
        record, spec, started, last = self._record, self._spec, self._record.started, self._record.last
        alive = state in ("running", "paused")
        seconds = [epoch.seconds for epoch in record.epochs if epoch.epoch]
        return RunSummary(
            id=self._folder.id,
            path=self._folder.path,
            preset=spec.preset if spec else "",
            title=spec.title if spec else "",
            state=state,
            pid=(holder(self._folder) or record.pid) if alive else None,
            host=started.host if started else None,
            device=record.device,
            epoch=last.epoch if last else 0,
            epochs=_epochs(spec) if spec else started.epochs if started else 0,
            last_top1=last.test_top1 if last else None,
            best=best_of(record.best),
            validation_top1=last.validation_top1 if last else None,
            elapsed=record.elapsed(time.time() if alive else record.last_time or 0.0),
            epoch_seconds=median(seconds) if seconds else None,
            started_at=datetime.fromtimestamp(started.time).astimezone() if started else None,
            problem=problem,
            changes=spec.changes if spec else (),
            reason=record.failed.reason if record.failed and state == "failed" else None,
            kind=spec.kind if spec else "run",
            sweep=spec.sweep if isinstance(spec, RunSpec) else "",
            member=spec.member if isinstance(spec, RunSpec) else "",
            resumes=record.resumes,
            dataset=spec.training.experiment.dataset.kind if spec and spec.training else "",
            seed=spec.training.experiment.seed if spec and spec.training else None,
        )

    def _read_spec(self) -> None:
        try:
            status = self._folder.spec_path.stat()
        except OSError:
            self._spec_stamp, self._spec = None, None
            self._spec_problem = f"{self._folder.path} has lost its experiment.toml."
            return
        stamp = status.st_mtime_ns, status.st_size
        if stamp == self._spec_stamp:
            return
        self._spec_stamp = stamp
        self._newer = False
        try:
            self._spec, self._spec_problem = self._folder.spec(), None
        except RunFolderError as error:
            self._spec, self._spec_problem, self._newer = None, str(error), isinstance(error, NewerFormat)

    def _read_journal(self) -> bool:
        """Read on; returns whether the journal has changed."""
        if self._newer or not self._tail.changed():
            return False
        uid = self._spec.uid if self._spec else self._folder.uid()
        if self._tail.restarted():
            self._record = RunRecord()
        passed_over: bytes | None = None
        for line in self._tail.lines():
            if line.startswith(_NOT_SHOWN):  # of the very last one, the time is wanted
                passed_over = line
                continue
            passed_over = None
            event = decode(line, uid)
            if isinstance(event, Damage):
                event = replace(event, line=self._tail.line)
            if event is not None:
                self._record.apply(event, self._tail.line)
        event = decode(passed_over, uid) if passed_over else None
        if event is not None and not isinstance(event, Damage):
            self._record.last_time = event.time
        return True


def _here(known: Known, path: Path) -> Known:
    """The same in the folder and the time zone of today."""
    began = known.summary.started_at
    return replace(known, summary=replace(known.summary, path=path, started_at=began and began.astimezone()))


def _epochs(spec: Frozen) -> int:
    return spec.training.experiment.epochs if spec.training else 0
