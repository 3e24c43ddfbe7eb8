from __future__ import annotations

import json
import math
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual.widgets import Button

from tests.builders import let_go, make_first_steps, make_run
from tests.tui.lab import Lab, journal, opened, possible, screen_of, shown, until
from tests.tui.runs import epoch
from tests.tui.test_run_curves import batches
from tp1tui.journal.events import Changed, Failed, Finished, Paused, Preparing, Resumed
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.tickets import line, put_in_line
from tp1tui.spec.frozen import RunSpec
from tp1tui.tui.screens.run import RunScreen
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.worker import launcher
from tp1tui.worker.line_lock import only_one
from tp1tui.worker.spawning import LaunchError


def commands(folder: RunFolder) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(folder.commands_dir.iterdir())]


def steps(folder: RunFolder) -> int:
    follower = Follower(folder)
    follower.poll()
    return len(follower.record.losses)


async def test_space_pauses_and_lets_go_on_and_the_footer_follows(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        assert possible(screen)["space"] == "pause"
        await pilot.press("space")
        assert commands(folder) == [{"kind": "pause"}]
        await until(pilot, lambda: "pausing …" in shown(screen, "#head"))
        journal(folder, Paused(time=2e9, step=steps(folder)))
        await until(pilot, lambda: "‖ paused" in shown(screen, "#head"))
        assert "pausing" not in shown(screen, "#head")
        assert possible(screen)["space"] == "go on"
        await pilot.press("space")
        assert commands(folder)[-1] == {"kind": "resume"}
        journal(folder, Resumed(time=2e9, step=steps(folder), from_checkpoint=False, pid=1, device="cpu"))
        await until(pilot, lambda: "● running" in shown(screen, "#head"))


async def test_x_asks_first_and_then_stops(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("x")
        await until(pilot, lambda: pilot.app.screen.query(Button))
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert commands(folder) == []
        await pilot.press("x")
        await until(pilot, lambda: pilot.app.screen.query(Button))
        await pilot.press("y")
        await until(pilot, lambda: commands(folder) == [{"kind": "stop"}])
        journal(folder, Finished(time=2e9, step=steps(folder), outcome="stopped"))
        let_go(folder)
        await until(pilot, lambda: "■ stopped" in shown(screen, "#head"))
        assert "space" not in possible(screen)
        assert "x" not in possible(screen)
        assert possible(screen)["r"] == "resume"


@pytest.mark.parametrize(("key", "switch", "on"), [("a", "augmentation", True), ("d", "dropout", False)])
async def test_a_and_d_switch_the_run_as_it_goes(tmp_path: Path, key: str, switch: Any, on: bool) -> None:
    folder = make_run(tmp_path, epochs=6, state="running")
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press(key)
        assert commands(folder) == [{"kind": "switch", "switch": switch, "on": on}]
        await until(pilot, lambda: f"switching {switch} {'on' if on else 'off'} …" in shown(screen, "#head"))
        done = steps(folder)
        journal(folder, Changed(time=2e9, step=done, switch=switch, old=not on, new=on, epoch=done / 391))
        await until(pilot, lambda: f"{switch} {'on*' if on else 'off '}" in shown(screen, "#head"))
        await until(pilot, lambda: f"{key} {'on' if on else 'off'}" in shown(screen, "#loss"))


async def test_where_nothing_can_be_switched_the_keys_say_why(tmp_path: Path) -> None:
    folder = make_run(tmp_path, "ab2.4", epochs=4, state="running")
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        assert {"a", "d", "b"}.isdisjoint(possible(screen))
        await pilot.press("a", "d", "b")
        assert [notice.message for notice in pilot.app._notifications] == [
            "Circles has no images to augment.",
            "This network has no dropout layers.",
            "This network has no batch normalization layers.",
        ]
        assert commands(folder) == []


async def test_n_and_b_ask_and_start_a_new_run_over_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    asked: list[RunSpec] = []

    def start(spec: RunSpec, runs_dir: Path, device: str, _give: launcher.Give) -> RunFolder:
        asked.append(spec)
        assert (runs_dir, device) == (tmp_path, "cpu")
        return make_run(tmp_path, epochs=4, state="running", seed=1)

    monkeypatch.setattr(launcher, "start", start)
    async with Lab(folder).run_test(size=(120, 40)) as pilot:
        first = await opened(pilot)
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen.query(Button))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen) and pilot.app.screen is not first)
        second = await opened(pilot)
        assert [spec.experiment.is_on("standardization") for spec in asked] == [True]
        assert "train, before" in shown(second, "#loss")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is first)
        assert commands(folder) == []


async def test_a_run_that_is_over_offers_all_four_switches_as_new_runs(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=4)).run_test() as pilot:
        keys = possible(await opened(pilot))
        assert all(keys[key].startswith("new run") for key in "adnb")


async def test_a_run_that_cannot_be_started_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: Any) -> RunFolder:
        raise LaunchError("No worker can be started here.")

    monkeypatch.setattr(launcher, "start", start)
    async with Lab(make_run(tmp_path, epochs=4)).run_test() as pilot:
        screen = await opened(pilot)
        await pilot.press("b")
        await until(pilot, lambda: pilot.app.screen.query(Button))
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.screen is screen and pilot.app._notifications)
        assert [notice.message for notice in pilot.app._notifications] == ["No worker can be started here."]


