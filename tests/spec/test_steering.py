"""No text of a file steers the terminal that shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_run
from tests.cli.calls import call
from tp1tui.journal.events import Failed, Warned
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.lines import decode, encode
from tp1tui.journal.listing import list_runs
from tp1tui.journal.writer import JournalWriter
from tp1tui.spec.results import Column, Table, Text
from tp1tui.spec.steering import steers, without_steering

CLEAR_SCREEN = "\x1b[2J\x1b]0;yours now\x07"
TURNED = "abc\u202egpj.exe"


@given(st.text())
def test_what_is_left_of_any_text_steers_nothing_and_is_as_long(text: str) -> None:
    clean = without_steering(text)
    assert not steers(clean)
    assert len(clean) == len(text)
    assert clean == text or steers(text)


@pytest.mark.parametrize("text", ["a\tb\nc", "é ✓ ━ 漢字", "e\u0301"])
def test_what_people_write_stays(text: str) -> None:
    assert without_steering(text) == text


@pytest.mark.parametrize("text", [CLEAR_SCREEN, TURNED, "\x9b31m", "a\rb", "\x7f"])
def test_journal_texts_lose_it_as_they_are_read(text: str) -> None:
    event = decode(encode(Warned(time=1.0, step=1, message=text)))
    assert isinstance(event, Warned)
    assert not steers(event.message)
    table = Table(name=text, columns=(Column(name=text, unit=text),), rows=((text,),))
    shown = [table.name, table.columns[0].name, table.columns[0].unit, str(table.rows[0][0])]
    assert not any(map(steers, [*shown, Text(name="t", text=text).text]))


def test_an_experiment_that_holds_it_is_refused(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    text = folder.spec_path.read_text()
    folder.spec_path.write_text(text.replace('preset = "', 'preset = "\\u001b[2J', 1))
    with pytest.raises(RunFolderError, match="holds control characters, which would steer a terminal"):
        folder.spec()


def test_no_verb_passes_on_what_a_journal_or_a_folders_name_holds(tmp_path: Path) -> None:
    folder = make_run(tmp_path, host=CLEAR_SCREEN)
    with JournalWriter(folder.journal_path) as journal:
        journal.append(Failed(time=datetime.now(UTC).timestamp(), step=3, reason=CLEAR_SCREEN, details=CLEAR_SCREEN))
    other = RunFolder(folder.path.rename(tmp_path / f"{folder.id}{CLEAR_SCREEN}"))
    assert list_runs(tmp_path) == []
    back = other.path.rename(folder.path)
    for words in (["runs"], ["doctor", back.name], ["compare", back.name], ["export", back.name]):
        assert "\x1b" not in call(*words, "--runs-dir", tmp_path).output
    assert "\x1b" not in call("export", f"no{CLEAR_SCREEN}", "--runs-dir", tmp_path).output
