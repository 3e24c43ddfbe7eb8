"""Runs that begin with weights from a file or from a hub."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save_file

from tests.waiting import until_state
from tests.worker.conftest import StartRun, spec_of
from tp1tui.engine.training import Training
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import RunLock
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.prepare import prepare
from tp1tui.worker.room import PatientJournal

TINY = (
    *("model.kind=timm", "model.name=vit_tiny_patch16_224", "model.patch=4"),
    *("batchnorm.enabled=false", "augmentation.steps=[]"),
    *("dataset.train_examples=64", "dataset.test_examples=32", "epochs=1"),
)


def taken_up(folder: RunFolder) -> Training:
    """Train a run from where it is to its end, as a worker would."""
    found: list[Training] = []
    inbox = Inbox(folder)
    with RunLock(folder), PatientJournal(folder, inbox) as journal:
        prepare(folder, folder.training_spec().experiment, journal, "cpu", inbox).run(found.append)
    return found[0]


def test_a_run_that_is_resumed_needs_its_weights_file_no_more(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    weights = dict(timm.create_model("vit_tiny_patch16_224").state_dict())
    save_file(weights, path)
    spec = spec_of("digits", *TINY, "optimizer.lr=1e-9", f'model.weights="{path}"')
    folder = RunFolder.create(tmp_path / "runs", spec, datetime(2026, 11, 23, 10, 15, tzinfo=UTC))
    begun = taken_up(folder)
    torch.testing.assert_close(begun.model.state_dict()["blocks.5.mlp.fc1.weight"], weights["blocks.5.mlp.fc1.weight"])

    path.unlink()
    resumed = taken_up(folder)
    assert resumed.step == begun.step > 0
    for name, weight in resumed.model.state_dict().items():
        assert torch.equal(weight, begun.model.state_dict()[name])


def test_weights_that_cannot_be_fetched_end_the_run_with_a_sentence(
    fork_run: StartRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    record = until_state(fork_run("digits", *TINY, "model.weights=imagenet"), "failed", "finished")
    assert record.failed is not None
    assert record.failed.reason.startswith("The ImageNet weights of vit_tiny_patch16_224 could not be fetched from ")
    assert record.failed.reason.endswith("Or begin with random weights: --set model.weights=random.")