async def test_e_exports_and_says_where(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test() as pilot:
        await opened(pilot)
        await pilot.press("e")
        await until(pilot, lambda: pilot.app._notifications)
        [notice] = pilot.app._notifications
        assert str(folder.path) in notice.message.replace("\n", "")
        assert (folder.path / "epochs.csv").exists()


async def test_r_starts_a_worker_on_an_interrupted_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_run(tmp_path, epochs=4, state="interrupted")
    resumed: list[RunFolder] = []
    monkeypatch.setattr(launcher, "resume", lambda folder, *_: resumed.append(folder))
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        assert "r goes on from the last checkpoint" in shown(screen, "#messages")
        await pilot.press("r")
        await until(pilot, lambda: "a worker is starting …" in shown(screen, "#head"))
        assert [run.id for run in resumed] == [folder.id]
        assert "r" not in possible(screen)


async def test_l_draws_losses_on_a_log_scale_and_back(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=8)).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        linear = shown(screen, "#loss")
        await pilot.press("l")
        assert "1 loss, log" in shown(screen, "#loss")
        assert "3 loss of every batch, log" in shown(screen, "#batches")
        assert "log" not in shown(screen, "#accuracy")
        await pilot.press("l")
        assert shown(screen, "#loss") == linear


async def test_digits_bring_a_plot_to_the_front(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=4)).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        for key, pane in (("2", "accuracy"), ("3", "batches"), ("1", "loss"), ("1", "loss")):
            await pilot.press(key)
            assert [view.id for view in screen.query("PlotView") if view.display] == [pane]
            await until(pilot, lambda pane=pane: "┤" in shown(screen, f"#{pane}"))


async def test_with_room_a_digit_pressed_twice_shows_all_again(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=4)).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("3")
        assert [view.id for view in screen.query("PlotView") if view.display] == ["batches"]
        await pilot.press("3")
        assert len([view for view in screen.query("PlotView") if view.display]) == 3


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_t_shows_the_layers_and_puts_them_away(tmp_path: Path, size: tuple[int, int]) -> None:
    async with Lab(make_run(tmp_path, epochs=4)).run_test(size=size) as pilot:
        screen = await opened(pilot)
        before = screen.query_one("#side").display
        await pilot.press("t")
        assert screen.query_one("#side").display is not before
        await pilot.press("t")
        assert screen.query_one("#side").display is before
        if before:
            assert "1,191,170" in shown(screen, "#layers")


async def test_a_click_on_a_tab_opens_it(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=4)).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        place = shown(screen, "#tabs").index("accuracy") + 1
        await pilot.click("#tabs", offset=(place, 0))
        assert screen.query_one("#accuracy").display


async def test_m_draws_with_other_characters(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, epochs=4)).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("m", "m")
        assert shown(screen, "#loss").isascii()
        legend = shown(screen, "#loss").splitlines()[0].split("   ")
        assert [item[0] for item in legend] == [".", "o", "X"]


