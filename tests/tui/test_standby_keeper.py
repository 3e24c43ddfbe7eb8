"""Which standby worker is kept, and when there is none. What it does is told in tests/worker/test_standby.py."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from tests.tui.bench_lab import SMALL, at_home, lab, pretend
from tests.tui.lab import until
from tp1tui.journal.folder import RunFolder
from tp1tui.tui import standby_keeper
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.standby_keeper import REST, ROOM, StandbyKeeper, free_memory
from tp1tui.worker import launcher, standby

__all__ = ["at_home"]

FOLDER = RunFolder(Path("/runs/one"))


class Pretended:
    """Stands in for a standby worker."""

    made: list[Pretended] = []  # noqa: RUF012

    def __init__(self) -> None:
        self.is_ready = self.is_alive = True
        self.given: list[tuple[RunFolder, str]] = []
        self.made.append(self)

    def give(self, folder: RunFolder, device: str) -> bool:
        self.given.append((folder, device))
        return True

    def dismiss(self) -> None:
        self.is_alive = False


class Machine:
    """A clock, and the memory that is free."""

    now = 0.0
    free = ROOM


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(standby_keeper, "monotonic", lambda: made.now)
    monkeypatch.setattr(standby_keeper, "free_memory", lambda: made.free)
    return made


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Pretended]:
    """Those that were started, in order."""
    monkeypatch.setattr(Pretended, "made", [])
    monkeypatch.setattr(standby, "Standby", Pretended)
    return Pretended.made


def test_one_is_kept_and_given_one_run(machine: Machine, kept: list[Pretended]) -> None:
    keeper = StandbyKeeper()
    keeper.tend()
    keeper.tend()
    assert len(kept) == 1
    assert keeper.give(FOLDER, "cpu")
    assert not keeper.give(FOLDER, "cpu")
    assert kept[0].given == [(FOLDER, "cpu")]


def test_the_next_comes_when_the_training_has_had_some_time(machine: Machine, kept: list[Pretended]) -> None:
    keeper = StandbyKeeper()
    keeper.tend()
    keeper.give(FOLDER, "cpu")
    machine.now = REST / 2
    keeper.tend()
    assert len(kept) == 1
    machine.now = REST
    keeper.tend()
    assert len(kept) == 2


def test_a_run_that_begins_before_there_is_one_has_its_time_too(machine: Machine, kept: list[Pretended]) -> None:
    keeper = StandbyKeeper()
    assert not keeper.give(FOLDER, "cpu")
    keeper.tend()
    assert kept == []
    machine.now = REST
    keeper.tend()
    assert len(kept) == 1


def test_where_memory_is_scarce_there_is_none(machine: Machine, kept: list[Pretended]) -> None:
    keeper = StandbyKeeper()
    machine.free = ROOM - 1
    keeper.tend()
    assert kept == []
    machine.free = ROOM
    keeper.tend()
    assert len(kept) == 1


@pytest.mark.parametrize(("limit", "free"), [("3000", 1000), ("max", None), ("1" + 20 * "0", None)])
def test_a_container_has_its_share_of_the_memory(
    limit: str, free: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=5000))
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text("2000\n")
    assert free_memory(tmp_path) == (5000 if free is None else free)
    assert free_memory(tmp_path / "elsewhere") == 5000


def test_one_that_is_not_ready_is_asked_nothing_and_kept(machine: Machine, kept: list[Pretended]) -> None:
    keeper = StandbyKeeper()
    keeper.tend()
    kept[0].is_ready = False
    assert not keeper.give(FOLDER, "cpu")
    kept[0].is_ready = True
    assert keeper.give(FOLDER, "cpu")


def test_one_that_died_by_itself_has_no_successor(machine: Machine, kept: list[Pretended]) -> None:
    keeper = StandbyKeeper()
    keeper.tend()
    kept[0].is_alive = kept[0].is_ready = False
    for _ in range(3):
        keeper.tend()
    assert not keeper.give(FOLDER, "cpu")
    assert len(kept) == 1


def test_where_no_process_can_be_started_runs_begin_without(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def refuse() -> None:
        tries.append(1)
        raise BlockingIOError("too many processes")

    monkeypatch.setattr(standby, "Standby", refuse)
    keeper = StandbyKeeper()
    keeper.tend()
    keeper.tend()
    assert len(tries) == 1
    assert not keeper.give(FOLDER, "cpu")


@pytest.mark.usefixtures("machine")
async def test_enter_gives_it_the_run_and_starts_no_other_worker(
    at_home: Path, kept: list[Pretended], monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[RunFolder] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(folder))
    pretend(at_home, "cifar10")
    keeper = StandbyKeeper()
    keeper.tend()
    app = lab(standby=keeper)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
    [(folder, device)] = kept[0].given
    assert folder.path.parent == at_home / "runs"
    assert device == "cpu"
    assert spawned == []


@pytest.mark.usefixtures("at_home", "machine")
async def test_it_leaves_with_the_screens(kept: list[Pretended]) -> None:
    keeper = StandbyKeeper()
    keeper.tend()
    async with lab(standby=keeper).run_test(size=SMALL) as pilot:
        await pilot.press("q")
    assert not kept[0].is_alive


@pytest.mark.usefixtures("at_home")
async def test_none_is_kept_unless_asked_for(kept: list[Pretended]) -> None:
    app = lab()
    async with app.run_test(size=SMALL):
        assert not app.give(FOLDER, "cpu")
    assert kept == []
