"""Figures of the last minutes as charts, and a device as lines."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.builders import let_go
from tests.tui.fake_gpu import GIB, FakeGpus
from tests.tui.runs import look_at, words
from tp1tui import settings
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.preset import Preset
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.bench.before import Before, held_before
from tp1tui.tui.device import lines as lines_module
from tp1tui.tui.device import others
from tp1tui.tui.device.area import area, dots_across, levels_in_a_row
from tp1tui.tui.device.history import WINDOW, History, step
from tp1tui.tui.device.lines import cpu_lines, gpu_lines
from tp1tui.tui.device.meter import DeviceMeter
from tp1tui.tui.device.nvml import Gpus
from tp1tui.tui.device.reading import CpuReading, GpuReading
from tp1tui.tui.device.view import all_lines, device_lines, why_not_seen
from tp1tui.tui.look import Look, Lookout
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.run.lines import Line, Tone

VALUES = st.lists(st.one_of(st.none(), st.floats(-10, 200)), max_size=20)


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> FakeGpus:
    for module in (others, lines_module):
        monkeypatch.setattr(module, "this_user", lambda: "me")
    return FakeGpus(monkeypatch)


@pytest.mark.parametrize(
    ("glyphs", "rows"),
    [
        (Glyphs.BLOCKS, ["  ▄█", "▁▄██"]),
        (Glyphs.ASCII, ["  -#", ".=##"]),
    ],
)
def test_columns_stand_on_the_ground(glyphs: Glyphs, rows: list[str]) -> None:
    assert area([0.0, 25.0, 75.0, 100.0], 2, glyphs) == rows


def test_a_braille_cell_holds_two_columns_of_four_dots() -> None:
    assert area([100.0, 100.0, 50.0, 0.0, None, None], 1, Glyphs.BRAILLE) == ["⣿⣄ "]


@given(VALUES, st.integers(1, 5), st.sampled_from(list(Glyphs)))
def test_a_chart_fills_its_rows_and_what_is_known_leaves_a_mark(
    values: list[float | None], rows: int, glyphs: Glyphs
) -> None:
    lines = area(values, rows, glyphs)
    across = dots_across(glyphs)
    assert [len(line) for line in lines] == [-(-len(values) // across)] * rows
    for cell, mark in enumerate(lines[-1]):
        known = any(value is not None for value in values[cell * across : (cell + 1) * across])
        assert (mark != " ") == known


def test_cores_are_a_character_each() -> None:
    assert levels_in_a_row([0.0, 50.0, 100.0], Glyphs.BRAILLE) == "▁▄█"
    assert levels_in_a_row([0.0, 55.0, 100.0], Glyphs.ASCII) == "059"


def test_a_column_is_the_mean_of_its_seconds_and_moves_on_as_a_whole() -> None:
    history = History()
    for second in range(12):
        history.add(float(second), {"load": float(second)})
    assert history.columns("load", 11.0, 90)[-6:] == [0.5, 2.5, 4.5, 6.5, 8.5, 10.5]
    assert history.columns("load", 12.0, 90)[-7:] == [0.5, 2.5, 4.5, 6.5, 8.5, 10.5, None]


def test_while_nobody_looked_there_is_a_gap() -> None:
    history = History()
    for second in (0, 1, 5):
        history.add(float(second), {"load": 50.0})
    assert history.columns("load", 5.0, 180)[-6:] == [50.0, 50.0, None, None, None, 50.0]
    assert set(history.columns("power", 5.0, 180)) == {None}
    assert history.columns("load", 5.0, 0) == []


@given(st.integers(1, 500))
def test_a_chart_reaches_back_three_minutes_at_the_least(count: int) -> None:
    assert step(count) * count >= WINDOW


GPU = GpuReading(0, "GPU-0", "a card", 93.0, 41 * GIB, 80 * GIB, 412.0, 700.0, 64.0)


@pytest.mark.parametrize("glyphs", list(Glyphs))
@pytest.mark.parametrize(("width", "height"), [(78, 19), (66, 14), (40, 8), (30, 5), (200, 40)])
def test_a_gpu_fits_its_room(glyphs: Glyphs, width: int, height: int) -> None:
    lines = gpu_lines(GPU, History(), 0.0, width, height, glyphs)
    assert len(lines) <= height
    assert all(cell_len(line) <= width for line in words(lines))
    said = " ".join(" ".join(words(lines)).split())
    assert "load" in said
    assert "93 %" in said
    if glyphs is Glyphs.ASCII:
        assert said.replace("°", "").isascii()


def test_a_gpu_s_figures_have_units_and_a_dash_where_the_driver_tells_nothing() -> None:
    said = "\n".join(words(gpu_lines(GPU, History(), 0.0, 78, 19, Glyphs.BLOCKS)))
    for figure in ("93 %", "44 GB of 85.9 GB", "412 of 700 W", "64 °C", "3 min"):
        assert figure in said
    silent = GpuReading(0, "", "a card", note="It is cut into MIG slices.")
    said = "\n".join(words(gpu_lines(silent, History(), 0.0, 78, 19, Glyphs.BLOCKS)))
    assert said.count("–") == 4
    assert "MIG" in said


def test_who_is_on_a_gpu_is_listed_and_others_stand_out(gpus: FakeGpus) -> None:
    gpus.tenants, gpus.users = [(1, GIB), (2, None), (3, GIB)], {1: ("me", "python"), 2: ("ada", "")}
    meter = DeviceMeter()
    meter.sample(0.0)
    lines = all_lines(meter, 100, 40, Glyphs.BLOCKS)
    told: dict[str, Any] = {"".join(text for text, _ in line): line[-1][1] for line in lines if line}
    assert told["me: python (process 1), 1.07 GB"] == Tone.DIM
    assert told["ada: a program (process 2)"] == Tone.WARN
    assert told["process 3, 1.07 GB: whose it is cannot be seen from here"] == Tone.DIM


def test_the_worker_s_share_stands_under_the_whole() -> None:
    cpu = CpuReading((100.0, 20.0), 3 * GIB, 8 * GIB, 45.0, GIB)
    said = words(cpu_lines(cpu, History(), 0.0, 60, 7, Glyphs.BLOCKS))
    assert [line[:26].split() for line in said[:5]] == [
        ["2", "cores"],
        ["load", "60", "%"],
        ["of", "it", "the", "worker", "45", "%"],
        ["memory", "3.22", "GB", "of", "8.59", "GB"],
        ["of", "it", "the", "worker", "1.07", "GB"],
    ]
    assert said[0].endswith("█▂")
    alone = words(cpu_lines(CpuReading((5.0,), 1, 2), History(), 0.0, 60, 7, Glyphs.BLOCKS))
    assert not any("worker" in line for line in alone)


def shown(lines: list[Line]) -> str:
    return " ".join(" ".join(words(lines)).split())


def test_a_run_of_another_host_says_so(tmp_path: Path) -> None:
    look = look_at(tmp_path, "running", host="the-big-box")
    assert why_not_seen(look) == "Trained on the-big-box, whose device cannot be seen from here."
    assert shown(device_lines(look, DeviceMeter(), None, 80, 9, Glyphs.ASCII)) == why_not_seen(look)


def test_a_run_that_is_over_or_not_begun_says_so(tmp_path: Path) -> None:
    assert "The run is over." in why_not_seen(look_at(tmp_path, "finished", host=socket.gethostname()))
    assert "No worker has said yet" in why_not_seen(look_at(tmp_path, "queued", seed=1))
    assert "No worker has said yet" in why_not_seen(None)


def test_a_run_on_the_cpu_is_shown_with_the_processor(tmp_path: Path, gpus: FakeGpus) -> None:
    look, meter = look_at(tmp_path, "running", host=socket.gethostname()), DeviceMeter()
    assert shown(device_lines(look, meter, None, 80, 9, Glyphs.ASCII)) == "looking …"
    meter.sample(0.0)
    assert "core" in shown(device_lines(look, meter, None, 80, 9, Glyphs.ASCII))
    let_go(RunFolder(tmp_path / look.id))


def test_all_devices_are_shown_one_over_the_other_and_trouble_under_them(gpus: FakeGpus) -> None:
    gpus.count = 2
    meter = DeviceMeter()
    meter.sample(0.0)
    said = shown(all_lines(meter, 78, 21, Glyphs.BLOCKS))
    assert said.index("GPU 0") < said.index("GPU 1") < said.index("core")
    gpus.fails["nvmlDeviceGetCount"] = 12
    meter.sample(1.0)
    assert shown(all_lines(meter, 78, 21, Glyphs.BLOCKS)).endswith("so no GPU can be seen.")


def test_eight_gpus_fit_into_24_rows(gpus: FakeGpus) -> None:
    gpus.count = 8
    gpus.tenants = [(1, GIB)]
    meter = DeviceMeter()
    meter.sample(0.0)
    lines = words(all_lines(meter, 78, 21, Glyphs.BLOCKS))
    assert len(lines) <= 21
    assert [line.split()[1] for line in lines if line.startswith("GPU")] == list("01234567")
    assert sum(line.startswith("load") for line in lines) == 9


@pytest.mark.parametrize(("device", "warned"), [("cpu", False), ("auto", True), ("cuda", True), ("cuda:1", False)])
def test_before_a_start_other_users_on_its_gpu_are_told(
    device: str, warned: bool, gpus: FakeGpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    gpus.tenants, gpus.users = [(2, GIB)], {2: ("ada", "python")}
    first, second = (*Gpus().read(), GpuReading(1, "", "a card"))
    assert bool(held_before(device, (first, second))) == warned
    preset = bench_preset()
    said = Before().sentences(preset, device, Look(gpus=(first, second)))
    assert said[0].startswith("GPU 0 is in use by ada: a process with 1.07 GB.") == warned


def bench_preset() -> Preset:
    library = PresetLibrary(settings.preset_dirs())
    return library.load(library.find("digits"))


def test_the_gpus_are_looked_at_every_few_looks_and_seldom_after_trouble(gpus: FakeGpus, tmp_path: Path) -> None:
    lookout = Lookout(tmp_path / "runs", tmp_path / "data")
    assert [gpu.load for gpu in lookout.look().gpus] == [93.0]
    gpus.load = 10
    loads = [lookout.look().gpus[0].load for _ in range(6)]
    assert loads[:3] == [93.0, 93.0, 93.0]
    assert loads[-1] == 10.0
    gpus.fails["nvmlDeviceGetCount"] = 15
    seen = [bool(lookout.look().gpus) for _ in range(6)]
    gpus.fails.clear()
    assert not seen[-1]
    assert not any(lookout.look().gpus for _ in range(50))
    assert any(lookout.look().gpus for _ in range(20))
