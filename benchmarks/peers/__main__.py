"""One peer in this process: python -m benchmarks.peers notebook whole 10000 2000 2. Prints its figures as JSON."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict

from benchmarks.peers.compare import OURS, PEERS
from benchmarks.peers.task import Task
from benchmarks.peers.watch import Figures, Watch


def figures(peer: str, task: Task) -> Figures:
    """What is noted of one peer's training."""
    module = importlib.import_module(f"benchmarks.peers.{PEERS[peer]}")
    if peer == OURS:
        found: Figures = module.figures(task)
        return found
    watch = Watch(task.train_images)
    module.train(task, watch)
    return watch.figures()


def main() -> None:
    """Train and print."""
    peer, images, train, test, epochs = sys.argv[1:]
    found = figures(peer, Task(images, int(train), int(test), int(epochs)))
    sys.stdout.write(f"\n{json.dumps(asdict(found))}\n")


main()
