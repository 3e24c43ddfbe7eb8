"""What the engine wants a person to read stands in the journal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.engine.tape import UnableRecorder
from tests.worker.conftest import spec_of
from tp1tui.engine.capture import Captured
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal


def test_a_run_whose_steps_cannot_be_recorded_goes_on_and_says_so_once(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, spec_of("ab2.4", "epochs=2"), datetime.now().astimezone())
    inbox = Inbox(folder)
    with PatientJournal(folder, inbox) as journal:
        session = prepare(folder, folder.spec().experiment, journal, "cpu", inbox)
        session._training.execution = Captured(session._training, UnableRecorder())
        session.run()
    follower = Follower(folder)
    follower.poll()
    record = follower.record
    assert [epoch.epoch for epoch in record.epochs] == [0, 1, 2]
    messages = [warned.message for warned in record.warned if not warned.topic]
    assert len(messages) == 1
    assert "operation by operation" in messages[0]
