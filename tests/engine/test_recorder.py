"""How CUDA graphs are asked for, with a stand-in for torch's: what they do is left to tests on a GPU (`test_cuda`)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from tp1tui.engine.recorder import MARKS_AHEAD, STRIDE, CudaRecorder

GPU = torch.device("cuda", 0)


class Cuda:
    """Notes what is asked of it; as with torch's own, a recording that fails leaves its stream the current one."""

    def __init__(self) -> None:
        self.main, self.current = Stream("main"), Stream("main")
        self.calls: list[str] = []
        self.marks: list[Mark] = []
        self.pools = 0
        self.registered: list[Generator] = []
        self.generators = [Generator(GPU)]

    @contextmanager
    def stream(self, stream: Stream) -> Iterator[None]:
        before, self.current = self.current, stream
        yield
        self.current = before

    @contextmanager
    def graph(self, graph: Any, *, pool: int, stream: Stream) -> Iterator[None]:
        before, self.current = self.current, stream
        self.calls.append(f"record in pool {pool}")
        self.registered = list(graph.generators)  # torch forbids it once a recording has begun
        yield
        self.current = before

    def new_pool(self) -> int:
        self.pools += 1
        return self.pools

    def set_stream(self, stream: Stream) -> None:
        self.current = stream

    def new_mark(self, *, blocking: bool) -> Mark:
        self.marks.append(Mark())
        return self.marks[-1]


class Stream:
    def __init__(self, name: str) -> None:
        self.name = name
        self.waited_for: list[str] = []

    def wait_stream(self, other: Stream) -> None:
        self.waited_for.append(other.name)


class Graph:
    replays = 0

    def __init__(self) -> None:
        self.generators: list[Generator] = []

    def register_generator_state(self, generator: Generator) -> None:
        self.generators.append(generator)

    def replay(self) -> None:
        Graph.replays += 1


class Mark:
    is_recorded = is_waited_for = False

    def record(self) -> None:
        self.is_recorded = True

    def synchronize(self) -> None:
        self.is_waited_for = True


class Generator:
    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.state, self.inside = "seeded", object()

    def get_state(self) -> str:
        return self.state

    def set_state(self, state: str) -> None:
        self.state = state

    def graphsafe_set_state(self, other: Generator) -> None:
        self.state, self.inside = other.state, other.inside


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> Cuda:
    cuda = Cuda()
    stand_ins: dict[str, Any] = {
        "Stream": lambda device: Stream("aside"),
        "current_stream": lambda device: cuda.current,
        "stream": cuda.stream,
        "set_stream": cuda.set_stream,
        "CUDAGraph": Graph,
        "graph": cuda.graph,
        "graph_pool_handle": cuda.new_pool,
        "synchronize": lambda device: cuda.calls.append("synchronize"),
        "Event": cuda.new_mark,
        "default_generators": cuda.generators,
    }
    for name, stand_in in stand_ins.items():
        monkeypatch.setattr(torch.cuda, name, stand_in)
    monkeypatch.setattr(torch, "Generator", Generator)
    return cuda


def test_a_rehearsal_waits_for_what_came_before_and_is_waited_for(cuda: Cuda) -> None:
    recorder = CudaRecorder(GPU)
    main = cuda.current
    streams: list[Stream] = []
    recorder.rehearse(lambda: streams.append(cuda.current))
    assert [stream.name for stream in streams] == ["aside"]
    assert streams[0].waited_for == ["main"]
    assert main.waited_for == ["aside"]
    assert cuda.current is main


def test_all_recordings_share_a_pool_until_they_are_forgotten(cuda: Cuda) -> None:
    recorder = CudaRecorder(GPU)
    recorder.record(lambda: None)
    recorder.record(lambda: None)
    inside = cuda.generators[0].inside
    recorder.reset()
    recorder.record(lambda: None)
    assert cuda.calls == ["record in pool 1", "record in pool 1", "synchronize", "record in pool 2"]
    assert cuda.generators[0].inside is not inside
    assert cuda.generators[0].state == "seeded"


def test_generators_beside_the_device_s_own_are_registered_with_each_recording(cuda: Cuda) -> None:
    own: list[Any] = [Generator(GPU), Generator(GPU)]
    insides = [generator.inside for generator in own]
    recorder = CudaRecorder(GPU, own)
    recorder.record(lambda: None)
    assert cuda.registered == own
    recorder.reset()
    assert all(generator.inside is not inside for generator, inside in zip(own, insides, strict=True))
    assert all(generator.state == "seeded" for generator in own)


def test_a_torch_that_sees_by_itself_what_is_drawn_from_is_not_told(
    cuda: Cuda, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """First it warns that it need not be told, and some day it cannot be any more."""

    def warned(graph: Graph, generator: Generator) -> None:
        warnings.warn("CUDAGraph.register_generator_state() is deprecated, and will be removed", stacklevel=2)

    recorder = CudaRecorder(GPU, [Generator(GPU)])  # type: ignore[list-item]
    with monkeypatch.context() as warns:
        warns.setattr(Graph, "register_generator_state", warned)
        recorder.record(lambda: None)
    assert not recwarn.list
    monkeypatch.delattr(Graph, "register_generator_state")
    recorder.record(lambda: None)
    assert cuda.calls == ["record in pool 1"] * 2


def test_a_recording_that_fails_leaves_the_stream_as_it_was(cuda: Cuda) -> None:
    def failing() -> None:
        raise RuntimeError("not permitted")

    main = cuda.current
    with pytest.raises(RuntimeError, match="not permitted"):
        CudaRecorder(GPU).record(failing)
    assert cuda.current is main


def test_python_is_never_far_ahead_of_the_device(cuda: Cuda) -> None:
    replay = CudaRecorder(GPU).record(lambda: None)
    before = Graph.replays
    for _ in range(10 * STRIDE):
        replay()
    assert Graph.replays - before == 10 * STRIDE
    assert all(mark.is_recorded for mark in cuda.marks)
    assert [mark.is_waited_for for mark in cuda.marks] == [True] * (10 - MARKS_AHEAD) + [False] * MARKS_AHEAD
