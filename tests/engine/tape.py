"""A recorder for the CPU that keeps what a CUDA graph keeps: operations and the memory they work on, nothing of Python.

Recording must do the work once, to see its operations; so the first replay does nothing. Every later one does the
operations again, on the very tensors that were recorded: whatever Python would have changed meanwhile stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from tp1tui.engine.recorder import Work

READ_BY_PYTHON = "aten::_local_scalar_dense"


class Tape(TorchDispatchMode):
    """The operations that are done while it is entered."""

    forbidden = frozenset({READ_BY_PYTHON})

    def __init__(self) -> None:
        super().__init__()
        self._operations: list[tuple[Callable[..., Any], Any, Any, list[Tensor]]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.name() in self.forbidden:
            raise RuntimeError("operation not permitted when stream is capturing")
        results = func(*args, **(kwargs or {}))
        self._operations.append((func, args, kwargs or {}, _tensors(results)))
        return results

    def replay(self) -> None:
        with torch.no_grad():
            for func, args, kwargs, results in self._operations:
                for kept, again in zip(results, _tensors(func(*args, **kwargs)), strict=True):
                    if kept.data_ptr() != again.data_ptr():  # else it is a view, or was written in place
                        kept.copy_(again)


class LenientTape(Tape):
    """Allows what torch reads on a CPU alone, to check it: the classes that are made one-hot."""

    forbidden = frozenset()


class TapeRecorder:
    """As `tp1tui.engine.recorder.Recorder`."""

    tape = Tape

    def __init__(self) -> None:
        self.rehearsed = self.recorded = self.replayed = self.resets = 0

    def rehearse(self, work: Work) -> None:
        self.rehearsed += 1
        work()

    def record(self, work: Work) -> Work:
        tape = self.tape()
        with tape:
            work()
        self.recorded += 1
        fresh = True

        def replay() -> None:
            nonlocal fresh
            self.replayed += 1
            if not fresh:
                tape.replay()
            fresh = False

        return replay

    def reset(self) -> None:
        self.resets += 1


class LenientRecorder(TapeRecorder):
    """Records on a lenient tape."""

    tape = LenientTape


class UnableRecorder(TapeRecorder):
    """Fails as CUDA does where something cannot be recorded."""

    def record(self, work: Work) -> Work:
        try:
            raise RuntimeError("CUDA error: operation not permitted when stream is capturing\nCompile with ...")
        finally:  # as torch does where it ends the recording
            raise RuntimeError("CUDA error: operation failed due to a previous error during capture")


def _tensors(results: Any) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(results) if isinstance(leaf, Tensor)]
