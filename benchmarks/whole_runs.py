"""Whole runs as a person starts them, each by a worker of its own, with journal, checkpoints and all.

    python -m benchmarks.whole_runs RUN_FOLDER      (one run, in this process; prints what it held)

Where CIFAR-10 is not at hand, on noise of the same size: the times are the same, accuracies mean nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.noise import has_cifar10, noise_where_missing
from benchmarks.report import Report
from tp1tui import settings
from tp1tui.journal.export import export
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.record import RunRecord
from tp1tui.spec.changes import with_changes
from tp1tui.spec.frozen import RunSpec
from tp1tui.spec.preset import RunPreset
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.worker.slots import slots

PRESETS = ("cd18-baseline", "cd34-batchnorm")
STEADY_FROM = 5
"""The epoch from which all is recorded on a GPU; of shorter runs, the last one."""
ON_A_CPU = ("epochs=2",)
"""Where all epochs would take an hour."""
MIB = 2**20


def measure(into: Path | None = None, changes: Sequence[str] | None = None) -> Report:
    """How long each took, and what its epochs took.

    Args:
        into: Is given each run's `epochs.csv`, named for its preset.
        changes: Of the presets, as a person may make them; None for none on a GPU, and for few epochs on a CPU.
    """
    if changes is None:
        changes = () if len(slots()) > 1 else ON_A_CPU
    images = "real CIFAR-10" if has_cifar10() else "noise in the place of CIFAR-10"
    report = Report(f"whole runs on {images}, from the start of a worker that has imported nothing")
    with tempfile.TemporaryDirectory() as runs:
        for preset in PRESETS:
            folder = RunFolder.create(Path(runs), _spec(preset, changes), datetime.now().astimezone())
            began = perf_counter()
            command = [sys.executable, "-m", "benchmarks.whole_runs", str(folder.path)]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            seconds = perf_counter() - began
            if answer.returncode:
                report.add(preset, f"failed: {answer.stderr.strip().rpartition(chr(10))[2]}")
                continue
            follower = Follower(folder)
            follower.poll()
            report.add(preset, _row(follower.record, seconds, json.loads(answer.stdout.splitlines()[-1])))
            if into is not None:
                export(folder, Path(runs, "exported"))
                Path(runs, "exported", "epochs.csv").replace(into / f"{preset}.csv")
    return report


def _spec(preset: str, changes: Sequence[str]) -> RunSpec:
    library = PresetLibrary(settings.preset_dirs())
    loaded = library.load(library.find(preset))
    if not isinstance(loaded, RunPreset):
        raise TypeError(f"{preset} is not a run")
    return RunSpec.of(preset, loaded, with_changes(loaded.experiment, changes))


def _row(record: RunRecord, seconds: float, held: dict[str, int]) -> str:
    epochs = [epoch for epoch in record.epochs if epoch.epoch > 0]
    steady = [epoch for epoch in epochs if epoch.epoch >= STEADY_FROM] or epochs[-1:]
    on_device = f", device {held['device'] / MIB:,.0f} MiB" if held["device"] else ""
    warned = "".join(f"; {warning.message}" for warning in record.warned if not warning.topic)
    return (
        f"{len(epochs)} epochs in {seconds:.1f} s, {median(epoch.seconds for epoch in steady):.3f} s an epoch with "
        f"evaluation, {median(epoch.images_per_s for epoch in steady):,.0f} images/s, "
        f"host {held['host'] / MIB:,.0f} MiB{on_device}, test top-1 {epochs[-1].test_top1:.1f} %{warned}"
    )


def _work(run: Path) -> int:
    """Do what a worker does; the last line printed is what it held at most, in bytes."""
    settings.rest_while_waiting()
    from benchmarks.peers.watch import device_bytes, host_bytes
    from tp1tui.worker.main import work_on

    with noise_where_missing():
        code = work_on(run, "auto")
    sys.stdout.write(f"\n{json.dumps({'host': host_bytes(), 'device': device_bytes()})}\n")
    return code


if __name__ == "__main__":
    sys.exit(_work(Path(sys.argv[1])))
