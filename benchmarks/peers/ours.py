"""tp1tui's own worker, as Enter starts it: journal, checkpoints and all."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.noise import noise_where_missing
from benchmarks.peers.task import Task, device
from benchmarks.peers.watch import Figures, device_bytes, host_bytes
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.worker.main import main


def figures(task: Task) -> Figures:
    """Train and evaluate epoch by epoch; what the journal says of it.

    Raises:
        RuntimeError: The run did not end as it should.
    """
    with tempfile.TemporaryDirectory() as runs:
        folder = RunFolder.create(Path(runs), task.run, datetime.now(UTC))
        sys.argv = ["worker", str(folder.path), "--device", device().type]
        with noise_where_missing():
            code = main()
        if code != 0:
            raise RuntimeError(folder.journal_path.read_text())
        follower = Follower(folder)
        follower.poll()
        epochs = [epoch for epoch in follower.record.epochs if epoch.epoch > 0]
        return Figures(
            images_per_s=max(epoch.images_per_s for epoch in epochs),
            seconds_an_epoch=min(epoch.seconds for epoch in epochs),
            seconds_to_first_batch=_first_batch(folder) - psutil.Process().create_time(),
            host_bytes=host_bytes(),
            device_bytes=device_bytes(),
            test_top1=epochs[-1].test_top1,
        )


def _first_batch(folder: RunFolder) -> float:
    """When the journal had it; before it, the untrained network is measured (question cd17)."""
    with folder.journal_path.open("rb") as journal:
        events = map(json.loads, journal)
        return next(float(event["time"]) for event in events if event["kind"] == "batches")
