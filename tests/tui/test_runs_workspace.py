"""The table of runs as a place to work in: filter, order, selection, labels, trash, and the keys for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.builders import let_go, make_measure, make_run, make_sweep
from tests.tui.bench_lab import LARGE, MIDDLE, SMALL, at_home, lab
from tests.tui.lab import until
from tests.tui.test_runs_screen import looked, opened, possible, table
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.labels import LABELS_FILE, Labels, labels_of, relabel
from tp1tui.journal.trash import throw_away, thrown_away
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.bench import BenchScreen
from tp1tui.tui.screens.edit import EditModal
from tp1tui.tui.screens.runs import RunsScreen

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

PilotOf = Pilot[str | None]


def rows(app: Tp1Tui) -> list[str]:
    """The first words of every row."""
    return [row.strip("+±★ ").split("  ")[0] for row in table(app).text.splitlines()[1:]]


def said(app: Tp1Tui, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).render())


async def type_in(pilot: PilotOf, text: str) -> None:
    """Type a text into the line or the dialog that has the focus, letter by letter."""
    for letter in text:
        await pilot.press({" ": "space"}.get(letter, letter))
    await pilot.pause()


async def settled(app: Tp1Tui, pilot: PilotOf) -> None:
    """What was done is seen in the folder."""
    await app.workers.wait_for_complete()
    await pilot.pause()


def four_runs(runs_dir: Path) -> list[RunFolder]:
    """Newest first, as the table lists them."""
    presets = ("cd18", "digits", "cd34", "cd22")
    states: Any = ("finished", "failed", "stopped", "interrupted")
    made = [make_run(runs_dir, presets[at], state=states[at], seed=at) for at in range(4)]
    return made[::-1]


NEWEST_FIRST = ["cd22-crop-mirror", "cd34-batchnorm", "digits", "cd18-baseline"]


async def test_the_filter_lists_at_every_letter_what_is_looked_for_and_says_how_many(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "slash")
        await type_in(pilot, "cd")
        assert rows(app) == ["cd22-crop-mirror", "cd34-batchnorm", "cd18-baseline"]
        assert said(app, "#count").strip() == "3 of 4 runs"
        await type_in(pilot, " -state:stop")
        assert rows(app) == ["cd22-crop-mirror", "cd18-baseline"]
        await pilot.press("enter")
        assert table(app).has_focus
        await looked(app, pilot)
        assert rows(app) == ["cd22-crop-mirror", "cd18-baseline"]


async def test_a_term_that_says_nothing_is_explained_while_it_is_typed(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "slash")
        assert said(app, "#told").startswith("words, or state:failed")
        await type_in(pilot, "top1>")
        assert said(app, "#told") == "top1> wants a number, as top1>70."
        assert len(rows(app)) == 4
        await type_in(pilot, "69")
        assert said(app, "#told").startswith("words, or state:failed")
        assert 0 < len(rows(app)) < 4


async def test_letters_that_are_typed_into_the_filter_are_no_commands(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "slash")
        await type_in(pilot, "DPsuq x")
        assert app.screen.query_one("#words", Input).value == "DPsuq x"
        assert thrown_away(at_home / "runs") == []
        assert rows(app) == []


async def test_escape_leaves_the_filter_then_the_selection_then_the_screen(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "space", "slash")
        await type_in(pilot, "digits")
        await pilot.press("enter")
        assert "all runs" in possible(app)
        await pilot.press("escape")
        assert rows(app) == NEWEST_FIRST
        assert app.screen.query_one("#words", Input).value == ""
        assert table(app).selected
        assert "select none" in possible(app)
        await pilot.press("escape")
        assert not table(app).selected
        await pilot.press("escape")
        assert isinstance(app.screen, BenchScreen)


async def test_a_sweep_is_listed_as_long_as_one_of_its_runs_is(at_home: Path) -> None:
    make_sweep(at_home / "runs", states=["finished", "failed", "finished"])
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(app, pilot, "slash")
        await type_in(pilot, "state:failed")
        await pilot.press("enter", "f")
        assert len(rows(app)) == 2
        assert "failed" in table(app).text.splitlines()[2]
        assert "4/5 runs" in table(app).text.splitlines()[1]


async def test_s_sorts_by_the_next_column_and_capital_s_turns_the_order(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(app, pilot)
        assert rows(app) == NEWEST_FIRST
        await pilot.press("s")
        assert "run ↑" in table(app).text
        assert rows(app) == sorted(NEWEST_FIRST)
        await pilot.press("S")
        assert "run ↓" in table(app).text
        assert rows(app) == sorted(NEWEST_FIRST, reverse=True)
        await pilot.press("s")
        assert "state ↑" in table(app).text
        assert rows(app) == ["cd22-crop-mirror", "digits", "cd34-batchnorm", "cd18-baseline"]
        for _ in table(app).columns[1:]:
            await pilot.press("s")
            await pilot.pause()
        assert "↑" not in table(app).text
        assert rows(app) == NEWEST_FIRST
        await pilot.press("S")
        assert rows(app) == NEWEST_FIRST[::-1]


async def test_a_narrow_table_shows_the_column_that_it_is_sorted_by(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot)
        assert "begun" not in table(app).text
        await pilot.press(*"s" * (1 + table(app).columns.index("begun")))
        await pilot.pause()
        heading, *lines = table(app).text.splitlines()
        assert "begun ↓" in heading
        assert all(len(line) <= 78 for line in lines)


async def test_a_click_on_a_title_sorts_and_another_turns_the_order(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(app, pilot)
        at = table(app).text.splitlines()[0].index("best test")
        await pilot.click("#runs", offset=(at + 1, 1))
        await pilot.pause()
        best = rows(app)
        assert "best test ↓" in table(app).text
        at = table(app).text.splitlines()[0].index("best test")
        await pilot.click("#runs", offset=(at + 1, 1))
        await pilot.pause()
        assert "best test ↑" in table(app).text
        assert rows(app) == best[::-1]


async def test_the_titles_stay_in_sight_and_do_not_hide_the_cursor(at_home: Path) -> None:
    for seed in range(40):
        make_run(at_home / "runs", "digits", epochs=1, seed=seed)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "end", *["up"] * 30)
        runs = table(app)
        top = runs.in_sight(0)
        assert top is not None
        assert "best test" in top.text
        assert runs.cursor is not None
        at = runs.text.splitlines()[1:][9]

        def is_first() -> bool:
            lines = (runs.in_sight(y) for y in range(1, runs.scrollable_content_region.height))
            return next(line.text.rstrip() for line in lines if line is not None) == at

        await until(pilot, is_first)  # the table follows its cursor at the next drawing


async def test_space_selects_and_the_selection_outlives_order_and_filter(at_home: Path) -> None:
    newest, *_, oldest = four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "space", "end", "space")
        assert table(app).selected == {newest.id, oldest.id}
        assert [row[0] for row in table(app).text.splitlines()[1:]] == ["+", " ", " ", "+"]
        await pilot.press("s", "slash")
        await type_in(pilot, "digits")
        assert table(app).selected == {newest.id, oldest.id}
        await pilot.press("escape", "space")
        assert len(table(app).selected) in (1, 3)


async def test_space_on_a_sweep_selects_its_members_and_a_part_of_them_is_marked_so(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "space")
        assert table(app).selected == {folder.id for _, folder in sweep.runs()}
        await pilot.press("f", "down", "space")
        marks = [row[0] for row in table(app).text.splitlines()[1:]]
        assert marks == ["±", " ", "+", "+", "+", "+"]
        await pilot.press("up", "space")
        assert len(table(app).selected) == 5


async def test_ctrl_a_selects_all_that_are_listed(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "slash")
        await type_in(pilot, "cd")
        await pilot.press("enter", "ctrl+a")
        assert len(table(app).selected) == 3


async def test_a_click_before_a_row_selects_it(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot)
        await pilot.click("#runs", offset=(1, 3))
        await pilot.pause()
        assert isinstance(app.screen, RunsScreen)
        assert [row[0] for row in table(app).text.splitlines()[1:]] == [" ", "+", " ", " "]


async def test_c_compares_what_is_selected_or_the_members_under_the_cursor(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[list[str]] = []

    def compare(app: Tp1Tui, folders: Sequence[RunFolder]) -> None:
        compared.append([folder.id for folder in folders])

    monkeypatch.setattr(Tp1Tui, "open_comparison", compare)
    newest, _, _, oldest = four_runs(at_home / "runs")
    sweep = make_sweep(at_home / "runs", states=["finished"], number=-1)
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "space", "down", "down", "down", "space", "c", "escape", "end", "c")
    assert compared == [[newest.id, oldest.id], [folder.id for _, folder in sweep.runs()]]


async def test_a_measure_alone_has_no_curves_to_compare(at_home: Path) -> None:
    make_measure(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot)
        assert "compare" not in possible(app)


async def test_a_pinned_run_stands_before_all_others_in_every_order(at_home: Path) -> None:
    *_, oldest = four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "end", "P")
        await settled(app, pilot)
        assert labels_of(oldest.path).pinned
        assert "★" in table(app).text.splitlines()[1]
        assert rows(app)[0] == "cd18-baseline"
        assert table(app).cursor == oldest.id
        await pilot.press("s", "S")
        assert rows(app)[0] == "cd18-baseline"
        await pilot.press("P")
        await settled(app, pilot)
        assert not (oldest.path / LABELS_FILE).exists()


async def test_r_gives_a_name_which_stands_in_the_place_of_the_preset(at_home: Path) -> None:
    newest, *_ = four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await opened(app, pilot, "R")
        assert isinstance(app.screen, EditModal)
        await type_in(pilot, "wide net")
        await pilot.press("enter")
        await settled(app, pilot)
        assert rows(app)[0] == "wide net"
        assert "cd22-crop-mirror" in table(app).text.splitlines()[1]
        assert "“wide net”" in said(app, "#about")
        assert newest.id in said(app, "#about")
        await pilot.press("R", "backspace", "enter")  # what is there is selected as a whole
        await settled(app, pilot)
        assert rows(app)[0] == "cd22-crop-mirror"


async def test_a_name_that_is_not_allowed_is_told_in_the_dialog(at_home: Path) -> None:
    newest, *_ = four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(app, pilot, "R")
        app.screen.query_one(Input).value = "x" * 61
        await pilot.press("enter")
        await pilot.pause()
        assert said(app, "#fault") == "A name must have at most 60 characters, and this one has 61."
        await pilot.press("escape")
        assert isinstance(app.screen, RunsScreen)
    assert labels_of(newest.path) == Labels()


async def test_n_writes_a_note_that_stands_under_the_table(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(app, pilot, "N")
        await type_in(pilot, "try longer")
        await pilot.press("enter")
        await settled(app, pilot)
        assert "try longer" in said(app, "#about")
    assert labels_of(sweep.path).note == "try longer"


async def test_t_changes_the_tags_that_all_the_selected_have_and_leaves_the_others(at_home: Path) -> None:
    one, two, *_ = four_runs(at_home / "runs")
    relabel(one.path, lambda labels: labels.tagged(["old", "lr"]))
    relabel(two.path, lambda labels: labels.tagged(["lr", "own"]))
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(app, pilot, "space", "down", "space", "T")
        assert app.screen.query_one(Input).value == "lr"
        app.screen.query_one(Input).value = "best, week3"
        await pilot.press("enter")
        await settled(app, pilot)
        assert "old best week3" in table(app).text.splitlines()[1]
    assert labels_of(one.path).tags == ("old", "best", "week3")
    assert labels_of(two.path).tags == ("own", "best", "week3")


@pytest.mark.parametrize("key", ["D", "delete"])
async def test_what_goes_to_the_trash_comes_back_with_u_also_in_another_session(key: str, at_home: Path) -> None:
    newest, *_ = four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(app, pilot)
        assert "bring back" not in possible(app)
        await pilot.press(key)
        await settled(app, pilot)
        assert rows(app) == NEWEST_FIRST[1:]
        assert not newest.path.exists()
        assert "Moved the run cd22-crop-mirror" in next(iter(app._notifications)).message
    again = lab()
    async with again.run_test(size=SMALL, notifications=True) as pilot:
        await opened(again, pilot, "u")
        await settled(again, pilot)
        assert rows(again) == NEWEST_FIRST
        assert "Brought back the run cd22-crop-mirror" in next(iter(again._notifications)).message
        assert "bring back" not in possible(again)


async def test_the_cursor_goes_on_to_what_follows_the_run_that_was_thrown_away(at_home: Path) -> None:
    *_, before, oldest = four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "down", "D")
        await settled(app, pilot)
        assert table(app).cursor == before.id
        await pilot.press("down", "D")
        await settled(app, pilot)
        assert table(app).cursor == before.id
    assert not oldest.path.exists()


async def test_all_that_is_selected_goes_at_once_and_a_sweep_goes_as_a_whole(at_home: Path) -> None:
    *_, oldest = four_runs(at_home / "runs")
    sweep = make_sweep(at_home / "runs", states=["finished"], number=1)
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(app, pilot, "space", "end", "space", "slash")
        await type_in(pilot, "digits")
        await pilot.press("enter", "D")
        await settled(app, pilot)
        message = next(iter(app._notifications)).message
        assert "the sweep digits" in message
        assert "and the run cd18-baseline" in message
        assert "1 of them is not listed here." in message
        await pilot.press("escape")
        assert rows(app) == NEWEST_FIRST[:-1]
        assert not sweep.path.exists()
        await pilot.press("u")
        await settled(app, pilot)
        assert len(rows(app)) == 5
        assert len(sweep.runs()) == 5
    assert oldest.path.exists()


async def test_the_last_member_takes_its_sweep_with_it(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    members = [folder.path for _, folder in sweep.runs()]
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "f", "down")
        for path in members:
            assert path.exists()
            await pilot.press("D")
            await settled(app, pilot)
            await pilot.press("home", "down")
        assert not sweep.path.exists()


async def test_a_run_that_is_trained_is_not_thrown_away_and_why_is_told(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18", state="running")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(app, pilot, "D")
        assert "is running, so it cannot be thrown away. Stop it first." in next(iter(app._notifications)).message
        assert rows(app) == ["cd18-baseline"]
    let_go(folder)


async def test_labels_that_cannot_be_read_are_told_under_the_table(at_home: Path) -> None:
    newest, *_ = four_runs(at_home / "runs")
    (newest.path / LABELS_FILE).write_text('name = "a\\u001b[31m"')
    app = lab()
    async with app.run_test(size=MIDDLE, notifications=True) as pilot:
        await opened(app, pilot)
        assert rows(app)[0] == "cd22-crop-mirror"
        assert "labels.toml" in said(app, "#about")
        assert "\x1b" not in said(app, "#about")
        await pilot.press("P")
        await settled(app, pilot)
        assert "Mend it or delete it." in next(iter(app._notifications)).message


async def test_while_a_large_folder_is_read_the_newest_runs_are_there_already(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tp1tui.tui import look

    monkeypatch.setattr(look, "PATIENCE", 0.0)
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("r")
        assert app.look is None or app.look.unread <= 4
        monkeypatch.setattr(look, "PATIENCE", 10.0)
        await looked(app, pilot)
        assert rows(app) == NEWEST_FIRST


async def test_in_the_trash_of_another_person_nothing_is_offered_that_is_not_there(at_home: Path) -> None:
    from datetime import UTC, datetime

    newest, *_ = four_runs(at_home / "runs")
    thrown = throw_away(at_home / "runs", [newest.path], datetime(2026, 11, 25, tzinfo=UTC))
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(app, pilot)
        newest.path.mkdir()
        await pilot.press("u")
        await settled(app, pilot)
        assert "There is another" in next(iter(app._notifications)).message
    assert thrown_away(at_home / "runs") == [thrown]


async def test_a_filter_that_no_run_passes_is_said_to_be_one(at_home: Path) -> None:
    four_runs(at_home / "runs")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "slash")
        await type_in(pilot, "nowhere")
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query_one("#nothing").display
        assert said(app, "#nothing") == "No run passes this filter. Esc lists all runs again."
        await pilot.press("escape")
        await pilot.pause()
        assert not app.screen.query_one("#nothing").display
        assert len(rows(app)) == 4


async def test_one_run_is_compared_with_nothing_and_how_to_select_others_is_said(at_home: Path) -> None:
    make_run(at_home / "runs", "cd18")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(app, pilot, "c")
        assert isinstance(app.screen, RunsScreen)
        (notice,) = app._notifications
        assert "Space selects" in notice.message


async def test_the_question_before_a_stop_calls_the_run_by_its_name(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18", state="running")
    relabel(folder.path, lambda labels: labels.named("wide one"))
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await opened(app, pilot, "x")
        assert "Stop wide one at epoch" in str(app.screen.query_one("#sentence", Static).render())
    let_go(folder)
