"""Work that a device does as a whole, by one call, once it has been recorded.

Between two kernels of a small network a GPU waits for Python. A CUDA graph holds all kernels of a step with the
addresses that they read and write, and is launched by one call: so whatever differs from step to step must lie in
tensors that stay where they are. torch.compile was left aside: it takes longer to compile than these runs take.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol

import torch

Work = Callable[[], None]

STRIDE = 8
"""Replays between two marks by which Python sees how far the device has come."""
MARKS_AHEAD = 4
"""Marks that Python may be ahead: enough for the device never to wait, and few enough for a pause, or a look at the
losses, not to wait long for the device."""


class Recorder(Protocol):
    """Records work on one device."""

    def rehearse(self, work: Work) -> None:
        """Do the work as it will be recorded: so all is there that its first times make, as an optimizer's buffers."""
        ...

    def record(self, work: Work) -> Work:
        """Record the work without doing it.

        Returns:
            What does it.

        Raises:
            RuntimeError: Something in it cannot be recorded. Nothing has been done.
        """
        ...

    def reset(self) -> None:
        """Be as new, after a recording that failed too. No recording is replayed any more."""
        ...


class CudaRecorder:
    """Records CUDA graphs."""

    def __init__(self, device: torch.device, generators: Sequence[torch.Generator] = ()) -> None:
        """Prepare for one GPU, which is the current one.

        Args:
            device: The GPU.
            generators: That the work draws from, beside the device's own.
        """
        self._device = device
        self._generators = generators
        # One pool serves all graphs: none of them leaves anything in it that is read after the next one's replay.
        self._pool = torch.cuda.graph_pool_handle()
        self._marks: deque[torch.cuda.Event] = deque()
        self._replays = 0

    @cached_property
    def _stream(self) -> torch.cuda.Stream:
        """On which all is rehearsed and recorded. Who records nothing takes none of torch's 32, which come in turn.

        What matrix products work in belongs to a stream, and recordings hold its address. torch 2.14 frees it with the
        first of a stream's graphs that goes: so all recordings of a stream have to go at once (`Recordings.forget`).
        """
        return torch.cuda.Stream(self._device)

    def rehearse(self, work: Work) -> None:
        """As `Recorder.rehearse`, on the stream on which it is recorded."""
        current = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(current)
        with torch.cuda.stream(self._stream):
            work()
        current.wait_stream(self._stream)

    def record(self, work: Work) -> Work:
        """As `Recorder.record`."""
        current = torch.cuda.current_stream(self._device)
        graph = torch.cuda.CUDAGraph()
        _register(graph, self._generators)
        try:
            with torch.cuda.graph(graph, pool=self._pool, stream=self._stream):
                work()
        finally:
            torch.cuda.set_stream(current)  # torch stays on the other stream where a recording fails

        def replay() -> None:
            graph.replay()
            self._wait_when_far_ahead()

        return replay

    def reset(self) -> None:
        """As `Recorder.reset`."""
        torch.cuda.synchronize(self._device)
        self._marks.clear()
        self._pool = torch.cuda.graph_pool_handle()  # the old one may still hold gradients
        for generator in (_own_generator(self._device), *self._generators):
            _renew(generator)

    def _wait_when_far_ahead(self) -> None:
        """Launches return at once, thousands of them: without a bound, seconds of work would lie before a pause."""
        self._replays += 1
        if self._replays % STRIDE:
            return
        mark = torch.cuda.Event(blocking=True)
        mark.record()
        self._marks.append(mark)
        if len(self._marks) > MARKS_AHEAD:
            self._marks.popleft().synchronize()


def _register(graph: torch.cuda.CUDAGraph, generators: Sequence[torch.Generator]) -> None:
    """Tell a graph what its work draws from beside the device's own generator.

    torch 2.14 sees that by itself: there the method does nothing but warn that it will be removed.
    """
    register = getattr(graph, "register_generator_state", None)
    if register is None:
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*register_generator_state")
        for generator in generators:
            register(generator)


def _own_generator(device: torch.device) -> torch.Generator:
    """What a GPU's kernels draw from unless they are told otherwise."""
    generator: torch.Generator = torch.cuda.default_generators[
        torch.cuda.current_device() if device.index is None else device.index
    ]
    return generator


def _renew(generator: torch.Generator) -> None:
    """Give a GPU's generator a new inside with the same seed and place.

    After a recording that failed, the old one may believe itself recorded for ever, and refuse to draw.
    """
    fresh = torch.Generator(generator.device)
    fresh.set_state(generator.get_state())
    generator.graphsafe_set_state(fresh)
