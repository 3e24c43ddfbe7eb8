"""Peers on the same data, network, batch size, optimizer and machine, one after the other, each in its own process.

They take turns over rounds, so that other work on the machine weighs on all of them alike; ratios are of medians.
Needs the project's `peers` extra; a peer that is not installed is said and left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from math import inf
from statistics import median
from time import perf_counter

from benchmarks.noise import has_cifar10
from benchmarks.peers.task import PRESETS, Task
from benchmarks.peers.watch import Figures
from benchmarks.report import Report
from tp1tui.worker.slots import slots

OURS = "tp1tui"
NOTEBOOK = "the course's notebook"
PEERS = {
    OURS: "ours",
    NOTEBOOK: "notebook",
    "Lightning": "with_lightning",
    "skorch": "with_skorch",
    "Keras 3 on torch": "with_keras",
    "airbench's loader": "airbench_loader",
}
"""By the name in the table; the module that trains."""
ROUNDS = 3
FEWER_IMAGES = (10_240, 2_000)
"""Training and test images on a CPU, where whole epochs would take minutes each."""
ALL_IMAGES = (50_000, 10_000)
EPOCHS = 2
EPOCHS_ON_A_GPU = 4
MIB = 2**20


def measure(rounds: int = ROUNDS, seconds: float = inf, peers: Sequence[str] = tuple(PEERS)) -> Report:
    """A row for each peer on whole images, and on crops with mirror images.

    Args:
        rounds: How often each trains.
        seconds: After which no peer begins any more; those that had no turn are said.
        peers: Who trains. Without the notebook there are no ratios.
    """
    until = perf_counter() + seconds
    on_gpu = len(slots()) > 1  # asked without torch, which would keep memory of the GPU in this process
    (train, test), epochs = (ALL_IMAGES, EPOCHS_ON_A_GPU) if on_gpu else (FEWER_IMAGES, EPOCHS)
    images = "images" if has_cifar10() else "images of noise (CIFAR-10 is not at hand)"
    report = Report(
        f"peers: {epochs} epochs of {train:,} {images} and {test:,} test images, medians of {rounds} rounds"
    )
    for kind in PRESETS:
        found = _rounds(Task(kind, train, test, epochs), peers, rounds, until, report)
        for peer, figures in found.items():
            report.add(f"{kind}: {peer}", _row(figures, found.get(NOTEBOOK, [])))
    return report


def _rounds(task: Task, peers: Sequence[str], rounds: int, until: float, report: Report) -> dict[str, list[Figures]]:
    """Figures of every round, of the peers that are here and had a turn."""
    found: dict[str, list[Figures]] = {peer: [] for peer in peers}
    for _ in range(rounds):
        for peer in list(found):
            if perf_counter() > until:
                if not found[peer]:
                    report.add(f"{task.images}: {peer}", "left out: there was no time")
                    del found[peer]
                continue
            figures = _alone(peer, task)
            if isinstance(figures, Figures):
                sys.stderr.write(f"{task.images}: {peer}: {figures}\n")
                found[peer].append(figures)
            else:
                report.add(f"{task.images}: {peer}", figures)
                del found[peer]
    return found


def _alone(peer: str, task: Task) -> Figures | str:
    """One peer's training in a process of its own, or why there is none."""
    size = [str(number) for number in (task.train_images, task.test_images, task.epochs)]
    command = [sys.executable, "-m", "benchmarks.peers", peer, task.images, *size]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return Figures(**json.loads(answer.stdout.splitlines()[-1]))
    reason = answer.stderr.strip().rpartition("\n")[2]
    if "ModuleNotFoundError" in reason and peer != OURS:
        return f"left out: {reason} (pip install '.[peers]')"
    sys.stderr.write(answer.stderr)
    return f"failed: {reason}"


def _row(rounds: list[Figures], notebook: list[Figures]) -> str:
    rate = median(figures.images_per_s for figures in rounds)
    times = f" ({rate / median(figures.images_per_s for figures in notebook):.2f}x)" if notebook else ""
    epoch = median(figures.seconds_an_epoch for figures in rounds)
    first = median(figures.seconds_to_first_batch for figures in rounds)
    host = max(figures.host_bytes for figures in rounds) / MIB
    device = max(figures.device_bytes for figures in rounds) / MIB
    top1 = median(figures.test_top1 for figures in rounds)
    on_device = f", device {device:,.0f} MiB" if device else ""
    return (
        f"{rate:>8,.0f} images/s{times}, epoch with evaluation {epoch:.3g} s, "
        f"first batch after {first:.1f} s, host {host:,.0f} MiB{on_device}, test top-1 {top1:.1f} %"
    )
