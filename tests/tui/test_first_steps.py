"""From the first screen of all over a network that learns to a dataset that is fetched."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import let_go, make_run
from tests.tui.bench_lab import HERE, MIDDLE, SIZES, SMALL, at_home, bench, lab, looked, pretend
from tests.tui.lab import until, written
from tests.tui.runs import look_at
from tests.tui.slow_disk import asked_here
from tp1tui.data.download import Progress
from tp1tui.data.errors import DatasetError
from tp1tui.journal.folder import RunFolder
from tp1tui.spec.live import BOUNDARY as BOUNDARY_RESULT
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.results import Text
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.first_time import is_first_time, remember
from tp1tui.tui.keys import possible_now
from tp1tui.tui.run.hints import BOUNDARY, CURVES, FAILED, PRESS_5, STARTING, hint
from tp1tui.tui.screens.confirm import ConfirmModal
from tp1tui.tui.screens.fetch import FetchScreen
from tp1tui.tui.screens.help import HelpModal
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.screens.tour import TourScreen
from tp1tui.tui.screens.welcome import WelcomeScreen
from tp1tui.worker import launcher

pytestmark = pytest.mark.usefixtures("at_home", "own_state")
__all__ = ["at_home"]

SHIPPED = HERE.parents[1] / "presets"


@pytest.fixture
def own_state(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tp1tui.settings.state_dir", lambda: at_home / "state")


class Source:
    """What stands for the network: gives a dataset when it is let."""

    def __init__(self, home: Path) -> None:
        self.home, self.asked, self.problem = home, 0, ""
        self.gate = threading.Event()

    def fetch(self, kind: Any, store: Any, report: Any) -> None:
        self.asked += 1
        report(Progress(f"downloading it, try {self.asked}", 500_000, 1_000_000))
        self.gate.wait()
        report(Progress(f"downloading it, try {self.asked}", 1_000_000, 1_000_000))
        if self.problem:
            raise DatasetError(self.problem)
        pretend(self.home, kind)


@pytest.fixture
def source(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    made = Source(at_home)
    monkeypatch.setattr("tp1tui.data.fetch.fetch", made.fetch)
    return made


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[RunFolder]:
    """Runs that were started, each ended as soon as it began."""
    made: list[RunFolder] = []

    def start(spec: Any, runs_dir: Path, device: str, _give: launcher.Give) -> RunFolder:
        made.append(make_run(runs_dir, spec.preset, state="finished", seed=len(made)))
        return made[-1]

    monkeypatch.setattr(launcher, "start", start)
    monkeypatch.setattr(launcher, "start_in_turn", lambda *asked: launcher.Entered(start(*asked), waits=False))
    return made


def newcomer() -> Tp1Tui:
    library = PresetLibrary([("tp1tui", SHIPPED)])
    return Tp1Tui(Path("runs"), "cpu", library=library, first_time=is_first_time(Path("runs")))


async def fetching_shown(pilot: Pilot[Any], text: str) -> FetchScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, FetchScreen) and text in said(pilot, "#lines"))
    assert isinstance(pilot.app.screen, FetchScreen)
    return pilot.app.screen


async def run_shown(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: getattr(pilot.app.screen, "watched", None))
    await pilot.pause()


def said(pilot: Pilot[Any], selector: str) -> str:
    widget: Any = pilot.app.screen.query_one(selector)
    return " ".join(str(widget.text).split())


def keys(pilot: Pilot[Any]) -> set[str]:
    return {entry.description for entry in possible_now(pilot.app.screen)}


@pytest.mark.parametrize("size", SIZES)
async def test_a_newcomer_is_led_from_the_welcome_to_a_network_that_learns_and_on_to_photographs(
    size: tuple[int, int], source: Source, started: list[RunFolder]
) -> None:
    app = newcomer()
    async with app.run_test(size=size) as pilot:
        assert isinstance(app.screen, WelcomeScreen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TourScreen) and "Done:" in said(pilot, "#hint"))
        assert started[0].spec().preset == "ab2.4-circles-torch-optim"
        await pilot.press("enter")
        await fetching_shown(pilot, "Enter fetches it now")
        assert source.asked == 0
        await pilot.press("enter")
        await fetching_shown(pilot, "50% 500 kB of 1 MB")
        source.gate.set()
        await fetching_shown(pilot, "CIFAR-10 is here")
        await pilot.press("enter")
        await pilot.pause()
        question = bench(app).question
        assert question is not None
        assert question.id == "cd18-baseline"
    assert not is_first_time(Path("runs"))


async def test_that_one_was_welcomed_is_remembered_where_no_key_waits_for_the_disk(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with newcomer().run_test(size=SMALL) as pilot:
        asked = asked_here(monkeypatch, at_home / "state")
        await pilot.press("escape")
        await written(pilot)
        assert asked == []
    assert not is_first_time(Path("runs"))


async def test_escape_leads_to_the_bench_and_nobody_is_welcomed_twice() -> None:
    app = newcomer()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("escape")
        await pilot.pause()
        bench(app)
    again = newcomer()
    async with again.run_test(size=SMALL):
        bench(again)


async def test_the_first_steps_are_reached_again_by_a_key_that_the_palette_tells() -> None:
    remember()
    app = newcomer()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "the first steps again" in keys(pilot)
        await pilot.press("W")
        await pilot.pause()
        assert isinstance(app.screen, WelcomeScreen)


def test_who_has_run_something_is_not_new_but_an_answer_or_a_log_is_no_run(at_home: Path) -> None:
    (at_home / "runs" / "answers").mkdir(parents=True)
    (at_home / "runs" / ".dispatcher.log").touch()
    assert is_first_time(at_home / "runs")
    make_run(at_home / "runs", "cd18")
    assert not is_first_time(at_home / "runs")


def test_where_nothing_can_be_remembered_nothing_fails(at_home: Path) -> None:
    (at_home / "state").write_text("a file where the folder should be")
    remember()
    assert is_first_time(at_home / "runs")


async def test_a_run_that_cannot_be_started_is_told_and_the_welcome_stays(at_home: Path) -> None:
    (at_home / "runs").write_text("not a folder")
    app = newcomer()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, WelcomeScreen)
        (notice,) = app._notifications
        assert notice.title == "Not started"


async def test_the_tour_takes_the_welcome_s_place_also_where_help_lay_over_it(started: list[RunFolder]) -> None:
    app = newcomer()
    async with app.run_test(size=SMALL) as pilot:
        welcome = app.screen
        assert isinstance(welcome, WelcomeScreen)
        welcome.action_start()
        await app.push_screen(HelpModal(welcome))
        await written(pilot)
        assert started
        assert isinstance(app.screen, HelpModal)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, TourScreen))
        assert welcome not in app.screen_stack


async def test_a_new_run_beside_the_tour_s_is_no_tour_and_leads_back_to_it(started: list[RunFolder]) -> None:
    app = newcomer()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        await run_shown(pilot)
        tour = app.screen
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ConfirmModal))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and app.screen is not tour)
        await run_shown(pilot)
        assert type(app.screen) is RunScreen
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is tour)


async def test_photographs_that_are_here_are_not_offered(at_home: Path, started: list[RunFolder]) -> None:
    pretend(at_home, "cifar10")
    app = newcomer()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TourScreen))
        await pilot.press("enter")
        await pilot.pause()
        question = bench(app).question
        assert question is not None
        assert question.id == "cd18-baseline"


async def test_a_question_whose_dataset_is_missing_fetches_it_and_then_starts(
    source: Source, started: list[RunFolder]
) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("down", "enter")
        await fetching_shown(pilot, "try 1")
        assert not started
        source.gate.set()
        await run_shown(pilot)
        assert started[0].spec().preset == "cd18-baseline"


async def test_a_download_that_is_left_goes_on_and_the_bench_says_how_far_it_is(
    source: Source, started: list[RunFolder]
) -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("down", "enter")
        await fetching_shown(pilot, "try 1")
        await pilot.press("escape")
        await looked(app, pilot)
        assert bench(app).query_one("TopBar").state.startswith("CIFAR-10 50% fetched")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await fetching_shown(pilot, "try 1")
        source.gate.set()
        await run_shown(pilot)
    assert source.asked == 1


async def test_stopping_keeps_what_came_and_enter_goes_on(source: Source, started: list[RunFolder]) -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("down", "enter")
        await fetching_shown(pilot, "try 1")
        await pilot.press("x")
        await fetching_shown(pilot, "Stopping")
        assert "stop" not in keys(pilot)
        source.gate.set()
        await fetching_shown(pilot, "What came is kept")
        await pilot.press("enter")
        await run_shown(pilot)
    assert source.asked == 2


async def test_a_failure_stays_on_the_screen_and_starts_nothing(source: Source, started: list[RunFolder]) -> None:
    source.problem = "CIFAR-10 could not be fetched. Tried in this order:\n- a server: it is far away"
    source.gate.set()
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("down", "enter")
        await fetching_shown(pilot, "it is far away Enter tries once more")
        assert "tp1tui data import PATH" in said(pilot, "#lines")
        assert {"fetch it", "to the bench"} <= keys(pilot)
        await pilot.press("escape")
        await pilot.pause()
        bench(app)
    assert not started


def test_each_thing_is_pointed_at_when_it_is_there_to_be_seen(tmp_path: Path) -> None:
    queued = look_at(tmp_path, "queued", preset="ab2.4-circles-torch-optim", seed=0)
    running = look_at(tmp_path, "running", preset="ab2.4-circles-torch-optim", seed=1)
    failed = look_at(tmp_path, "failed", preset="ab2.4-circles-torch-optim", seed=2)
    finished = look_at(tmp_path, "finished", preset="ab2.4-circles-torch-optim", seed=3)
    assert hint(None, saw_boundary=False) == STARTING
    assert hint(queued, saw_boundary=False) == STARTING
    assert hint(running, saw_boundary=False) in (CURVES, PRESS_5)
    assert hint(running, saw_boundary=True) == BOUNDARY
    assert hint(failed, saw_boundary=False) == FAILED
    assert "5 shows its boundary" not in hint(finished, saw_boundary=False)
    finished.record.results[BOUNDARY_RESULT] = Text(name=BOUNDARY_RESULT, title="", text="")
    assert "5 shows its boundary" in hint(finished, saw_boundary=False)
    assert "5 shows its boundary" not in hint(finished, saw_boundary=True)


async def test_the_hints_keep_their_place_below_the_plots(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "ab2.4-circles-torch-optim", state="running")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        app.push_screen(TourScreen(folder))
        await until(pilot, lambda: isinstance(app.screen, TourScreen) and said(pilot, "#hint") == CURVES)
        assert {"go on", "pause", "loss in front"} <= keys(pilot)
        assert app.screen.query_one("#loss").size.height > 5
        assert not app.screen.query_one("#side").display
    let_go(folder)
