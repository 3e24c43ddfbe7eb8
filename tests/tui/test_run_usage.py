from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tp1tui.journal.events import Started
from tp1tui.journal.record import RunRecord
from tp1tui.tui.run.look import Usage
from tp1tui.tui.usage import UsageMeter


def record_of(pid: int, host: str, device: str = "cpu") -> RunRecord:
    record = RunRecord()
    record.apply(
        Started(
            time=1.0,
            step=0,
            pid=pid,
            host=host,
            user="ada",
            device=device,
            device_name="",
            threads=1,
            versions={},
            steps_per_epoch=1,
            epochs=1,
        )
    )
    return record


def test_a_worker_s_memory_and_load_are_measured() -> None:
    meter, record = UsageMeter(), record_of(os.getpid(), socket.gethostname())
    first, second = meter.measure(record), meter.measure(record)
    assert first.memory is not None
    assert first.memory > 1_000_000
    assert first.cpu is None
    assert second.cpu is not None


def test_a_worker_of_another_machine_is_not_mistaken_for_a_process_here() -> None:
    assert UsageMeter().measure(record_of(os.getpid(), "another-host")) == Usage()


def test_a_worker_that_is_gone_takes_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert UsageMeter().measure(record_of(gone.pid, socket.gethostname())) == Usage()


def test_before_a_worker_there_is_nothing_to_measure() -> None:
    assert UsageMeter().measure(RunRecord()) == Usage()


def test_without_a_driver_the_gpu_is_not_told_and_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    usage = UsageMeter().measure(record_of(os.getpid(), socket.gethostname(), device="cuda:0"))
    assert (usage.gpu, usage.gpu_memory) == (None, None)
    assert usage.memory is not None


def test_the_run_screen_imports_nothing_heavy() -> None:
    heavy = ("torch", "numpy", "plotext", "psutil", "pynvml", "httpx", "PIL", "sklearn")
    code = f"import sys, tp1tui.tui.screens.run; sys.exit(', '.join(name for name in {heavy} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.stderr.strip() == ""
