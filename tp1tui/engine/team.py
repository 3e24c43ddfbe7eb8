"""One training over several processes, each with a device of its own.

All of them run the very same loop on the same data, in the same order and with the same draws. Only the work of a step
is shared out: each predicts its part of the batch and follows its part's gradient back, the gradients are averaged
(torch's DistributedDataParallel), and all take the same step. So each of them holds the whole truth at any time, and
whoever leads writes it down.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn import functional as F

from tp1tui.spec.experiment import LIVE_SWITCHES, Experiment, Switch

PATIENCE = timedelta(days=30)
"""How long the others wait for whoever leads: a run may be paused over a holiday."""
LEAVE = 1 << len(LIVE_SWITCHES)
"""The bit after those of the switches."""


class MateLost(Exception):  # noqa: N818 - what happened, not an error of this process
    """Another process of the team has died, so that no step can be taken any more. Its text is a sentence."""


class Team:
    """The processes that train one run together, as one of them sees it."""

    def __init__(self, device: torch.device, devices: str) -> None:
        """Meet the others, who were started by torch's launcher; waits for them.

        Args:
            device: Of this process.
            devices: All of them, as a person wrote them, in the order of the ranks.
        """
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        self.devices = devices
        words = dist.new_group(backend="gloo", timeout=PATIENCE)
        assert isinstance(words, dist.ProcessGroup)  # every process is in it
        self._words = words
        """For what is no tensor of the device's: a word must not wait for a GPU."""

    def part(self, examples: int) -> slice:
        """This process's part of a batch. Parts differ by one example at most.

        Of a batch with fewer examples than processes each has the whole, so that nobody goes without. Batch
        normalization over all of them may wait for ever for who does: in bf16, torch says so in other numbers.
        """
        return self._parts(examples)[self.rank]

    def weight(self, examples: int) -> float:
        """Of this process's mean loss: the average of all weighted ones is the mean over the batch."""
        lengths = self._lengths(examples)
        return lengths[self.rank] * self.size / sum(lengths)

    def wait(self) -> None:
        """Until all have come this far.

        Raises:
            MateLost: One of them never will.
        """
        with self.together():
            dist.barrier(self._words)

    def agree(self, experiment: Experiment, *, leaves: bool = False) -> tuple[dict[Switch, bool], bool]:
        """Before each step: how the switches stand, and whether to leave, as whoever leads has it.

        Args:
            experiment: Of this process; whoever leads tells the others how its switches stand.
            leaves: Whether this process, which leads, takes no further step.

        Raises:
            MateLost: One of them has died.
        """
        stand = sum(experiment.is_on(switch) << bit for bit, switch in enumerate(LIVE_SWITCHES))
        word = torch.tensor(stand | (LEAVE if leaves else 0))
        with self.together():
            dist.broadcast(word, 0, self._words)
        told = int(word)
        return {switch: bool(told >> bit & 1) for bit, switch in enumerate(LIVE_SWITCHES)}, bool(told & LEAVE)

    def gather(self, part: Tensor, examples: int) -> Tensor:
        """Every part of a batch, in its order.

        Args:
            part: [b, K], of this process.
            examples: B, of the whole batch.

        Returns:
            [B, K].
        """
        lengths = self._lengths(examples)
        padded = F.pad(part, (0, 0, 0, max(lengths) - len(part)))
        found = [torch.empty_like(padded) for _ in range(self.size)]
        dist.all_gather(found, padded)
        if examples < self.size:
            return found[0]  # dropout may have made others of it elsewhere
        return torch.cat([one[:length] for one, length in zip(found, lengths, strict=True)])

    def _lengths(self, examples: int) -> list[int]:
        return [part.stop - part.start for part in self._parts(examples)]

    def _parts(self, examples: int) -> list[slice]:
        if examples < self.size:
            return [slice(0, examples)] * self.size
        begins = [examples * number // self.size for number in range(self.size + 1)]
        return [slice(begin, end) for begin, end in pairwise(begins)]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Around what all processes do at once.

        Raises:
            MateLost: Another process has died.
        """
        try:
            yield
        except RuntimeError as error:
            if not _is_lost_connection(error):
                raise
            raise MateLost(
                f"One of the processes that train on {self.devices} has died; worker.log may say why. Resume the run: "
                "it goes on from its last checkpoint."
            ) from error


def _is_lost_connection(error: RuntimeError) -> bool:
    """Whether NCCL or gloo says so; gloo does in the words of a plain RuntimeError."""
    return isinstance(error, dist.DistBackendError) or "gloo" in str(error) or "Connection" in str(error)
