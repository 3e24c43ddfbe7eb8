"""The schedule on the bench: drawn before a run, where it changes, in sight on every size."""

from __future__ import annotations

from typing import Any, cast

import pytest
from textual.pilot import Pilot

from tests.builders import run_spec
from tests.spec.shipped import SHIPPED
from tests.tui.bench_lab import MIDDLE, SMALL, at_home, bench, lab
from tests.tui.pictured import every_size
from tp1tui.spec.changes import with_changes
from tp1tui.spec.preset import SweepPreset
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.bench.courses import courses
from tp1tui.tui.bench.fields import main_fields
from tp1tui.tui.bench.schedule_lines import schedule_lines
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.widgets.schedule_pane import SchedulePane

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

CD18 = run_spec("cd18").experiment
RESTARTS = "warm-restarts; schedule.period=4; schedule.multiplier=2; schedule.warmup_epochs=1.5"


async def with_schedule(pilot: Pilot[str | None], typed: str) -> SchedulePane:
    """The question on cd18, its schedule edited."""
    await pilot.press("down")
    screen = bench(pilot.app)  # type: ignore[arg-type]
    assert screen.question is not None
    screen.desk.edit(screen.question, "schedule.kind", typed)
    screen.show()
    await pilot.pause()
    return screen.query_one(SchedulePane)


def told(schedule: str, *settings: str, width: int = 200) -> str:
    """What is said over the plot."""
    experiment = with_changes(CD18, [f"schedule={schedule}", *settings])
    return "".join(text for text, _ in schedule_lines({"": experiment}, width, 10, Glyphs.BRAILLE)[0])


@every_size
def test_the_schedule(size: tuple[int, int], snap_compare: Any) -> None:
    async def draw(pilot: Pilot[str | None]) -> None:
        await with_schedule(pilot, RESTARTS)
        await pilot.press("4")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(lab(), terminal_size=size, run_before=draw)


async def test_beside_other_panes_it_stands_only_where_the_learning_rate_changes() -> None:
    app: Tp1Tui = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        pane = await with_schedule(pilot, "cosine")
        assert pane.display
        assert "Learning rate 0.01 at first" in pane.text
        await pilot.press("u")
        await pilot.pause()
        assert not pane.display


async def test_its_page_says_that_a_constant_one_is_constant() -> None:
    app: Tp1Tui = lab()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("down", "left")
        await pilot.pause()
        pane = bench(app).query_one(SchedulePane)
        assert pane.display
        assert " ".join(pane.text.split()) == "The learning rate is 0.01 from the first step to the last."


async def test_m_draws_it_with_characters_that_every_font_has() -> None:
    app: Tp1Tui = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        pane = await with_schedule(pilot, "cosine")
        assert not pane.text.isascii()
        await pilot.press("m", "m")
        await pilot.pause()
        assert pane.text.isascii()


def test_the_words_over_the_plot_tell_where_it_begins_peaks_and_ends() -> None:
    assert told("{kind='exponential', gamma=0.9}") == "Learning rate 0.01 at first, 0.000471 at the end."
    assert told("{kind='one-cycle'}") == "Learning rate 0.0004 at first, 0.01 after 9 epochs, 4e-08 at the end."
    assert told("{kind='constant', warmup_epochs=2}") == "Learning rate 0.001 at first, 0.01 at the end."


def test_a_plateau_is_drawn_level_and_said_to_depend_on_the_losses() -> None:
    assert told("{kind='plateau', patience=1}") == (
        "Learning rate 0.01, times 0.1 whenever the training loss has not fallen for more than 1 epoch. When that will "
        "be depends on the losses; it is drawn as if it never were."
    )


def test_where_there_is_no_room_for_a_plot_there_are_words() -> None:
    lines = schedule_lines({"": with_changes(CD18, ["schedule.kind=cosine"])}, 30, 4, Glyphs.BRAILLE)
    assert [text for line in lines for text, _ in line] == ["Learning rate 0.01 at first,", "2.739e-05 at the end."]


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        ("{kind='constant', warmup_epochs=0.5}", "constant, warm-up 0.5"),
        ("{kind='exponential', gamma=0.95}", "× 0.95 an epoch"),
        ("{kind='step', every=10}", "× 0.1 every 10 epochs"),
        ("{kind='multi-step', milestones=[10, 20]}", "× 0.1 after 10, 20"),
        ("{kind='cosine', warmup_epochs=2}", "cosine to 0, warm-up 2"),
        ("{kind='warm-restarts', period=10}", "cosine anew after 10"),
        ("{kind='warm-restarts', period=2, multiplier=2}", "cosine anew after 2, then × 2"),
        ("{kind='one-cycle'}", "one cycle, peak at 30 %"),
        ("{kind='plateau'}", "× 0.1 on a plateau"),
    ],
)
def test_every_schedule_has_its_words_in_the_list_of_fields(schedule: str, text: str) -> None:
    rows = {row.path: row for row in main_fields(CD18, with_changes(CD18, [f"schedule={schedule}"]))}
    assert rows["schedule.kind"].value == text
    assert rows["schedule.kind"].changed


def test_a_sweep_over_schedules_draws_them_all_and_one_over_anything_else_that_of_its_experiment() -> None:
    swept = SHIPPED.load(SHIPPED.find("cd28-schedules"))
    found = courses(swept)
    assert list(found) == [variant.name for variant in cast("SweepPreset", swept).sweep.variants]
    lines = ["".join(text for text, _ in line) for line in schedule_lines(found, 100, 30, Glyphs.ASCII)]
    assert "i warm-up, then cosine" in " ".join(lines)
    assert len(lines) == 30
    other = SHIPPED.load(SHIPPED.find("cd21-standardizations"))
    assert list(courses(other)) == [""]
    rates = courses(SHIPPED.load(SHIPPED.find("learning-rates")))
    assert len(rates) == 5
    (line,) = schedule_lines(rates, 100, 30, Glyphs.ASCII)
    assert line[0][0] == "Each run keeps its learning rate from the first step to the last."
    assert courses(None) == courses(SHIPPED.load(SHIPPED.find("cd01"))) == {}
