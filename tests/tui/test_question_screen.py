"""The card and the answer: what the keys do, and what becomes of the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from tests.builders import let_go, make_measure, make_run, make_sweep
from tests.tui.bench_lab import LARGE, MIDDLE, SIZES, SMALL, at_home, bench, lab
from tests.tui.lab import until
from tests.waiting import PATIENCE
from tp1tui.journal.answers import MOST_BYTES, Answer, AnswerError, Answers
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.prediction import freeze
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.keys import in_bar, possible_now
from tp1tui.tui.question.keeper import Keeper
from tp1tui.tui.question.unkept import Unkept, UnkeptAnswers
from tp1tui.tui.screens.answer_page import READING
from tp1tui.tui.screens.confirm import ConfirmModal
from tp1tui.tui.screens.question import QuestionScreen
from tp1tui.tui.widgets.answer_area import AnswerArea
from tp1tui.worker import launcher

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]


@pytest.fixture
def answers(at_home: Path) -> Answers:
    return Answers(at_home / "runs")


def card(pilot: Pilot[Any]) -> QuestionScreen:
    assert isinstance(pilot.app.screen, QuestionScreen)
    return pilot.app.screen


def said(pilot: Pilot[Any], selector: str) -> str:
    widget: Any = pilot.app.screen.query_one(selector)
    return str(widget.text if hasattr(widget, "text") else widget.content)


async def opened(pilot: Pilot[Any], *keys: str) -> QuestionScreen:
    """Press keys that lead to the card."""
    for key in (*keys, "A"):
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await until(pilot, lambda: isinstance(pilot.app.screen, QuestionScreen) and said(pilot, "#card"))
    await until(pilot, lambda: said(pilot, "#state") != READING)
    await pilot.pause()
    return card(pilot)


async def on_run(pilot: Pilot[Any], folder: RunFolder) -> QuestionScreen:
    """Wait for the run's own screen, and open its card."""
    await until(pilot, lambda: getattr(pilot.app.screen, "watched", None))
    return await opened(pilot)


def app_on(folder: Any) -> Tp1Tui:
    return Tp1Tui(Path("runs"), "cpu", watch=folder)


@pytest.mark.parametrize("size", SIZES)
async def test_the_card_says_what_to_try_to_look_for_and_what_was_found(size: tuple[int, int]) -> None:
    app = lab()
    async with app.run_test(size=size) as pilot:
        await opened(pilot, "down")
        for part in ("cd18-baseline", "Look for", "The report found", "98 to 100 %"):
            assert part in said(pilot, "#card")
        assert card(pilot).query_one("#answer").size.height > 5


async def test_an_answer_is_kept_as_it_is_typed_and_is_there_again(answers: Answers) -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot, "down")
        await pilot.press("enter", *"It q?", "enter", "A")
        assert said(pilot, "#state") == "not kept yet"
        await until(pilot, lambda: answers.written())
        assert answers.read("cd18-baseline").text == "It q?\nA"
        await until(pilot, lambda: "3 words, kept in" in said(pilot, "#state"))
        await pilot.press("escape")
        bench(app)
        await opened(pilot)
        assert said(pilot, "#area") == "It q?\nA"


@pytest.mark.parametrize("way", ["escape", "ctrl+q"])
async def test_leaving_keeps_what_was_typed_at_the_last_moment(answers: Answers, way: str) -> None:
    async with lab().run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("enter", *"last words", way)
        await until(pilot, lambda: not screen.is_attached)
    assert answers.read("digits").text == "last words"


async def test_looking_at_a_card_makes_no_file_and_changes_none(answers: Answers) -> None:
    answers.write("digits", "strange\x0bline ends\r\nand\rsuch\n", Answer())
    async with lab().run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("enter", "down", "escape")
        await opened(pilot, "down")
        await pilot.press("escape")
    assert answers.read("digits").text == "strange\x0bline ends\r\nand\rsuch\n"
    assert answers.written() == {"digits"}


async def test_what_would_command_the_terminal_is_shown_as_a_sign(answers: Answers) -> None:
    answers.write("digits", "a\x1b[31mb\x07", Answer())
    async with lab().run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert screen.query_one(AnswerArea).get_line(0).plain == "a␛[31mb␇"
        await pilot.press("ctrl+o")
        await app_idle(pilot)
        strips = screen._compositor.render_strips()
        assert not any("\x1b" in segment.text for strip in strips for segment in strip)


async def test_the_preview_shows_markdown_as_it_will_look_and_the_same_key_leads_back(answers: Answers) -> None:
    answers.write("digits", "# A heading\n\n* one\n* two\n", Answer())
    async with lab().run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        await pilot.press("ctrl+o")
        await until(pilot, lambda: screen.has_class("-preview"))
        assert screen.query("#rendered MarkdownH1")
        assert not screen.query_one(AnswerArea).display
        assert {"write"} <= {entry.description for entry in possible_now(screen)}
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert screen.query_one(AnswerArea).has_focus
        assert screen.query_one(AnswerArea).display


