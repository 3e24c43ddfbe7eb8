"""The device on the run screen and on its own page: keys, when it is sampled, what it looks like."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from textual.pilot import Pilot

from tests.builders import let_go, make_run
from tests.tui.bench_lab import SMALL, at_home, bench, lab
from tests.tui.fake_gpu import GIB, FakeGpus
from tests.tui.lab import Lab, opened, shown, until
from tests.tui.pictured import LOOKS, every_look_and_size
from tp1tui.journal.folder import RunFolder
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.device import lines, others
from tp1tui.tui.device.meter import DeviceMeter
from tp1tui.tui.screens.device import DeviceScreen

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> FakeGpus:
    for module in (others, lines):
        monkeypatch.setattr(module, "this_user", lambda: "me")
    monkeypatch.setattr(psutil, "cpu_percent", lambda percpu: [30.0, 90.0])
    memory = SimpleNamespace(total=16 * GIB, available=4 * GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    return FakeGpus(monkeypatch)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[RunFolder]:
    """A run that goes on, on this machine's CPU."""
    folder = make_run(tmp_path / "runs", state="running", host=socket.gethostname())
    yield folder
    let_go(folder)


async def on_the_page(pilot: Pilot[Any]) -> DeviceScreen:
    await pilot.press("7")
    screen = pilot.app.screen
    assert isinstance(screen, DeviceScreen)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    return screen


def said(screen: Any, selector: str) -> str:
    return str(screen.query_one(selector).text)


async def test_seven_opens_the_devices_from_the_bench_and_closes_them_again(gpus: FakeGpus) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await on_the_page(pilot)
        assert "GPU 0   NVIDIA H100" in said(screen, "#devices")
        assert "2 cores" in said(screen, "#devices")
        assert gpus.opened >= 1
        await pilot.press("7")
        await pilot.pause()
        bench(app)


@pytest.mark.parametrize("key", ["escape", "7"])
async def test_the_page_opens_from_the_list_of_runs_too(key: str, gpus: FakeGpus) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("r")
        await on_the_page(pilot)
        await pilot.press(key)
        await pilot.pause()
        assert type(app.screen).__name__ == "RunsScreen"


async def test_m_draws_with_other_characters(gpus: FakeGpus) -> None:
    async with lab().run_test(size=SMALL) as pilot:
        screen = await on_the_page(pilot)
        assert "⣿" in said(screen, "#devices") or "⣀" in said(screen, "#devices") or "│" in said(screen, "#devices")
        await pilot.press("m")
        assert "█" in said(screen, "#devices")
        await pilot.press("m")
        assert "█" not in said(screen, "#devices")
        assert "|" in said(screen, "#devices")


async def test_other_users_are_warned_of_on_the_page(gpus: FakeGpus) -> None:
    gpus.tenants, gpus.users = [(2, GIB)], {2: ("ada", "python")}
    async with lab().run_test(size=SMALL) as pilot:
        screen = await on_the_page(pilot)
        assert "GPU 0 is in use by ada" in said(screen, "#warning")
        assert "ada: python (process 2), 1.07 GB" in said(screen, "#devices")


async def test_without_a_driver_the_page_says_so_and_shows_the_processor(gpus: FakeGpus) -> None:
    gpus.fails["nvmlInit"] = 12
    async with lab().run_test(size=SMALL) as pilot:
        screen = await on_the_page(pilot)
        assert "There is no NVIDIA driver on this machine" in said(screen, "#devices")
        assert "2 cores" in said(screen, "#devices")


async def test_samples_are_taken_in_a_thread_and_not_behind_another_screen(
    gpus: FakeGpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    sample = DeviceMeter.sample

    def note(meter: DeviceMeter, now: float, pid: int | None = None) -> None:
        threads.append(threading.current_thread())
        sample(meter, now, pid)

    monkeypatch.setattr(DeviceMeter, "sample", note)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = await on_the_page(pilot)
        assert threads
        assert threading.main_thread() not in threads
        await pilot.press("Q")
        await app.workers.wait_for_complete()
        await pilot.pause()
        taken = len(threads)
        screen._sample()
        await app.workers.wait_for_complete()
        assert len(threads) == taken


async def test_on_the_run_screen_seven_brings_the_device_to_the_front_and_it_is_sampled_only_there(
    here: RunFolder, gpus: FakeGpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []
    sample = DeviceMeter.sample

    def note(meter: DeviceMeter, now: float, pid: int | None = None) -> None:
        asked.append(pid)
        sample(meter, now, pid)

    monkeypatch.setattr(DeviceMeter, "sample", note)
    app = Lab(here)
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await app.workers.wait_for_complete()
        assert asked == []
        await pilot.press("7")
        await until(pilot, lambda: "2 cores" in shown(screen, "#device"))
        assert screen.query_one("#device").display
        assert set(asked) == {screen.watched.record.pid if screen.watched else None}
        await pilot.press("1")
        assert not screen.query_one("#device").display


async def test_in_a_large_terminal_the_device_stands_under_the_layers(here: RunFolder, gpus: FakeGpus) -> None:
    async with Lab(here).run_test(size=(200, 60)) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: "2 cores" in shown(screen, "#device"))
        side, device = screen.query_one("#side").region, screen.query_one("#device").region
        assert (device.x, device.width) == (side.x, side.width)
        assert device.y == side.bottom
        assert device.bottom == screen.query_one("#batches").region.bottom


async def test_a_run_of_another_host_says_so_in_its_pane(tmp_path: Path, gpus: FakeGpus) -> None:
    folder = make_run(tmp_path, state="running", host="the-big-box")
    async with Lab(folder).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await pilot.press("7")
        await pilot.pause()
        assert "Trained on the-big-box, whose device cannot be seen from here." in shown(screen, "#device")
    let_go(folder)


@every_look_and_size
def test_what_the_page_looks_like(snap_compare: Any, size: tuple[int, int], look: str, gpus: FakeGpus) -> None:
    gpus.tenants, gpus.users = [(1, 3 * GIB), (2, GIB)], {1: ("me", "python"), 2: ("ada", "python")}

    async def run_before(pilot: Pilot[Any]) -> None:
        meter = DeviceMeter()
        for second in range(240):
            gpus.load, gpus.power = 50 + second % 50, 300_000 + 1000 * second
            meter.sample(float(second))
        screen = DeviceScreen(meter)
        screen.clock = lambda: 239.0
        screen._sample = lambda: None  # type: ignore[method-assign]
        pilot.app.push_screen(screen)
        await pilot.pause()
        screen._sampled()
        await pilot.pause()

    app: Tp1Tui = lab(**LOOKS[look])
    assert snap_compare(app, terminal_size=size, run_before=run_before)
