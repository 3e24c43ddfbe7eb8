"""The subject's four stages as runs: their journals say the same, and each goes on where it was cut."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import torch

from tests.worker.conftest import spec_of
from tp1tui.engine.training import Training
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.worker import session
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal

pytestmark = pytest.mark.usefixtures("one_thread")

PRESETS = ("ab2.1-circles-by-hand", "ab2.2-circles-autograd", "ab2.3-circles-torch-nn", "ab2.4-circles-torch-optim")


def made(runs_dir: Path, preset: str, *changes: str) -> RunFolder:
    return RunFolder.create(runs_dir, spec_of(preset, *changes), datetime.now().astimezone())


def worked(folder: RunFolder, leave_after: int | None = None) -> RunRecord:
    """Do as a worker does, perhaps only until a signal comes after so many steps."""
    inbox = Inbox(folder)
    with PatientJournal(folder, inbox) as journal:
        at_work = prepare(folder, folder.spec().experiment, journal, "cpu", inbox)
        if leave_after is not None:
            _signal_after(at_work._training, leave_after, inbox)
        at_work.run()
    follower = Follower(folder)
    follower.poll()
    return follower.record


def _signal_after(training: Training, steps: int, inbox: Inbox) -> None:
    update = training.implementation.update

    def counting(inputs: torch.Tensor, targets: torch.Tensor, lr: float) -> tuple[torch.Tensor, torch.Tensor]:
        inbox.leave = inbox.leave or training.step + 1 == steps
        return update(inputs, targets, lr)

    training.implementation.update = counting  # type: ignore[method-assign]


@pytest.mark.long  # the engine's own test holds them together step by step
def test_the_journals_of_all_four_presets_agree_to_rounding(tmp_path: Path) -> None:
    by_hand, autograd, torch_nn, torch_optim = (worked(made(tmp_path, preset)) for preset in PRESETS)
    assert torch_optim.epochs[-1].test_top1 > 90
    for record in (by_hand, autograd, torch_nn):
        assert record.failed is None
        assert len(record.losses) == 6000
        assert list(record.losses) == pytest.approx(list(torch_optim.losses), abs=1e-5)
        for ours, expected in zip(record.epochs, torch_optim.epochs, strict=True):
            assert ours.step == expected.step
            assert (ours.train_loss, ours.test_loss) == pytest.approx(
                (expected.train_loss, expected.test_loss), abs=1e-5
            )
            assert ours.test_top1 == pytest.approx(expected.test_top1, abs=0.51)  # a point on the boundary


@pytest.mark.parametrize("preset", PRESETS)
def test_a_run_that_was_cut_in_an_epoch_ends_with_the_very_figures(
    tmp_path: Path, preset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = worked(made(tmp_path, preset, "epochs=5"))
    monkeypatch.setattr(session, "ATTEND_EVERY", 0.0)
    monkeypatch.setattr(session, "ATTEND_AT_LATEST", 0.0)
    folder = made(tmp_path, preset, "epochs=5")
    assert worked(folder, leave_after=47).step == 47
    resumed = worked(folder)
    assert resumed.resumes == 1
    assert list(resumed.losses) == list(whole.losses)
    assert list(resumed.batch_top1) == list(whole.batch_top1)
    ignored = {"time", "images_per_s", "seconds", "elapsed"}
    assert [epoch.model_dump(exclude=ignored) for epoch in resumed.epochs] == [
        epoch.model_dump(exclude=ignored) for epoch in whole.epochs
    ]