async def test_q_leaves_and_nothing_is_asked_of_the_worker(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    app = Lab(folder)
    async with app.run_test() as pilot:
        assert possible(await opened(pilot))["q"] == "leave"
        await pilot.press("q")
        await until(pilot, lambda: app.left)
    assert commands(folder) == []


async def test_q_quits_when_nothing_goes_on(tmp_path: Path) -> None:
    app = Lab(make_run(tmp_path, epochs=4))
    async with app.run_test() as pilot:
        assert possible(await opened(pilot))["q"] == "quit"
        await pilot.press("q")
        await until(pilot, lambda: app.left)


async def test_new_batches_are_drawn_as_they_come(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        before = shown(screen, "#batches")
        done = steps(folder)
        journal(folder, batches(done + 1, [9.0] * 30))
        await until(pilot, lambda: shown(screen, "#batches") != before)
        await until(pilot, lambda: f"step {done + 30:,}" in shown(screen, "#head"))


async def test_a_loss_that_is_nan_is_told_and_marked(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        done = steps(folder)
        journal(folder, batches(done + 1, [math.nan] * 10))
        await until(pilot, lambda: f"not finite from step {done + 1:,} on" in shown(screen, "#messages"))
        await until(pilot, lambda: "not finite from here" in shown(screen, "#batches"))


async def test_a_failure_while_watching_says_why(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        journal(folder, Failed(time=2e9, step=steps(folder), reason="The disk is full. Make room, then resume."))
        let_go(folder)
        await until(pilot, lambda: "✗ failed" in shown(screen, "#head"))
        assert "Failed: The disk is full." in shown(screen, "#messages")


async def test_a_run_that_failed_before_it_began_promises_nothing_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(tmp_path, epochs=4, state="queued")
    journal(folder, Failed(time=2e9, step=0, reason="There is no GPU here. Take the device cpu."))
    resumed: list[str | None] = []
    monkeypatch.setattr(launcher, "resume", lambda folder, device, _give: resumed.append(device))
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        assert "The run ended before anything was measured." in shown(screen, "#loss")
        assert "r tries again" in shown(screen, "#messages")
        await pilot.press("r")
        assert resumed == ["cpu"]


async def test_the_way_back_is_in_the_footer_at_80_columns(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="running")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert "Esc back  q leave" in str(screen.query_one(KeyBar).render())


async def test_a_queued_run_opens_and_fills_as_it_begins(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4, state="queued")
    async with Lab(folder).run_test() as pilot:
        screen = await opened(pilot)
        assert "unstarted" in shown(screen, "#head")
        assert "r starts it" in shown(screen, "#messages")
        assert "The first point comes" in shown(screen, "#loss")


async def test_the_batches_are_in_sight_until_the_first_epoch_is_done_where_steps_come_first(tmp_path: Path) -> None:
    folder = make_first_steps(tmp_path)
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: "each batch" in shown(screen, "#batches"))
        assert "Measuring the untrained network: 12,500 of 20,000 examples …" in shown(screen, "#messages")
        journal(folder, epoch(0))
        await until(pilot, lambda: not shown(screen, "#messages"))
        assert screen.query_one("#batches").display  # a single point is no curve
        journal(folder, epoch(1))
        await until(pilot, lambda: screen.query_one("#loss").display)
        assert not screen.query_one("#batches").display


async def test_how_far_the_untrained_network_is_measured_changes_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_first_steps(tmp_path)
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen, refreshed = await opened(pilot), []
        monkeypatch.setattr(screen, "refresh_bindings", lambda: refreshed.append(1))
        journal(folder, Preparing(time=2e9, step=50, what="measuring the untrained network: 19,000 of 20,000 examples"))
        await until(pilot, lambda: "19,000 of 20,000" in shown(screen, "#messages"))
        assert not refreshed
        journal(folder, epoch(0))
        await until(pilot, lambda: refreshed)


async def test_an_epoch_is_told_in_the_head_as_soon_as_on_the_curves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_run(tmp_path, state="running", epochs=30)
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        monkeypatch.setattr("tp1tui.tui.screens.run.HEAD", monotonic())  # not due again before long
        done = screen_of(pilot).look.record.last
        assert done
        journal(folder, epoch(done.epoch + 1))
        await until(pilot, lambda: f"epoch {done.epoch + 2} of" in shown(screen, "#head"))
    let_go(folder)


async def test_a_plot_that_was_chosen_stays_in_front_during_the_first_steps(tmp_path: Path) -> None:
    folder = make_first_steps(tmp_path)
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: screen.query_one("#accuracy").display)
        journal(folder, batches(51, [2.3]))
        await until(pilot, lambda: "step 51 " in shown(screen, "#head"))
        assert screen.query_one("#accuracy").display


async def test_a_run_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=4)
    folder.spec_path.write_text("nonsense")
    async with Lab(folder).run_test() as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        screen = screen_of(pilot)
        await until(pilot, lambda: "is not valid TOML" in shown(screen, "#messages"))
        assert "space" not in possible(screen)
        await pilot.press("escape")
        assert pilot.app.screen is not screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (40, 12), (80, 50), (300, 20)])
async def test_no_size_breaks_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with Lab(make_run(tmp_path, epochs=4)).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        for key in ("t", "1", "2", "3", "l"):
            await pilot.press(key)
        assert screen.size == size


async def test_leaving_while_the_journal_is_read_is_no_error(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=30)
    async with Lab(folder).run_test() as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        await pilot.press("escape")
        await pilot.app.workers.wait_for_complete()
        assert not isinstance(pilot.app.screen, RunScreen)


async def test_a_run_that_waits_in_line_says_where_and_can_be_started_or_taken_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tp1tui.worker.line.slots", lambda: ("cpu",))
    going, folder = make_run(tmp_path, "digits", state="running", seed=1), make_run(tmp_path, state="queued")
    put_in_line(folder, "cpu")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        with only_one(tmp_path):
            screen.follow_line()
            await until(pilot, lambda: "in line" in shown(screen, "#messages"))
        assert "First in line on cpu; starts when digits is done." in shown(screen, "#messages")
        assert (possible(screen)["r"], possible(screen)["x"]) == ("start now", "out of line")
        await pilot.press("x")
        await pilot.pause()
        assert line(tmp_path) == []
        assert "No worker has taken this run up yet" in shown(screen, "#messages")
        assert possible(screen)["r"] == "resume"
    let_go(going)


async def test_start_now_takes_a_run_out_of_line_and_starts_it_where_it_was_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[str] = []
    monkeypatch.setattr("tp1tui.worker.line.slots", lambda: ("cpu",))
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: spawned.append(device))
    folder = make_run(tmp_path, state="queued")
    put_in_line(folder, "cuda:3")
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        screen.follow_line()
        await until(pilot, lambda: "no process starts it" in shown(screen, "#messages"))
        await pilot.press("r")
        assert spawned == ["cuda:3"]
        assert line(tmp_path) == []
        assert "a worker is starting" in shown(screen, "#head")
