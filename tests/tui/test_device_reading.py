"""What is read of GPUs, processor and memory, and what is said when a driver does not answer."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pynvml
import pytest

from tests.tui.fake_gpu import GIB, FakeGpus
from tp1tui.tui.device import others
from tp1tui.tui.device.host import Host
from tp1tui.tui.device.meter import DeviceMeter
from tp1tui.tui.device.nvml import Gpus, GpuTrouble
from tp1tui.tui.device.others import gpu_of, held_by_others
from tp1tui.tui.device.reading import GpuReading, Tenant, share


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> FakeGpus:
    monkeypatch.setattr(others, "this_user", lambda: "me")
    return FakeGpus(monkeypatch)


def test_a_gpu_is_read_with_its_units(gpus: FakeGpus) -> None:
    gpus.tenants, gpus.users = [(7, 3 * GIB)], {7: ("ada", "python")}
    (gpu,) = Gpus().read()
    assert (gpu.number, gpu.name, gpu.load) == (0, "NVIDIA H100 80GB HBM3", 93.0)
    assert (gpu.memory_used, gpu.memory_total) == (41 * GIB, 80 * GIB)
    assert (gpu.power, gpu.power_limit, gpu.temperature) == (412.0, 700.0, 64.0)
    assert gpu.tenants == (Tenant(7, 3 * GIB, "ada", "python"),)
    assert gpu.note == ""


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("nvmlDeviceGetUtilizationRates", "load"),
        ("nvmlDeviceGetMemoryInfo", "memory_used"),
        ("nvmlDeviceGetPowerUsage", "power"),
        ("nvmlDeviceGetEnforcedPowerLimit", "power_limit"),
        ("nvmlDeviceGetTemperature", "temperature"),
    ],
)
@pytest.mark.parametrize("code", [pynvml.NVML_ERROR_NOT_SUPPORTED, pynvml.NVML_ERROR_NO_PERMISSION])
def test_what_one_question_does_not_tell_is_left_open_and_the_rest_is_told(
    question: str, field: str, code: int, gpus: FakeGpus
) -> None:
    gpus.fails[question] = code
    (gpu,) = Gpus().read()
    assert getattr(gpu, field) is None
    assert gpu.name == "NVIDIA H100 80GB HBM3"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (pynvml.NVML_ERROR_LIBRARY_NOT_FOUND, "There is no NVIDIA driver on this machine"),
        (pynvml.NVML_ERROR_DRIVER_NOT_LOADED, "installed but not loaded"),
        (pynvml.NVML_ERROR_NO_PERMISSION, "does not let this account"),
        (pynvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH, "after a restart"),
        (pynvml.NVML_ERROR_UNKNOWN, "does not tell how its GPUs do"),
    ],
)
def test_a_driver_that_cannot_be_opened_is_told_in_a_sentence(code: int, words: str, gpus: FakeGpus) -> None:
    gpus.fails["nvmlInit"] = code
    with pytest.raises(GpuTrouble, match=words):
        Gpus().read()


def test_without_the_library_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    with pytest.raises(GpuTrouble, match="nvidia-ml-py is not installed"):
        Gpus().read()


def test_a_driver_that_fails_midway_is_closed_and_asked_again(gpus: FakeGpus) -> None:
    reader = Gpus()
    reader.read()
    assert gpus.opened == 1
    gpus.fails["nvmlDeviceGetCount"] = pynvml.NVML_ERROR_GPU_IS_LOST
    with pytest.raises(GpuTrouble, match="has lost a GPU"):
        reader.read()
    assert gpus.opened == 0
    gpus.fails.clear()
    assert reader.read()[0].load == 93.0
    reader.close()
    assert gpus.opened == 0


def test_a_gpu_that_is_lost_takes_nothing_from_the_others(gpus: FakeGpus, monkeypatch: pytest.MonkeyPatch) -> None:
    gpus.count = 2

    def handle(number: int) -> int:
        if number == 0:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return number

    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", handle)
    lost, there = Gpus().read()
    assert "has lost a GPU" in lost.note
    assert (lost.load, there.load) == (None, 93.0)


def test_whatever_the_library_throws_is_a_sentence(gpus: FakeGpus, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise OSError("libnvidia-ml.so.1: undefined symbol")

    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", broken)
    with pytest.raises(GpuTrouble, match="undefined symbol"):
        Gpus().read()


def test_mig_is_said(gpus: FakeGpus) -> None:
    gpus.mig = 1
    gpus.fails["nvmlDeviceGetUtilizationRates"] = pynvml.NVML_ERROR_NOT_SUPPORTED
    (gpu,) = Gpus().read()
    assert "MIG" in gpu.note
    assert gpu.load is None


def test_the_processes_of_others_are_named_and_own_ones_are_not(gpus: FakeGpus) -> None:
    gpus.tenants = [(1, GIB), (2, 2 * GIB), (3, None)]
    gpus.users = {1: ("me", "python"), 2: ("ada", "python"), 3: ("bob", "julia")}
    (gpu,) = Gpus().read()
    said = held_by_others(gpu)
    assert said.startswith("GPU 0 is in use by ada and bob: 2 processes with 2.15 GB.")
    gpus.tenants = gpus.tenants[:1]
    assert held_by_others(Gpus().read()[0]) == ""


def test_a_program_that_calls_itself_a_command_to_the_terminal_is_shown_as_text(gpus: FakeGpus) -> None:
    gpus.tenants, gpus.users = [(5, GIB)], {5: ("eve", "\x1b[2J\u202ename")}
    (gpu,) = Gpus().read()
    assert [tenant.name for tenant in gpu.tenants] == ["\ufffd[2J\ufffdname"]


def test_a_process_that_cannot_be_seen_counts_only_where_it_is_surely_not_ours(gpus: FakeGpus) -> None:
    gpus.tenants, gpus.users = [(1, GIB), (2, GIB)], {1: ("me", "python")}
    (gpu,) = Gpus().read()
    assert "somebody who cannot be seen from here: a process" in held_by_others(gpu)
    assert "somebody who cannot be seen from here: a process" in held_by_others(gpu, pid=1)
    assert held_by_others(gpu, pid=99) == ""  # our worker has another number here, and may be the unseen one


GPUS = tuple(GpuReading(number, f"GPU-{number}abc", f"card {number}") for number in range(3))


@pytest.mark.parametrize(
    ("device", "visible", "number"),
    [
        ("cuda", None, 0),
        ("cuda:2", None, 2),
        ("cuda:3", None, None),
        ("cuda:1", ("2", "0"), 0),
        ("cuda:0", ("GPU-1a",), 1),
        ("cuda:1", ("2",), None),
        ("cuda:0", (), None),
        ("cuda:0", ("MIG-9",), None),
    ],
)
def test_a_run_s_gpu_is_found_as_torch_counts(device: str, visible: tuple[str, ...] | None, number: int | None) -> None:
    found = gpu_of(GPUS, device, visible, None)
    assert (found.number if found else None) == number


def test_a_run_s_gpu_is_the_one_that_lists_its_worker() -> None:
    listed = (*GPUS[:2], GpuReading(2, "", "card 2", tenants=(Tenant(5, None, "me", "python"),)))
    found = gpu_of(listed, "cuda:0", None, 5)
    assert found is not None
    assert found.number == 2


def test_the_worker_s_share_is_of_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeGpus(monkeypatch)
    fake.users[4] = ("me", "python")
    monkeypatch.setattr(psutil, "cpu_percent", lambda percpu: [100.0, 0.0])
    host = Host()
    first, second = host.read(4), host.read(4)
    assert (first.load, first.worker_load, first.worker_memory) == (50.0, None, GIB)
    assert second.worker_load == 25.0
    assert 0 < first.memory_used < first.memory_total
    gone = host.read(5)
    assert (gone.worker_load, gone.worker_memory) == (None, None)
    assert host.read(None).worker_memory is None


def test_this_machine_itself_can_be_read() -> None:
    cpu = Host().read(os.getpid())
    assert len(cpu.cores) >= 1
    assert cpu.worker_memory is not None


def test_samples_are_percentages_and_trouble_stops_none_of_the_rest(gpus: FakeGpus) -> None:
    meter = DeviceMeter()
    meter.sample(1.0)
    gpus.fails["nvmlDeviceGetCount"] = pynvml.NVML_ERROR_GPU_IS_LOST
    meter.sample(2.0)
    assert meter.seen is not None
    assert "has lost a GPU" in meter.seen.trouble
    assert meter.seen.cpu.memory_total > 0
    assert meter.history.columns("0 memory", 2.0, 180)[-2:] == [pytest.approx(100 * 41 / 80), None]


def test_no_more_than_ten_minutes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeGpus(monkeypatch)
    meter = DeviceMeter()
    for second in range(700):
        meter.sample(float(second))
    assert len(meter.history) == 600


def test_shares_are_percentages_of_a_whole() -> None:
    assert share(1, 4) == 25.0
    assert share(9, 4) == 100.0
    assert share(1, 0) is share(None, 4) is share(1, None) is None


def test_reading_devices_imports_neither_torch_nor_the_driver_s_library() -> None:
    heavy = "{'torch', 'pynvml', 'psutil'}"
    code = f"import sys, tp1tui.tui.device.view, tp1tui.tui.usage; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
