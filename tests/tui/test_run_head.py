from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.builders import let_go, make_first_steps, make_run
from tests.tui.runs import look_at, with_report, words
from tp1tui.journal.events import Resumed
from tp1tui.journal.labels import Labels, relabel
from tp1tui.journal.state import RunState
from tp1tui.tui.run.head import head_lines
from tp1tui.tui.run.lines import bar, fitted, justified, wrapped
from tp1tui.tui.run.look import Usage
from tp1tui.tui.run.watch import PATIENCE, RunWatch


@pytest.mark.parametrize("state", ["queued", "running", "paused", "finished", "stopped", "failed", "interrupted"])
@pytest.mark.parametrize("width", [20, 40, 78, 118, 198])
def test_the_head_is_six_lines_that_fit(tmp_path: Path, state: RunState, width: int) -> None:
    look = replace(look_at(tmp_path, state, epochs=4), usage=Usage(187.0, 1_234_000_000, 93.0, 2_000_000_000))
    lines = words(head_lines(look, width))
    assert len(lines) == 6
    assert all(cell_len(line) <= width for line in lines)
    assert look.shown_state in lines[0]


def test_at_80_columns_all_that_matters_is_there(tmp_path: Path) -> None:
    look = replace(look_at(tmp_path, epochs=30), usage=Usage(187.0, 1_234_000_000))
    said = "\n".join(words(head_lines(look, 78)))
    for part in (
        *("cd18-baseline", "running", "epoch 16 of 30", "images/s", "lr 0.01", "cpu 187 %", "1.23 GB", "left"),
        *("test  top-1", "train top-1", "report 71–73 %: not there yet", "report 98–100 %: not there yet"),
        *("augmentation off", "dropout on*", "standardization off", "batch norm off"),
    ):
        assert part in said


def test_the_verdict_is_what_stays_when_there_is_little_room(tmp_path: Path) -> None:
    look = with_report(look_at(tmp_path, "finished", epochs=12), test_top1=(10, 20), epoch=5)
    line = words(head_lines(look, 78))[3]
    assert "report 10–20 % after 5 epochs: above by" in line


def test_changes_from_the_preset_are_named(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=12, settings=["optimizer.lr=0.03"])
    assert "with learning rate 0.03, epochs 12" in words(head_lines(look, 118))[0]
    assert "with 2 changes" in words(head_lines(look, 50))[0]


def test_time_is_so_far_only_while_the_run_goes_on(tmp_path: Path) -> None:
    assert "so far" in words(head_lines(look_at(tmp_path / "1", epochs=4), 118))[2]
    assert "so far" not in words(head_lines(look_at(tmp_path / "2", "finished", epochs=4), 118))[2]


def test_with_room_batch_normalization_has_its_whole_name(tmp_path: Path) -> None:
    assert "b batch normalization off" in words(head_lines(look_at(tmp_path, epochs=4), 118))[5]


def test_what_was_asked_stands_beside_the_state(tmp_path: Path) -> None:
    look = replace(look_at(tmp_path, epochs=4), asked="pausing")
    assert words(head_lines(look, 78))[0].endswith("pausing …   ● running")


def test_a_run_of_one_epoch_has_one_bar(tmp_path: Path) -> None:
    line = words(head_lines(look_at(tmp_path, epochs=1), 78))[1]
    assert line.startswith("epoch 1 of 1 ")
    assert line.count("%") == 1


@pytest.mark.parametrize(("done", "drawn"), [(0, "────"), (0.5, "━━──"), (0.6, "━━╸─"), (1, "━━━━"), (7, "━━━━")])
def test_a_bar_is_as_full_as_it_says(done: float, drawn: str) -> None:
    assert words([bar(done, 4)]) == [drawn]


def test_what_does_not_fit_is_left_out_whole() -> None:
    items = [(("one", None),), (("three", None),), (("two", None),)]
    assert words([fitted(items, 11)]) == ["one   three"]
    assert words([fitted(items, 10)]) == ["one"]
    assert words([justified((("long title", None),), (("state", None),), 12)]) == ["state"]


def test_sentences_break_at_blanks() -> None:
    assert words(wrapped("one two three", None, 8)) == ["one two", "three"]
    assert wrapped("anything", None, 0) == []


@pytest.mark.parametrize("width", [20, 40, 78, 118, 198])
def test_what_a_person_wrote_on_a_run_stands_in_the_first_line_as_far_as_there_is_room(
    tmp_path: Path, width: int
) -> None:
    labels = Labels(name="wide net", tags=("best",), note="Once more with a longer warm-up.")
    line = words(head_lines(replace(look_at(tmp_path, "finished", epochs=4), labels=labels), width))[0]
    assert cell_len(line) <= width
    assert ("“wide net”" in line) == (width >= 40)
    assert ("#best   Once more with a longer warm-up." in line) == (width >= 198)


def test_a_worker_that_says_how_far_it_is_with_what_comes_first_is_not_called_silent(tmp_path: Path) -> None:
    folder = make_first_steps(tmp_path)
    watch = RunWatch(folder, None)
    told = watch.record.last_time or 0.0
    watch.ask("pausing", lambda look: look.state == "paused", told - 2 * PATIENCE)
    assert not watch.look(told + 1).problem
    assert watch.look(told + PATIENCE).problem.startswith("Nothing has happened yet (pausing).")
    let_go(folder)


def test_a_run_s_screen_tells_a_new_name_at_its_next_look(tmp_path: Path) -> None:
    watch = RunWatch(make_run(tmp_path, epochs=4), None)
    assert not watch.poll()
    relabel(watch.folder.path, lambda labels: labels.named("wide net"))
    assert watch.poll()
    assert watch.look(2e9).labels.name == "wide net"


def test_what_changed_and_how_often_it_was_resumed_stand_apart_at_every_width(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=4)
    look.record.apply(Resumed(time=0, step=9, from_checkpoint=True, pid=1, device="cpu"))
    for width in range(60, 200):
        line = words(head_lines(look, width))[0]
        assert "   resumed once   " in line
