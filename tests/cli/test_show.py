"""How sentences are printed."""

from __future__ import annotations

import sys

import pytest

from tp1tui.cli import show

SAID = f"The sweep goes on: {'1 of 5 runs done, ' * 6}and so on.\n  tp1tui watch {'/a/long/folder' * 8}/run"


def test_sentences_break_between_words_and_what_is_to_be_copied_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show.sentence(SAID)
    *sentence, command = capsys.readouterr().out.splitlines()
    assert len(sentence) > 1
    assert all(len(line) <= 80 for line in sentence)
    assert " ".join(sentence) == SAID.splitlines()[0]
    assert command == SAID.splitlines()[1]


def test_programs_read_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    show.sentence(SAID)
    assert capsys.readouterr().out.splitlines() == SAID.splitlines()
