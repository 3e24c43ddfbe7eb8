"""Other keys: what the file says is obeyed, shown everywhere, and told of where it cannot be obeyed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding

from tests.builders import make_run
from tests.cli.calls import answer
from tests.tui.bench_lab import MIDDLE, at_home, bench, lab
from tp1tui import settings
from tp1tui.tui.keymap.changed_keys import ChangedKeys
from tp1tui.tui.keymap.keys_file import is_key, read_keys
from tp1tui.tui.keymap.table import stages, table
from tp1tui.tui.keys import in_bar, possible_now
from tp1tui.tui.palette import PossibleNow
from tp1tui.tui.screens.run_keys import RunKeys
from tp1tui.tui.widgets.keybar import KeyBar

__all__ = ["at_home"]


def read(folder: Path, text: str) -> ChangedKeys:
    (folder / settings.KEYS_FILE).write_text(text)
    return read_keys(folder)


def test_every_binding_has_a_name_and_no_two_share_one() -> None:
    assert all(bound.id and bound.id != "None" for bound in table())
    assert [name for name, many in Counter(bound.id for bound in table()).items() if many > 1] == []
    assert all(binding.id for stage in stages() for binding in stage.bindings)


def test_names_say_where_and_what() -> None:
    names = {bound.id for bound in table()}
    assert {"bench.start", "bench.flip-dropout", "run.pause", "choices.move-back", "app.help"} <= names


def test_a_binding_that_no_one_sees_moves_with_the_one_whose_key_it_has() -> None:
    mine = [one for one in RunKeys.BINDINGS if isinstance(one, Binding) and one.key == "d"]
    assert {one.id for one in mine if one.action.startswith(("switch", "explain"))} == {"run.dropout"}


@pytest.mark.usefixtures("at_home")
async def test_another_key_does_it_and_is_shown_in_the_bar_in_help_and_in_the_palette(at_home: Path) -> None:
    app = lab(keys=read(at_home, '[bench]\n"flip-dropout" = "f5"\nruns = ["R", "f6"]'))
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("down", "d")
        question = bench(app).question
        assert question
        assert not bench(app).desk.is_changed(question)
        await pilot.press("f5")
        await pilot.pause()
        assert bench(app).desk.is_changed(question)
        assert "R runs" in str(app.screen.query_one(KeyBar).render())
        shown = {entry.description: entry.names for entry in possible_now(app.screen)}
        assert shown["dropout on or off"] == ["F5"]
        assert shown["augmentation on or off"] == ["a"]
        assert shown["runs"] == ["R", "F6"]
        assert {key for entry in in_bar(app.screen) for key in entry.keys} >= {"f5", "a", "n", "b", "R"}
        offered = [str(hit.display) async for hit in PossibleNow(app.screen).discover()]
        assert "runs  (R, F6)" in offered
        await pilot.press("question_mark")
        await pilot.pause()
        assert "You have changed keys" in str(app.screen.query_one("#notes").render())


@pytest.mark.usefixtures("at_home")
async def test_what_shares_a_key_with_a_changed_one_keeps_it(at_home: Path) -> None:
    make_run(at_home / "runs", state="stopped")
    app = lab(keys=read(at_home, 'runs.fold = "z"\nrun.leave = "Z"'))
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert {"quit", "back"} <= {entry.description for entry in possible_now(app.screen)}
    keymap = read(at_home, 'run.leave = "Z"').keymap
    assert keymap == {"run.leave": "Z", "run.quit": "q"} | {
        name: key for name, key in keymap.items() if name not in ("run.leave", "run.quit")
    }


WRONG = {
    "run.sing = 'x'": "nothing is called run.sing. `tp1tui keys` lists all names.",
    "run.pause = 3": 'run.pause needs a key, such as "x" or "ctrl+x"',
    "run.pause = 'hyper+x'": "run.pause: there is no key 'hyper+x'",
    "run.loss = 'z'": "run.loss stays on 1, which is written on what it opens.",
    "run.stop = 'l'": "run.stop cannot have l, which is the key of run.log on the run screen.",
    "bench.undo = '?'": "bench.undo cannot have question_mark, which is the key of app.help on the bench screen.",
    "bench.start = 'ctrl+i'": "bench.start cannot have ctrl+i, for which most terminals send Tab, so that the two",
    "bench.start = 'ctrl+m'": "bench.start cannot have ctrl+m, for which most terminals send Enter",
    "bench.start = ['f5', 'ctrl+h']": "bench.start cannot have ctrl+h, for which most terminals send Backspace",
    "bench.start = 'ctrl+['": "bench.start cannot have ctrl+left_square_bracket, for which most terminals send Esc",
    "bench.start = 'ctrl+S'": "bench.start: there is no key 'ctrl+S'",
    "bench.start = 'ctrl+space'": "bench.start: there is no key 'ctrl+space'",
    "run.pause = ": "is not TOML",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_obeyed_is_told_in_a_sentence(text: str, tmp_path: Path) -> None:
    file = read(tmp_path, text)
    assert file.keymap == {}
    assert len(file.faults) == 1
    assert WRONG[text] in file.faults[0]
    assert str(tmp_path) in file.faults[0]


def test_two_keys_may_be_exchanged(tmp_path: Path) -> None:
    file = read(tmp_path, "run.log = 'e'\nrun.export = 'l'")
    assert file.faults == ()
    assert {name: file.keymap[name] for name in ("run.log", "run.export")} == {"run.log": "e", "run.export": "l"}


@given(st.text(max_size=12))
def test_no_text_breaks_the_question_whether_it_is_a_key(text: str) -> None:
    assert is_key(text) in (True, False)


@pytest.mark.parametrize(
    "key", ["x", "X", "f5", "ctrl+x", "shift+up", "question_mark", "space", "é", "ctrl+shift+a", "ctrl+j"]
)
def test_what_terminals_send_is_a_key(key: str) -> None:
    assert is_key(key)


@pytest.mark.parametrize("key", ["", "xx", "hyper+x", "ctrl+ctrl+x", "ctrl+", "shift+x", "return"])
def test_what_they_do_not_send_is_none(key: str) -> None:
    assert not is_key(key)


def test_the_shell_lists_all_keys_and_writes_a_file_to_begin_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "config_dir", lambda: tmp_path)
    assert "bench.start" in answer("keys")
    begun = answer("keys", "--toml")
    assert read(tmp_path, begun).changed == {}
    without_marks = "\n".join(line.removeprefix("# ") for line in begun.splitlines() if line.startswith('# "'))
    file = read(tmp_path, without_marks)
    assert (file.faults, file.changed) == ((), {})
    assert '"run.pause" = "space"' in without_marks
    assert "run.loss" not in begun