async def test_a_file_changed_elsewhere_is_taken_over_where_nothing_was_typed(answers: Answers) -> None:
    answers.write("digits", "old", Answer())
    async with lab().run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        answers.path("digits").write_text("new")
        await until(pilot, lambda: said(pilot, "#area") == "new")
        assert "Changed elsewhere" in said(pilot, "#state")


@pytest.mark.parametrize(("key", "stays", "gives_way"), [("y", "mine", "theirs"), ("n", "theirs", "mine")])
async def test_of_two_texts_the_person_chooses_one_and_the_other_is_set_aside(
    answers: Answers, key: str, stays: str, gives_way: str
) -> None:
    async with lab().run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        answers.folder.mkdir(parents=True)
        await pilot.press("enter", *"mine")
        answers.path("digits").write_text("theirs")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        assert answers.read("digits").text == "theirs"
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, QuestionScreen))
        await until(pilot, lambda: "The other text is in" in said(pilot, "#state"))
        assert said(pilot, "#area") == stays
    assert answers.read("digits").text == stays
    aside = list((answers.folder / "aside").iterdir())
    assert [path.read_text() for path in aside] == [gives_way]


async def test_a_choice_between_two_texts_is_asked_for_once_however_long_it_takes_to_be_kept(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_write, looks = Event(), Event()
    put_over, has_changed = Keeper.put_over, Keeper.has_changed

    def late(keeper: Keeper, text: str) -> Path | None:
        may_write.wait(PATIENCE)
        return put_over(keeper, text)

    def looked(keeper: Keeper) -> bool:
        looks.set()
        return has_changed(keeper)

    monkeypatch.setattr(Keeper, "put_over", late)
    monkeypatch.setattr(Keeper, "has_changed", looked)
    async with lab().run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        answers.folder.mkdir(parents=True)
        await pilot.press("enter", *"mine")
        answers.path("digits").write_text("theirs")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        pilot.app.post_message(Key("y", "y"))  # `press` would wait for what it writes
        await until(pilot, lambda: pilot.app.screen is screen)
        for _ in range(2):  # the second begins when the first has been heard
            looks.clear()
            await until(pilot, looks.is_set)
        assert pilot.app.screen is screen
        may_write.set()
        await until(pilot, lambda: "The other text is in" in said(pilot, "#state"))
    assert answers.read("digits").text == "mine"


async def test_leaving_with_two_texts_keeps_both(answers: Answers) -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        answers.folder.mkdir(parents=True)
        await pilot.press("enter", *"mine")
        answers.path("digits").write_text("theirs")
        await pilot.press("escape")
        await pilot.pause()
        bench(app)
    assert answers.read("digits").text == "theirs"
    assert [path.read_text() for path in (answers.folder / "aside").iterdir()] == ["mine"]


async def test_a_file_that_is_no_text_is_told_and_cannot_be_written_over(answers: Answers) -> None:
    answers.folder.mkdir(parents=True)
    answers.path("digits").write_bytes(b"caf\xe9")
    async with lab().run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert "not text in UTF-8" in said(pilot, "#state")
        assert "write" not in {entry.description for entry in possible_now(screen)}
        await pilot.press("tab", *"x", "escape")
    assert answers.path("digits").read_bytes() == b"caf\xe9"


async def test_an_answer_that_is_too_long_is_told_and_the_last_kept_one_stays(answers: Answers) -> None:
    kept = ("x" * 63 + "\n") * (MOST_BYTES // 64)
    answers.write("digits", kept, Answer())
    async with lab().run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        await pilot.press("enter", "ctrl+end")
        screen.query_one(AnswerArea).insert("y")
        await until(pilot, lambda: "longer than" in said(pilot, "#state"))
    assert answers.read("digits").text == kept


async def test_a_run_s_card_puts_its_figures_at_the_cursor_and_a_second_line_below(
    at_home: Path, answers: Answers
) -> None:
    folder = make_run(at_home / "runs", "cd18")
    async with app_on(folder).run_test(size=MIDDLE) as pilot:
        await on_run(pilot, folder)
        assert "Reached\nepochs = 12: train" in said(pilot, "#card")
        await pilot.press("enter", *"See", "ctrl+r", "ctrl+r", *"So")
        lines = said(pilot, "#area").splitlines()
        assert lines[0] == "See"
        assert lines[1] == ""
        assert lines[2].startswith("| run | changed |")
        assert lines[4].startswith(f"| {folder.id.partition('_')[2]} | epochs = 12 | 12 |")
        assert lines[5] == lines[4]
        assert lines[6] == "So"
        await pilot.press("escape")
        await pilot.pause()
    assert answers.read("cd18-baseline").text.count("| epochs = 12 |") == 2


async def test_a_sweep_s_card_puts_a_table_of_its_runs(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    async with app_on(sweep).run_test(size=MIDDLE) as pilot:
        await until(pilot, lambda: getattr(pilot.app.screen, "watched", None))
        await opened(pilot)
        await pilot.press("ctrl+r")
        await pilot.pause()
        lines = said(pilot, "#area").splitlines()
        assert len(lines) == 2 + 5
        assert "| optimizer.lr = 0.003 |" in lines[2]


async def test_what_was_expected_of_a_sweep_stands_on_its_screen_and_on_its_card(at_home: Path) -> None:
    sweep = make_sweep(at_home / "runs", states=["finished"])
    freeze(sweep.path, "0.02 wins, at about 95 %")
    async with app_on(sweep).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "predicted 0.02 wins" in said(pilot, "#head"))
        await until(pilot, lambda: pilot.app.screen.query_one("#head").size.height == 5)
        await opened(pilot)
        assert "Predicted\n0.02 wins, at about 95 %" in said(pilot, "#card")


async def test_the_cards_of_a_measure_and_of_results_know_their_question(at_home: Path) -> None:
    folder = make_measure(at_home / "runs")
    async with app_on(folder).run_test(size=MIDDLE) as pilot:
        screen = await on_run(pilot, folder)
        assert folder.spec().title in said(pilot, "#card")
        assert "insert figures" not in {entry.description for entry in possible_now(screen)}


async def test_what_is_expected_is_written_on_the_card_frozen_with_the_run_and_then_forgotten(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[RunFolder] = []

    def start(spec: Any, runs_dir: Path, device: str, _give: launcher.Give) -> RunFolder:
        made.append(make_run(runs_dir, spec.preset, state="queued", seed=len(made)))
        return made[-1]

    monkeypatch.setattr(launcher, "start_in_turn", lambda *asked: launcher.Entered(start(*asked), waits=False))
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("p", *"about 95 %", "enter")
        await until(pilot, lambda: "Predicted\nabout 95 %" in said(pilot, "#card"))
        await pilot.press("escape")
        await pilot.pause()
        bench(app)
        assert "Predicted\nabout 95 %" in said(pilot, "#text")
        await pilot.press("enter")
        await until(pilot, lambda: made and "predicted about 95 %" in str(pilot.app.screen.query_one("#head").text))  # type: ignore[attr-defined]
        assert (made[0].path / "prediction.md").read_text() == "about 95 %\n"
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: len(made) == 2 and getattr(app.screen, "watched", None))
    assert not (made[1].path / "prediction.md").exists()


async def test_an_edit_of_what_is_expected_that_is_given_up_changes_nothing() -> None:
    async with lab().run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("p", *"95", "escape")
        await pilot.pause()
        assert "Predicted" not in said(pilot, "#card")


async def test_a_run_s_own_prediction_is_shown_beside_what_came_out_and_cannot_be_changed(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18")
    freeze(folder.path, "about 99 %")
    async with app_on(folder).run_test(size=MIDDLE) as pilot:
        screen = await on_run(pilot, folder)
        assert "Predicted\nabout 99 %\nShort by" in said(pilot, "#card")
        assert "predict" not in {entry.description for entry in possible_now(screen)}


async def test_a_run_that_goes_on_is_held_against_it_so_far(at_home: Path) -> None:
    folder = make_run(at_home / "runs", "cd18", state="running")
    freeze(folder.path, "about 99 %, if not more")
    async with app_on(folder).run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "predicted" in str(pilot.app.screen.query_one("#head").text))  # type: ignore[attr-defined]
        head = str(pilot.app.screen.query_one("#head").text)  # type: ignore[attr-defined]
        assert head.splitlines()[-1].startswith("predicted about 99 %, if not more   short by")
        assert head.splitlines()[-1].endswith("so far")
    let_go(folder)


async def test_while_an_answer_is_written_letters_are_no_commands() -> None:
    async with lab().run_test(size=MIDDLE) as pilot:
        screen = await opened(pilot)
        assert {"write", "predict", "preview", "back"} <= {entry.description for entry in in_bar(screen)}
        await pilot.press("enter")
        await pilot.pause()
        assert {"write", "predict", "quit"}.isdisjoint(entry.description for entry in in_bar(screen))
        await pilot.press("tab")
        await pilot.pause()
        assert not screen.query_one(AnswerArea).has_focus


async def test_the_bench_ticks_what_is_answered_and_dots_what_was_tried(at_home: Path, answers: Answers) -> None:
    make_run(at_home / "runs", "cd18")
    make_run(at_home / "runs", "digits", seed=1)
    answers.write("digits", "Done.", Answer())
    async with lab().run_test(size=LARGE) as pilot:
        await until(pilot, lambda: "✓" in said(pilot, "#questions"))
        lines = said(pilot, "#questions").splitlines()
        assert any(line.startswith("digits✓") for line in lines)
        assert any(line.startswith("cd18  · the baseline") for line in lines)


async def app_idle(pilot: Pilot[Any]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


class Disk:
    """A disk that gives answers when it is let to, and takes them when it is let to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads, self.writes = Event(), Event()
        read, write = Answers.read, Answers.write
        monkeypatch.setattr(Answers, "read", lambda *asked: self.reads.wait(PATIENCE) and read(*asked))
        monkeypatch.setattr(Answers, "write", lambda *asked: self.writes.wait(PATIENCE) and write(*asked))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk(monkeypatch)
    yield disk
    disk.reads.set()
    disk.writes.set()


async def test_an_answer_waits_for_the_disk_and_no_key_does_also_when_the_card_is_left(
    answers: Answers, disk: Disk
) -> None:
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        screen = card(pilot)
        assert said(pilot, "#state") == READING
        await pilot.press("tab", "x")
        assert screen.query_one(AnswerArea).text == ""
        disk.reads.set()
        await until(pilot, lambda: "Will be kept in" in said(pilot, "#state"))
        screen.query_one(AnswerArea).focus()
        await pilot.press(*"mine", "escape", "escape")
        await until(pilot, lambda: not screen.is_attached)
        bench(app)
        assert answers.read("digits").text == ""
        disk.writes.set()
    assert answers.read("digits").text == "mine"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Event:
    """While it is set, no answer can be written."""
    disk, write = Event(), Answers.write

    def written(self: Answers, question: str, text: str, before: Answer) -> Answer:
        if disk.is_set():
            raise AnswerError("The answer cannot be kept in answers: No space left on device.")
        return write(self, question, text, before)

    monkeypatch.setattr(Answers, "write", written)
    return disk


async def test_what_cannot_be_kept_is_held_and_stands_in_the_box_again(answers: Answers, full: Event) -> None:
    full.set()
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"my words")
        await until(pilot, lambda: "No space left" in said(pilot, "#state"))
        await pilot.press("escape")
        bench(app)
        await until(pilot, lambda: any("tp1tui holds your text" in notice.message for notice in app._notifications))
        await opened(pilot)
        assert said(pilot, "#area") == "my words"
        await until(pilot, lambda: "No space left" in said(pilot, "#state"))
        full.clear()
        await until(pilot, lambda: "2 words, kept in" in said(pilot, "#state"))
        assert answers.read("digits").text == "my words"
        await pilot.press("escape")
    assert app.unkept.last_words() == []


async def test_what_is_held_is_kept_as_soon_as_it_can_be(
    answers: Answers, full: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tp1tui.tui.app.TRY_EVERY", 0.05)
    full.set()
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"my words", "escape")
        await until(pilot, lambda: app.unkept and not answers.written())
        full.clear()
        await until(pilot, lambda: not app.unkept)
        assert answers.read("digits").text == "my words"
        await until(pilot, lambda: any("is kept now" in notice.message for notice in app._notifications))


async def test_what_is_held_does_not_go_over_what_was_written_elsewhere(answers: Answers, full: Event) -> None:
    full.set()
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"mine", "escape")
        bench(app)
        full.clear()
        answers.write("digits", "theirs", Answer())
        await pilot.press("A")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        assert answers.read("digits").text == "theirs"
        await pilot.press("y")
        await until(pilot, lambda: "The other text is in" in said(pilot, "#state"))
        assert answers.read("digits").text == said(pilot, "#area") == "mine"


@pytest.mark.parametrize("keys", [["escape"], []])
async def test_what_is_held_when_the_app_is_left_is_told_where_it_can_be_copied(full: Event, keys: list[str]) -> None:
    full.set()
    app = lab()
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await pilot.press("enter", *"my words", *keys, "ctrl+q")
    [words] = app.unkept.last_words()
    assert "Your answer to digits is in no file. The answer cannot be kept in answers: No space left" in words
    assert words.endswith("\n\nmy words\n")
    assert app.writes.left_behind == []


def test_what_is_told_of_an_answer_at_the_end_steers_no_terminal(answers: Answers) -> None:
    unkept = UnkeptAnswers()
    unkept.hold(Unkept("digits", "a\x1b[2Jb\nc", "", Keeper(answers, "digits"), lambda: None))
    [words] = unkept.last_words()
    assert words.endswith("a\ufffd[2Jb\nc\n")
