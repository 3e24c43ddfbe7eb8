"""The sweep screen: every key, and what it does to the members."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Button

from tests.builders import events, let_go, let_go_of, make_sweep
from tests.tui.bench_lab import LARGE, MIDDLE, SMALL, at_home, looked
from tests.tui.lab import journal, possible, until, written
from tests.tui.sweeps import app_of, opened, shown
from tp1tui.journal.commands import Pause, Resume, Stop, take
from tp1tui.journal.events import Paused
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import line
from tp1tui.tui.screens.bench import BenchScreen
from tp1tui.tui.screens.help import HelpModal
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.screens.sweep import SweepScreen
from tp1tui.tui.widgets.point_table import PointTable
from tp1tui.worker import launcher

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

HEAT = ("optimizer.lr=0.01,0.1", "batch_size=16,32,64")


def commands(sweep: SweepFolder) -> list[list[type]]:
    return [list(map(type, take(folder))) for _, folder in sweep.runs()]


async def test_the_head_says_what_varies_how_far_it_is_and_what_is_best(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        title, varied, progress, best = shown(screen, "#head").splitlines()
        assert title.startswith("digits")
        assert title.endswith("● running")
        assert varied == "varied: learning rate 0.003, 0.02, 1, 0.05, 0.1"
        assert progress.startswith("3 of 5 runs done")
        assert progress.endswith("left")
        assert best.startswith("◆ best on test 70.2 %  a learning rate 0.003")
    let_go_of(sweep)


async def test_all_curves_are_overlaid_and_a_diverged_one_leaves_the_plot(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        plot = shown(screen, "#loss")
        assert all(f"{sign} {name}" in plot for sign, name in zip("abcd", ("0.003", "0.02", "1", "0.05"), strict=True))
        assert "↑" in plot.splitlines()[1]
        assert "epoch" in plot.splitlines()[-1]
        assert "↑" not in shown(screen, "#accuracy")
    let_go_of(sweep)


async def test_the_table_has_a_row_a_point_the_best_and_the_running_one_marked(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        rows = shown(screen, "#table").splitlines()
        assert [row.count("◆") for row in rows] == [0, 1, 0, 0, 0, 0]
        assert ["●" in row for row in rows] == [False, False, False, False, True, False]
        assert "NaN" in rows[3]
        assert rows[5].split()[:6] == ["e", "learning", "rate", "0.1", "…", "queued"]
    let_go_of(sweep)


async def test_the_row_under_the_cursor_is_drawn_over_the_others_and_named(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert "a learning rate 0.003" in shown(screen, "#loss").splitlines()[0]
        await pilot.press("down")
        await until(pilot, lambda: "b learning rate 0.02" in shown(screen, "#loss").splitlines()[0])
        lit = {text for row in screen.query_one("#loss")._lines for text, role in row if role == "lit"}  # type: ignore[attr-defined]
        assert "b 0.02" in lit
    let_go_of(sweep)


async def test_enter_opens_the_run_and_escape_comes_back(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    app = app_of(sweep)
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and app.screen.watched)
        assert isinstance(app.screen, RunScreen)
        assert app.screen.watched is not None
        assert app.screen.watched.folder.id == f"{sweep.id}-2"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
    let_go_of(sweep)


async def test_space_pauses_what_runs_and_lets_it_go_on(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert possible(screen)["space"] == "pause"  # type: ignore[arg-type]
        await pilot.press("space")
        assert commands(sweep) == [[], [], [], [Pause], []]
        running = sweep.runs()[3][1]
        journal(running, Paused(time=2e9, step=1))
        await until(pilot, lambda: "‖ paused" in shown(screen, "#head"))
        assert possible(screen)["space"] == "go on"  # type: ignore[arg-type]
        await pilot.press("space")
        assert commands(sweep) == [[], [], [], [Resume], []]
    let_go_of(sweep)


@pytest.mark.parametrize(("answer", "told", "left"), [("y", [Stop], 0), ("n", [], 1)])
async def test_x_stops_all_once_one_is_sure(answer: str, told: list[type], left: int, at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await pilot.press("x")
        await until(pilot, lambda: pilot.app.screen.query(Button))
        await pilot.press(answer)
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.pause()
        assert len(line(at_home / "runs")) == left
        assert commands(sweep) == [[], [], [], told, []]
    let_go_of(sweep)


async def test_r_puts_what_is_left_in_line(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[str] = []
    monkeypatch.setattr(launcher, "queue", lambda folders, otherwise: queued.extend(f.id[-1] for f in folders))
    sweep = make_sweep(at_home / "runs", states=["finished", "failed", "interrupted", "stopped"])
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert "space" not in possible(screen)  # type: ignore[arg-type]
        await pilot.press("r")
        await pilot.pause()
    assert queued == ["2", "3", "4", "5"]


async def test_e_writes_the_sweep_as_csv_and_says_where(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "stopped", "queued"])
    app = app_of(sweep)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("e")
        await written(pilot)
        assert str(sweep.path) in next(iter(app._notifications)).message.replace("\n", "")
    assert (sweep.path / "points.csv").exists()


async def test_t_o_and_l_change_what_is_plotted(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert "on test" in shown(screen, "#loss")
        await pilot.press("t")
        assert "on train" in shown(screen, "#loss")
        assert "on train" in shown(screen, "#accuracy")
        await pilot.press("o")
        assert "step" in shown(screen, "#loss").splitlines()[-1]
        await pilot.press("o")
        assert "seconds" in shown(screen, "#loss").splitlines()[-1]
        await pilot.press("o")
        assert "wall, s" in shown(screen, "#loss").splitlines()[-1]
        await pilot.press("o")
        assert "epoch" in shown(screen, "#loss").splitlines()[-1]
        await pilot.press("l")
        assert "loss, log" in shown(screen, "#loss")
        await pilot.press("l")
        assert "loss, log" not in shown(screen, "#loss")


async def test_y_changes_the_metric_of_the_second_plot_and_names_it(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        seen = []
        for _ in range(4):
            seen.append(shown(screen, "#accuracy").split("   ")[0])
            await pilot.press("y")
        assert seen == ["2 accuracy", "2 top-5", "2 learning rate", "2 images/s"]
        assert shown(screen, "#accuracy").startswith("2 accuracy")
        assert shown(screen, "#loss").startswith("1 loss")


async def test_under_its_tab_the_second_plot_says_what_it_shows_where_that_is_no_accuracy(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: shown(screen, "#accuracy").startswith("on test"))
        await pilot.press("y", "y")
        assert shown(screen, "#accuracy").startswith("2 learning rate   a ")


async def test_w_smooths_the_curves_and_says_so(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("w", "w")
        assert "on test, smoothed 0.7" in shown(screen, "#loss")
        assert "on test, smoothed 0.7" in shown(screen, "#accuracy")
        roles = {role for row in screen.query_one("#loss")._lines for _, role in row}  # type: ignore[attr-defined]
        assert "faint1" in roles
        await pilot.press("W", "W", "W")
        assert "smoothed" not in shown(screen, "#loss")


async def test_m_draws_with_blocks_then_with_ascii(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("m", "m")
        assert "\n".join(shown(screen, "#loss").splitlines()[1:]).isascii()
        await pilot.press("m")
        assert not shown(screen, "#loss").isascii()


async def test_where_two_fields_vary_a_heat_table_shows_the_final_or_the_best(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", vary=HEAT, states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        heat = shown(screen, "#heat")
        assert "final test top-1" in heat
        assert "down: learning rate, across: batch size" in heat
        assert all(label in heat for label in ("0.01", "0.1", "16", "32", "64"))
        await pilot.press("h")
        assert "best test top-1" in shown(screen, "#heat")


async def test_without_two_fields_there_is_no_heat_table(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert {"h", "4"}.isdisjoint(possible(screen))  # type: ignore[arg-type]
        assert not screen.query_one("#heat").display


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (80, 40), (120, 24)])
async def test_the_number_keys_bring_every_pane_to_the_front(size: tuple[int, int], at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", vary=HEAT, states=["finished"])
    async with app_of(sweep).run_test(size=size) as pilot:
        screen = await opened(pilot)
        for key, pane in (("2", "accuracy"), ("4", "heat"), ("3", "table"), ("1", "loss")):
            await pilot.press(key)
            await pilot.pause()
            assert screen.query_one(f"#{pane}").display
            assert shown(screen, f"#{pane}")


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (80, 40), (120, 24)])
async def test_6_draws_the_error_over_the_number_that_is_varied(size: tuple[int, int], at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=size) as pilot:
        screen = await opened(pilot)
        assert not screen.query_one("#error").display
        await pilot.press("6")
        await until(pilot, lambda: "learning rate, log" in shown(screen, "#error"))
        assert all(
            word in shown(screen, "#error")
            for word in ("error after each run's last epoch", "train", "test", "error (%)")
        )
        await pilot.press("1")
        assert not screen.query_one("#error").display


@pytest.mark.parametrize("vary", [HEAT, ("optimizer.nesterov=false,true",), ()], ids=["two", "no number", "none"])
async def test_without_one_number_that_varies_there_is_no_error_over_it(vary: Any, at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", vary=vary, seeds=1 if vary else 2, states=["finished"])
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert "6" not in possible(screen)  # type: ignore[operator]
        assert "error" not in shown(screen, "#tabs")
        await pilot.press("6")
        assert not screen.query_one("#error").display


async def test_the_error_s_pane_comes_with_the_second_value_that_has_measured_anything(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished", "queued"])
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert "6 error" not in shown(screen, "#tabs")
        second = list(sweep.runs())[1][1]
        journal(second, *events(second.training_spec().experiment, "finished", 1.8e9))
        await until(pilot, lambda: "6 error" in shown(screen, "#tabs"))


async def test_a_click_on_a_tab_opens_it(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        tabs = shown(screen, "#tabs")
        await pilot.click("#tabs", offset=(1 + tabs.index("table"), 0))
        await pilot.pause()
        assert screen.query_one("#table").display
        assert not screen.query_one("#loss").display


async def test_the_cursor_moves_while_a_plot_is_in_front_of_the_table(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert not screen.query_one("#table").display
        await pilot.press("down", "down")
        assert screen.query_one(PointTable).cursor == "2"
        await pilot.press("up")
        await until(pilot, lambda: "b learning rate 0.02" in shown(screen, "#loss"))


async def test_seeds_are_one_mean_with_its_band_and_their_runs_can_be_reached(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", vary=("optimizer.lr=0.01,0.1",), seeds=3, states=["finished"])
    app = app_of(sweep)
    async with app.run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert "░" in shown(screen, "#loss")
        rows = shown(screen, "#table").splitlines()
        assert len(rows) == 3
        assert "±" in rows[1]
        assert possible(screen)["f"] == "unfold"  # type: ignore[arg-type]
        await pilot.press("f")
        assert [row.split()[:2] for row in shown(screen, "#table").splitlines()[2:5]] == [
            ["seed", "0"],
            ["seed", "1"],
            ["seed", "2"],
        ]
        await pilot.press("down", "down")
        await until(pilot, lambda: "learning rate 0.01, seed 1" in shown(screen, "#loss"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))


async def test_seeds_alone_are_listed_under_their_mean(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", vary=(), seeds=3, states=["finished", "finished", "queued"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        rows = shown(screen, "#table").splitlines()
        assert rows[1].strip().startswith("mean of 3 seeds")
        assert len(rows) == 5
        assert "varied: 3 seeds" in shown(screen, "#head")
        await pilot.press("enter")
        assert len(shown(screen, "#table").splitlines()) == 2


async def test_what_members_journal_appears(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs")
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        running = sweep.runs()[3][1]
        let_go(running)
        await until(pilot, lambda: "interrupted" in shown(screen, "#table"))


async def test_a_member_that_is_gone_is_told(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    gone = sweep.runs()[1][1]
    gone.path.rename(at_home / "elsewhere")
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: "is not there any more" in shown(screen, "#messages"))
        assert "4 of 4 runs done" in shown(screen, "#head")


async def test_nothing_is_drawn_again_while_nothing_changes(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.pause(0.5)
        drawn: list[Any] = []
        monkeypatch.setattr(type(screen.query_one("#loss")), "draw_now", lambda self: drawn.append(self))
        screen._drawn_at = 0.0  # long ago
        screen.poll()
        assert drawn == []


async def test_the_question_mark_explains_the_screen(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_of(sweep).run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpModal))


async def test_enter_on_a_sweep_of_the_bench_starts_it_and_opens_its_screen(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.tui.bench_lab import lab

    asked: list[int] = []

    def start_sweep(spec: Any, runs_dir: Path, device: str) -> SweepFolder:
        asked.append(len(spec.members()))
        return make_sweep(at_home / "runs", vary=(), seeds=3, states=["queued"])

    monkeypatch.setattr(launcher, "start_sweep", start_sweep)
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        screen = app.screen
        assert isinstance(screen, BenchScreen)
        question = screen.question
        assert question is not None
        screen.desk.edit(question, "seeds", "3")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SweepScreen))
        await opened(pilot)
        await pilot.press("escape")
        await looked(app, pilot)
        assert "sweep 0/3 done" in app.screen.query_one("TopBar").state  # type: ignore[attr-defined]
    assert asked == [3]
