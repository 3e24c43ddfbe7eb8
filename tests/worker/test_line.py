"""The line as it stands, and whether a new run must take its turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from tests.builders import let_go, make_measure, make_run, run_spec
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.line_order import Way
from tp1tui.journal.tickets import line, put_in_line, ticket_of
from tp1tui.worker import launcher
from tp1tui.worker.launcher import Entered
from tp1tui.worker.line import ANY_GPU, LineReader, free_device, move
from tp1tui.worker.line_lock import PATIENCE
from tp1tui.worker.spawning import LaunchError

CPU_ONLY = ("cpu",)
TWO_GPUS = ("cuda:0", "cuda:1", "cpu")


@pytest.fixture
def goes_on(tmp_path: Path) -> Iterator[RunFolder]:
    """A run that goes on, on the CPU."""
    folder = make_run(tmp_path, "cd18", state="running")
    yield folder
    let_go(folder)


def waiting(runs_dir: Path, device: str, seed: int) -> RunFolder:
    folder = make_run(runs_dir, "digits", state="queued", seed=seed)
    put_in_line(folder, device, seed)
    return folder


def spread(runs_dir: Path, slots: tuple[str, ...]) -> dict[str, tuple[list[str], list[str]]]:
    return {
        one.device: ([it.run.id for it in one.going], [it.run.id for it in one.waiting])
        for one in LineReader(runs_dir, slots).read()
    }


def test_an_empty_folder_has_an_idle_device(tmp_path: Path) -> None:
    assert spread(tmp_path / "nothing", CPU_ONLY) == {"cpu": ([], [])}


def test_what_goes_on_and_what_waits_stand_with_their_device(goes_on: RunFolder, tmp_path: Path) -> None:
    second, first = waiting(tmp_path, "cpu", 2), waiting(tmp_path, "auto", 1)
    make_run(tmp_path, "digits", seed=9)
    assert spread(tmp_path, CPU_ONLY) == {"cpu": ([goes_on.id], [first.id, second.id])}


def test_with_several_gpus_what_takes_any_waits_for_any(goes_on: RunFolder, tmp_path: Path) -> None:
    any_gpu, one, absent = (waiting(tmp_path, device, seed) for seed, device in enumerate(("auto", "cuda:1", "cuda:7")))
    assert spread(tmp_path, TWO_GPUS) == {
        "cuda:0": ([], []),
        "cuda:1": ([], [one.id]),
        "cpu": ([goes_on.id], []),
        ANY_GPU: ([], [any_gpu.id]),
        "cuda:7": ([], [absent.id]),
    }


def test_a_run_that_was_just_taken_up_does_not_wait_any_more(goes_on: RunFolder, tmp_path: Path) -> None:
    put_in_line(goes_on, "cpu")  # its worker has the lock and takes the ticket in a moment
    assert spread(tmp_path, CPU_ONLY) == {"cpu": ([goes_on.id], [])}


def test_what_is_trained_is_known_and_a_measure_may_train_nothing(tmp_path: Path) -> None:
    put_in_line(make_run(tmp_path, "digits", state="queued"), "cpu", 1)
    put_in_line(make_measure(tmp_path, state="queued"), "cpu", 2)
    (cpu,) = LineReader(tmp_path, CPU_ONLY).read()
    assert [one.experiment is None for one in cpu.waiting] == [False, True]


def test_a_run_that_cannot_be_read_still_has_its_place(tmp_path: Path) -> None:
    folder = waiting(tmp_path, "cpu", 1)
    folder.spec_path.write_text("epochs = ")
    (cpu,) = LineReader(tmp_path, CPU_ONLY).read()
    assert [(one.run.id, one.experiment) for one in cpu.waiting] == [(folder.id, None)]


@pytest.mark.parametrize(
    ("asked", "slots", "free"),
    [("cpu", CPU_ONLY, None), ("auto", CPU_ONLY, None), ("auto", TWO_GPUS, "cuda:0"), ("cuda:1", TWO_GPUS, "cuda:1")],
)
@pytest.mark.usefixtures("goes_on")
def test_a_device_with_a_run_on_it_is_not_free(
    asked: str, slots: tuple[str, ...], free: str | None, tmp_path: Path
) -> None:
    assert free_device(tmp_path, asked, slots) == free


def test_nobody_is_overtaken(tmp_path: Path) -> None:
    waiting(tmp_path, "cuda:1", 1)
    assert free_device(tmp_path, "cpu", TWO_GPUS) == "cpu"
    assert free_device(tmp_path, "auto", TWO_GPUS) is None
    assert free_device(tmp_path, "cuda:0", TWO_GPUS) == "cuda:0"


@pytest.mark.parametrize(("way", "order"), [("first", "cab"), ("up", "acb"), ("down", "abc"), ("last", "abc")])
def test_a_run_moves_among_those_of_its_device(way: Way, order: str, tmp_path: Path) -> None:
    made = {name: waiting(tmp_path, "cpu", 2 * number) for number, name in enumerate("abc")}
    other = waiting(tmp_path, "cuda:1", 3)
    move(tmp_path, made["c"], way, TWO_GPUS)
    there = [folder for folder, _ in line(tmp_path)]
    assert [folder for folder in there if folder != other] == [made[name] for name in order]
    assert ticket_of(other) is not None


def test_on_a_free_device_a_run_starts_at_once_and_has_its_place_until_its_worker_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[tuple[RunFolder, str]] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append((folder, device)))
    monkeypatch.setattr(launcher, "slots", lambda: CPU_ONLY)
    entered = launcher.start_in_turn(run_spec("digits"), tmp_path, "auto")
    assert spawned == [(entered.folder, "auto")]
    assert not entered.waits
    assert [folder for folder, _ in line(tmp_path)] == [entered.folder]
    served: list[Path] = []
    monkeypatch.setattr(launcher, "serve_line", served.append)
    second = launcher.start_in_turn(run_spec("digits"), tmp_path, "auto")  # pressed again before the worker had it
    assert second.waits
    assert served == [tmp_path]
    assert len(spawned) == 1


def test_of_two_who_find_the_device_free_at_the_same_moment_one_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[Entered] = []
    rival = threading.Thread(target=lambda: entered.append(launcher.start_in_turn(run_spec("digits"), tmp_path, "cpu")))
    rival_came = threading.Event()

    def look(runs_dir: Path, device: str, all_slots: tuple[str, ...]) -> str | None:
        found = free_device(runs_dir, device, all_slots)
        if threading.current_thread() is rival:
            rival_came.set()  # it sees what the other one sees
        else:
            rival.start()
            assert rival_came.wait(PATIENCE)
        return found

    def pause(seconds: float) -> None:
        rival_came.set()  # it has been made to wait
        sleep(seconds)

    spawned: list[RunFolder] = []
    monkeypatch.setattr(launcher, "free_device", look)
    monkeypatch.setattr("tp1tui.worker.line_lock.time.sleep", pause)
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(folder))
    monkeypatch.setattr(launcher, "serve_line", lambda runs_dir: None)
    first = launcher.start_in_turn(run_spec("digits"), tmp_path, "cpu")
    rival.join()
    assert (first.waits, entered[0].waits) == (False, True)
    assert spawned == [first.folder]
    assert [folder for folder, _ in line(tmp_path)] == [first.folder, entered[0].folder]


def test_of_several_gpus_a_run_is_given_the_free_one(
    goes_on: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[str] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(device))
    monkeypatch.setattr(launcher, "slots", lambda: TWO_GPUS)
    assert not launcher.start_in_turn(run_spec("digits"), tmp_path, "auto").waits
    assert spawned == ["cuda:0"]


def test_at_once_means_at_once(goes_on: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spawned: list[RunFolder] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(folder))
    assert launcher.start(run_spec("digits"), tmp_path, "cpu") in spawned


def test_where_no_worker_can_be_started_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: RunFolder, device: str) -> None:
        raise LaunchError("No worker can be started here.")

    monkeypatch.setattr(launcher, "spawn", refuse)
    with pytest.raises(LaunchError, match="No worker"):
        launcher.start_in_turn(run_spec("digits"), tmp_path, "cpu")
    assert line(tmp_path) == []
