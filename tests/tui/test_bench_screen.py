"""Every key of the bench, pressed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.builders import let_go, make_run
from tests.tui.bench_lab import LARGE, MIDDLE, SIZES, SMALL, at_home, bench, lab, looked, pretend
from tp1tui.journal.tickets import line
from tp1tui.settings import preset_dirs
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.screens.edit import EditModal
from tp1tui.tui.screens.runs import RunsScreen
from tp1tui.tui.widgets.field_list import FieldList
from tp1tui.tui.widgets.keybar import KeyBar
from tp1tui.tui.widgets.layer_pane import LayerPane
from tp1tui.tui.widgets.question_list import QuestionList
from tp1tui.tui.widgets.text_view import TextView
from tp1tui.worker import launcher

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


def chosen(app: Tp1Tui) -> str:
    question = bench(app).question
    assert question is not None
    return question.id


def words(app: Tp1Tui) -> str:
    return bench(app).query_one("#text", TextView).text


def fields(app: Tp1Tui) -> str:
    """All fields on one line, so that where they are wrapped does not matter."""
    return " ".join(bench(app).query_one(FieldList).text.split())


def layers(app: Tp1Tui) -> str:
    return bench(app).query_one(LayerPane).text


async def press(pilot: Pilot[str | None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_a_newcomer_stands_on_the_first_question_and_is_told_to_press_enter() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert chosen(app) == "digits"
        assert "Press Enter to watch a network learn in seconds; no download needed." in words(app)


async def test_who_has_run_something_is_no_newcomer(at_home: Path) -> None:
    make_run(at_home / "runs", "digits")
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert "Press Enter" not in words(app)


async def test_details_follow_the_cursor_at_once() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await press(pilot, "down")
        assert chosen(app) == "cd18-baseline"
        assert words(app).startswith("cd18  the baseline")
        assert "1,191,170" in layers(app)
        await press(pilot, "end")
        assert chosen(app) == "fast"
        await press(pilot, "home", "up")
        assert chosen(app) == "digits"


async def test_the_arrow_keys_scroll_the_pane_that_has_the_focus() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "down", "tab", "down", "down")
        assert bench(app).query_one("#text", TextView).scroll_offset.y == 2
        assert chosen(app) == "cd18-baseline"


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("a", "augmentation", "on, crop 28 + mirror"),
        ("d", "dropout", "on, p 0.5"),
        ("n", "standardization", "on, constants"),
        ("b", "batch norm", "on"),
    ],
)
async def test_a_switch_key_flips_its_switch_and_u_undoes_it(key: str, field: str, value: str) -> None:
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "down", key)
        assert f"* {field} {value} (preset off)" in fields(app)
        await press(pilot, "u")
        assert f"{field} off" in fields(app)
        assert "*" not in fields(app)


async def test_batch_norm_shows_in_the_layer_table_at_once() -> None:
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "down", "b")
        assert "bn1" in layers(app)


async def test_a_switch_that_makes_no_sense_is_answered_with_a_sentence(at_home: Path) -> None:
    app = lab()
    async with app.run_test(size=MIDDLE, notifications=True) as pilot:
        await press(pilot, "down")
        question = bench(app).question
        assert question is not None
        bench(app).desk.edit(question, "augmentation.steps", "[]")
        await press(pilot, "a")
        assert [notice.message for notice in app._notifications] == [
            "Augmentation cannot be switched on here: augmentation.steps is empty, but augmentation is on; "
            "name a step, such as a mirror."
        ]


async def test_a_switch_that_is_not_there_is_in_no_footer_and_its_key_says_why(at_home: Path) -> None:
    shutil.copy(preset_dirs()[-1][1] / "ab" / "ab2.4-circles-torch-optim.toml", at_home / "own_presets")
    app = lab()
    async with app.run_test(size=MIDDLE, notifications=True) as pilot:
        bench(app).query_one(QuestionList).choose("ab2.4-circles-torch-optim")
        await press(pilot, "d")
        assert not any("dropout" in entry.description for entry in _all(app))
        assert [notice.message for notice in app._notifications] == ["This network has no dropout layers."]


async def test_while_finding_the_footer_leads_on_and_back() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"cd18")
        assert str(bench(app).query_one(KeyBar).render()).startswith("Enter to the list  Esc all questions")
        await press(pilot, "enter", "d")
        assert "Esc all questions  u undo all" in str(bench(app).query_one(KeyBar).render())


async def test_changes_are_kept_per_question() -> None:
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "down", "d", "down")
        assert "(preset" not in fields(app)
        await press(pilot, "up")
        assert "* dropout" in fields(app)


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("L", "0.03", "* learning rate 0.03 (preset 0.01)"),
        ("B", "64", "* batch size 64 (preset 128)"),
        ("E", "5", "* epochs 5 (preset 30)"),
        ("S", "7", "* seed 7 (preset 0)"),
        ("D", "cuda:1", "device cuda:1"),
    ],
)
async def test_a_quick_key_edits_its_field(key: str, typed: str, shown: str) -> None:
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "down", key)
        assert isinstance(app.screen, EditModal)
        await press(pilot, "ctrl+u", *typed, "enter")
        assert shown in fields(app)


async def test_a_value_that_is_not_allowed_keeps_the_editor_open_with_the_reason() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "down", "L", "ctrl+u", *"-1", "enter")
        assert isinstance(app.screen, EditModal)
        fault = str(app.screen.query_one("#fault", Static).render())
        assert "above 0" in fault
        await press(pilot, "escape")
        assert "(preset" not in fields(app)


async def test_any_field_can_be_chosen_and_edited() -> None:
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "down", "e")
        panel = bench(app).query_one(FieldList)
        assert panel.has_focus
        panel.choose("model.layers.conv1.filters")
        await press(pilot, "enter", "ctrl+u", *"16", "enter")
        assert "* model.layers.conv1.filters 16 (preset 32)" in fields(app)
        assert "1,216" in layers(app)


async def test_enter_on_a_switch_flips_it() -> None:
    app = lab()
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "down", "e")
        bench(app).query_one(FieldList).choose("dropout.enabled")
        await press(pilot, "e")
        assert "* dropout on, p 0.5" in fields(app)


async def test_slash_finds_questions_by_their_words_and_escape_lists_all_again() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"mirror")
        assert chosen(app) == "cd22-crop-mirror"
        assert bench(app).query_one(QuestionList).text.count("cd") == 1
        await press(pilot, "enter")
        assert bench(app).query_one(QuestionList).has_focus
        await press(pilot, "escape")
        assert "digits" in bench(app).query_one(QuestionList).text
        assert chosen(app) == "cd22-crop-mirror"
        assert not bench(app).query_one(Input).display


async def test_words_that_nothing_has_are_answered_with_a_sentence() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"zebra")
        assert "No question has all of these words." in words(app)
        assert "start" not in {key.description for key in _bar(app)}


async def test_r_opens_the_runs_and_escape_comes_back() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "r")
        assert isinstance(app.screen, RunsScreen)
        await press(pilot, "escape")
        bench(app)


async def test_q_quits() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "q")
    assert app.return_value is None


@pytest.mark.parametrize("key", ["enter", "s"])
async def test_the_experiment_starts_as_it_stands_and_its_screen_opens(
    key: str, at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, str]] = []
    monkeypatch.setattr(launcher, "spawn", lambda folder, device: asked.append((folder.path, device)))
    opened: list[Path] = []
    monkeypatch.setattr(Tp1Tui, "open_run", lambda self, folder, shown_as: opened.append(folder.path))
    pretend(at_home, "cifar10")
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "down", "d", key)
    (path, device) = asked[0]
    assert opened == [path]
    assert device == "cpu"
    assert path.parent == at_home / "runs"
    assert 'changes = [\n    "dropout.enabled = true",\n]' in (path / "experiment.toml").read_text()


async def test_while_a_run_goes_on_enter_puts_the_next_in_line_and_the_bench_stays(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "serve_line", lambda runs_dir: None)
    going = make_run(at_home / "runs", "cd18", state="running")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot, "enter", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        bench(app)
        said = {notice.message for notice in app._notifications}
    assert said == {
        "First in line on cpu; starts when cd18-baseline is done. Q shows the line.",
        "Second in line on cpu; starts when digits is done. Q shows the line.",
    }
    assert len(line(at_home / "runs")) == 2
    let_go(going)


async def test_a_runs_folder_that_cannot_be_written_is_told_and_the_bench_stays(at_home: Path) -> None:
    (at_home / "runs").write_text("not a folder")
    app = lab()
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot, "enter")
        bench(app)
        (notice,) = app._notifications
        assert (notice.title, notice.severity) == ("Not started", "error")
        assert "runs" in notice.message


async def test_an_unreadable_preset_shows_its_fault_and_cannot_be_started() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await press(pilot, "end", "up")
        assert chosen(app) == "broken"
        assert "must be above 0" in words(app)
        await press(pilot, "enter", "a", "L")
        bench(app)
        assert {"start", "flip", "edit"}.isdisjoint(key.description for key in _bar(app))


async def test_a_run_elsewhere_marks_its_question_while_the_bench_is_on(at_home: Path) -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        make_run(at_home / "runs", "cd18", state="failed")
        await looked(app, pilot)
        assert "failed, best" in bench(app).query_one(QuestionList).text


async def test_pages_are_turned_where_there_is_no_room_for_panes_side_by_side() -> None:
    app = lab()
    async with app.run_test(size=SMALL) as pilot:
        screen = bench(app)
        shown = lambda: [pane.id for pane in screen.query("#text, #fields, #layers") if pane.display]  # noqa: E731
        await press(pilot, "down")
        for keys, pane in (("2", "fields"), ("3", "layers"), ("1", "text"), ("right", "fields"), ("left", "text")):
            await press(pilot, keys)
            assert shown() == [pane]
        await press(pilot, "3", "up")
        assert chosen(app) == "digits"
        await pilot.resize_terminal(*MIDDLE)
        await pilot.pause()
        assert len(shown()) == 3
        assert not any("page 1" in key.description for key in _all(app))


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_sticks_out_of_its_pane(size: tuple[int, int]) -> None:
    app = lab()
    async with app.run_test(size=size) as pilot:
        for keys in (("down",), ("2",), ("3",)):
            await press(pilot, *keys)
            for pane in bench(app).query("#questions, #text, #fields, #layers"):
                region = pane.scrollable_content_region
                if pane.display and pane.parent and pane.parent.display and region.width:
                    assert pane.virtual_size.width <= region.width, pane.id


async def test_a_click_chooses_a_question() -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await pilot.click("#questions", offset=(2, 4))
        await pilot.pause()
        assert chosen(app) == "cd18-baseline"


def _bar(app: Tp1Tui) -> list:
    from tp1tui.tui.keys import in_bar

    return in_bar(app.screen)


def _all(app: Tp1Tui) -> list:
    from tp1tui.tui.keys import possible_now

    return possible_now(app.screen)
