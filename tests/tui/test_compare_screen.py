"""The comparison of runs: every key, and what is shown."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest
from textual.widget import Widget

from tests.builders import let_go, make_measure, make_run
from tests.tui.bench_lab import LARGE, MIDDLE, SMALL, at_home
from tests.tui.comparisons import app_of, make_runs, opened, shown
from tests.tui.lab import journal, possible, until, written
from tp1tui.journal.events import Changed, Epoch
from tp1tui.journal.follow import Follower
from tp1tui.tui.keys import possible_now
from tp1tui.tui.screens.bench import BenchScreen
from tp1tui.tui.screens.compare import CompareScreen
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.terminal.ability import Ability
from tp1tui.tui.widgets.plot_view import PlotView

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


def rows(screen: CompareScreen) -> list[str]:
    return shown(screen, "#table").splitlines()[1:]


def lit(screen: CompareScreen) -> str:
    """What is written in the colour of the curve that is looked at, its line left out."""
    lines = screen.query_one("#plot")._lines[1:]  # type: ignore[attr-defined]
    return " ".join(text for line in lines for text, role in line if role == "lit" and text.strip("⠀-⣿•─│ ").isascii())


async def test_all_runs_are_overlaid_and_listed_under_the_same_letters(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        title, differing, view = shown(screen, "#head").splitlines()
        assert title.startswith("3 runs compared   digits")
        assert title.endswith("✓ finished")
        assert differing == "they differ in learning rate, seed"
        assert view == "test loss over epochs"
        plot = shown(screen, "#plot")
        assert all(f"{sign} {name}" in plot for sign, name in zip("abc", ("0.003", "0.01", "0.03"), strict=True))
        assert [row.split()[0] for row in rows(screen)] == ["a", "b", "c"]
        assert [row.split()[3] for row in rows(screen)] == ["0.003", "0.01", "0.03"]


async def test_up_and_down_move_through_the_runs_and_bring_their_curve_forward(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert shown(screen, "#plot").splitlines()[0].startswith("test loss   a ")
        await pilot.press("down")
        await until(pilot, lambda: shown(screen, "#plot").splitlines()[0].startswith("test loss   b "))
        assert "b 0.01" in lit(screen)
        await pilot.press("up")
        await until(pilot, lambda: shown(screen, "#plot").splitlines()[0].startswith("test loss   a "))


async def test_enter_opens_the_run_and_escape_leads_back_twice(at_home: Path) -> None:
    folders = make_runs(at_home / "runs")
    app = app_of(folders)
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and app.screen.watched)
        assert isinstance(app.screen, RunScreen)
        assert app.screen.watched
        assert app.screen.watched.folder.id == folders[1].id
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))


async def test_y_goes_through_all_metrics_and_t_only_where_there_are_sets(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        seen = []
        for _ in range(5):
            seen.append(shown(screen, "#plot").split("   ")[0])
            await pilot.press("y")
        assert seen == ["test loss", "test top-1", "test top-5", "learning rate", "images/s"]
        await pilot.press("t")
        assert shown(screen, "#head").splitlines()[-1] == "train loss over epochs"
        await pilot.press("y", "y", "y")
        assert "t" not in possible(screen)  # type: ignore[arg-type]


async def test_t_offers_the_validation_set_where_one_is_held_out(at_home: Path) -> None:
    folders = make_runs(at_home / "runs", 2)
    for folder in folders:
        follower = Follower(folder)
        follower.poll()
        last = follower.record.last
        assert last
        journal(folder, last.model_copy(update={"validation_loss": 0.5, "validation_top1": 50.0}))
    async with app_of(folders).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("t", "t")
        assert shown(screen, "#head").splitlines()[-1] == "validation loss over epochs"
        await pilot.press("t", "t")
        assert shown(screen, "#head").splitlines()[-1] == "test loss over epochs"


async def test_t_leads_to_each_batch_after_the_sets_where_a_metric_is_known_of_it(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("t", "t")
        assert shown(screen, "#head").splitlines()[-1] == "loss of each batch over epochs"
        assert shown(screen, "#plot").startswith("loss of each batch   a ")
        await pilot.press("w", "w", "w", "w")
        assert "exponential moving average 0.9" in shown(screen, "#head")
        roles = {role for line in screen.query_one("#plot")._lines for _, role in line}  # type: ignore[attr-defined]
        assert {"faint1", "faint2", "lit"} <= roles
        for axis in ("step", "seconds", "wall, s"):
            await pilot.press("o")
            assert axis in shown(screen, "#plot").splitlines()[-1]
            assert "lit" in {role for line in screen.query_one("#plot")._lines[1:] for _, role in line}  # type: ignore[attr-defined]
        await pilot.press("y")
        assert shown(screen, "#plot").startswith("top-1 of each batch")
        await pilot.press("y")
        assert shown(screen, "#plot").startswith("train top-5")


async def test_o_goes_through_the_axes(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        seen = []
        for _ in range(5):
            seen.append(
                (shown(screen, "#head").splitlines()[-1], shown(screen, "#plot").splitlines()[-1].split("  ")[-1])
            )
            await pilot.press("o")
        assert [axis.strip() for _, axis in seen] == ["epoch", "step", "seconds", "wall, s", "epoch"]
        assert seen[2][0] == "test loss over seconds of training, pauses left out"
        assert seen[3][0] == "test loss over wall time since each run began, in seconds"


async def test_w_smooths_says_so_in_the_head_and_leaves_the_raw_curve_behind(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert "W" not in possible(screen)  # type: ignore[arg-type]
        await pilot.press("w", "w")
        assert "exponential moving average 0.7" in shown(screen, "#head")
        assert "smoothed 0.7" in shown(screen, "#plot")
        roles = {role for line in screen.query_one("#plot")._lines for _, role in line}  # type: ignore[attr-defined]
        assert {"faint1", "faint2", "faint3"} <= roles
        await pilot.press("W", "W")
        assert "average" not in shown(screen, "#head")


async def test_a_log_scale_of_losses_is_remembered(at_home: Path) -> None:
    folders = make_runs(at_home / "runs")
    app = app_of(folders)
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("l", "escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        assert app.preferences.log_y
        app.open_comparison(folders)
        screen = await opened(pilot)
        assert "log scale" in shown(screen, "#head")
        await pilot.press("l", "y", "l")
        assert not app.preferences.log_y


@pytest.mark.parametrize(("colours", "is_dim"), [("none", True), ("truecolor", False)])
async def test_without_colours_what_was_smoothed_is_dim(at_home: Path, colours: Any, is_dim: bool) -> None:
    app = app_of(make_runs(at_home / "runs"), Ability(colours=colours))
    async with app.run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("w", "w", "w", "w")
        view = screen.query_one(PlotView)
        styles = [segment.style for y in range(view.size.height) for segment in view.render_line(y)]
        assert any(style is not None and bool(style.dim) for style in styles) == is_dim


async def test_l_is_kept_for_each_metric(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("l")
        assert "log scale" in shown(screen, "#head")
        assert shown(screen, "#plot").startswith("test loss, log")
        await pilot.press("y")
        assert "log" not in shown(screen, "#head")
        await pilot.press("y", "y", "y", "y")
        assert "log scale" in shown(screen, "#head")


async def test_b_holds_the_others_against_the_run_under_the_cursor(at_home: Path) -> None:
    folders = make_runs(at_home / "runs")
    async with app_of(folders).run_test(size=LARGE) as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "b")
        assert "baseline b" in shown(screen, "#head")
        assert [" baseline " in row for row in rows(screen)] == [False, True, False]
        best = []
        for folder in folders:
            follower = Follower(folder)
            follower.poll()
            assert follower.record.best
            best.append(follower.record.best.test_top1)
        for place, mark in ((0, "▲" if best[0] > best[1] else "▼"), (2, "▲" if best[2] > best[1] else "▼")):
            assert f" {best[place] - best[1]:+.1f} " in rows(screen)[place]
            assert mark in rows(screen)[place]
        assert "▲" not in rows(screen)[1]
        await pilot.press("down")
        await until(pilot, lambda: " to b" in shown(screen, "#plot").splitlines()[0])
        await pilot.press("up")
        await until(pilot, lambda: "no baseline" in possible(screen).values())  # type: ignore[arg-type]
        await pilot.press("b")
        assert "baseline" not in shown(screen, "#head") + shown(screen, "#table")


async def test_delete_leaves_a_run_out_the_others_keep_their_letters_and_u_takes_it_in_again(at_home: Path) -> None:
    folders = make_runs(at_home / "runs")
    async with app_of(folders).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("b", "delete")
        await until(pilot, lambda: len(rows(screen)) == 2)
        assert [row.split()[0] for row in rows(screen)] == ["b", "c"]
        assert "baseline" not in shown(screen, "#head")
        assert all(folder.path.exists() for folder in folders)
        await pilot.press("delete")
        await until(pilot, lambda: len(rows(screen)) == 1)
        assert "delete" not in possible(screen)  # type: ignore[arg-type]
        await pilot.press("u", "u")
        await until(pilot, lambda: len(rows(screen)) == 3)
        assert [row.split()[0] for row in rows(screen)] == ["a", "b", "c"]
        assert "u" not in possible(screen)  # type: ignore[arg-type]


async def test_a_run_has_the_same_letter_the_next_time(at_home: Path) -> None:
    folders = make_runs(at_home / "runs", 4)
    app = app_of(folders[:2])
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BenchScreen))
        app.open_comparison([folders[3], folders[1]])
        screen = await opened(pilot)
        await until(pilot, lambda: len(rows(screen)) == 2)
        assert [row.split()[0] for row in rows(screen)] == ["c", "b"]


@pytest.mark.parametrize("size", [SMALL, MIDDLE])
async def test_d_puts_the_differences_in_the_plot_s_place_and_back(at_home: Path, size: tuple[int, int]) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=size) as pilot:
        screen = await opened(pilot)
        assert not screen.query_one("#differences").display
        await pilot.press("d")
        await until(pilot, lambda: "learning rate" in shown(screen, "#differences"))
        assert not screen.query_one("#plot").display
        await pilot.press("d")
        await pilot.pause()
        assert screen.query_one("#plot").display
        assert screen.query_one("#table", Widget).has_focus


async def test_where_there_is_room_the_differences_stand_beside_the_curves(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=LARGE) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: "learning rate" in shown(screen, "#differences"))
        assert screen.query_one("#plot").display
        await pilot.press("d")
        await pilot.pause()
        assert not screen.query_one("#differences").display


async def test_e_writes_both_tables_and_says_where(at_home: Path) -> None:
    folders = make_runs(at_home / "runs", states=["finished", "running"])
    app = app_of(folders)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("e")
        await written(pilot)
        assert "comparisons" in next(iter(app._notifications)).message
    for folder in folders[1:]:
        let_go(folder)
    differences, curves = sorted((at_home / "runs" / "comparisons").iterdir())
    assert differences.name.endswith("-differences.csv")
    with curves.open() as file:
        assert {row["run"].partition("_")[0] for row in csv.DictReader(file)} == {"digits"}


async def test_m_draws_with_blocks_then_with_ascii(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("m", "m")
        assert "\n".join(shown(screen, "#plot").splitlines()[1:]).isascii()


async def test_a_run_that_goes_on_grows_and_is_marked(at_home: Path) -> None:
    folders = make_runs(at_home / "runs", 2, states=["finished", "running"])
    async with app_of(folders).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert shown(screen, "#head").splitlines()[0].endswith("● 1 running")
        assert " 6/12" in rows(screen)[1]
        follower = Follower(folders[1])
        follower.poll()
        last = follower.record.last
        assert isinstance(last, Epoch)
        steps = last.step // last.epoch
        screen.drawn_at = 0.0
        journal(
            folders[1],
            Changed(time=last.time + 1, step=last.step + 1, switch="dropout", old=False, new=True, epoch=6.5),
            last.model_copy(update={"epoch": 7, "step": last.step + steps, "time": last.time + 2}),
        )
        await until(pilot, lambda: " 7/12" in rows(screen)[1])
        assert "dropout" in shown(screen, "#head")
    let_go(folders[1])


async def test_what_cannot_be_read_is_named_and_left_out(at_home: Path) -> None:
    folders = make_runs(at_home / "runs", 4)
    folders[1].spec_path.write_text("kind = 3")
    shutil.rmtree(folders[2].path)
    measure = make_measure(at_home / "runs")
    async with app_of([*folders, measure]).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert [row.split()[0] for row in rows(screen)] == ["a", "d"]
        told = " ".join(shown(screen, "#messages").split())
        assert folders[1].id in told
        assert folders[2].id in told
        assert "1 more run" in told


async def test_nothing_that_can_be_read_is_said_and_not_a_crash(at_home: Path) -> None:
    measure = make_measure(at_home / "runs")
    app = app_of([measure])
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.watched)
        assert isinstance(app.screen, CompareScreen)
        screen = app.screen
        await until(pilot, lambda: shown(screen, "#messages"))
        assert {"enter", "e", "b", "delete"}.isdisjoint(possible(screen))  # type: ignore[arg-type]
        await pilot.press("y", "t", "o", "w", "l", "d", "down")
        await pilot.pause()


async def test_a_burst_of_keys_draws_the_plot_once(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_of(make_runs(at_home / "runs", 12)).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        drawn: list[str] = []
        view = screen.query_one(PlotView)
        draw = view.draw_now
        monkeypatch.setattr(view, "draw_now", lambda: (drawn.append(screen.aspect.lit), draw()))
        for _ in range(8):
            screen.action_move(1)
        await until(pilot, lambda: shown(screen, "#plot").startswith("test loss   i "))
        assert len(drawn) < 8


async def test_help_tells_every_key_that_does_something_and_no_other(at_home: Path) -> None:
    async with app_of(make_runs(at_home / "runs")).run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        for key in ("", "b", "w", "delete", "d"):
            if key:
                await pilot.press(key)
                await pilot.pause()
            active = {
                binding.key
                for _, binding, enabled, _ in screen.active_bindings.values()
                if enabled and not binding.system and not binding.key.startswith("super+")
            }
            told = [name for entry in possible_now(screen) for name in entry.keys]
            assert set(told) == active
            assert len(told) == len(set(told))


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_forty_runs_are_told_apart_by_letters_at_any_size(at_home: Path, size: tuple[int, int]) -> None:
    folders = [make_run(at_home / "runs", "digits", epochs=3, seed=seed) for seed in range(40)]
    async with app_of(folders).run_test(size=size) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: len(rows(screen)) == 40)
        assert len({row.split()[0] for row in rows(screen)}) == 40
        await pilot.press("end")
        await until(pilot, lambda: screen.query_one("#plot").text.startswith("test loss   N "))  # type: ignore[attr-defined]
        assert screen.query_one("#plot", Widget).size.height >= 8


async def test_a_run_that_is_thrown_away_meanwhile_is_said_to_be_gone_and_comes_back(at_home: Path) -> None:
    folders = make_runs(at_home / "runs", 3)
    async with app_of(folders).run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        elsewhere = folders[1].path.rename(at_home / "thrown-away")
        await until(pilot, lambda: [row.split()[0] for row in rows(screen)] == ["a", "c"])
        assert f"{folders[1].id} is gone" in " ".join(shown(screen, "#messages").split())
        elsewhere.rename(folders[1].path)
        await until(pilot, lambda: [row.split()[0] for row in rows(screen)] == ["a", "b", "c"])
        assert "is gone" not in shown(screen, "#messages")
