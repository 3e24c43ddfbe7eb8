"""What the environment says of the terminal."""

from __future__ import annotations

import pytest

from tp1tui import settings

NAMES = ("NO_COLOR", "COLORTERM", "TERM", "TMUX", "LC_ALL", "LC_CTYPE", "LANG")


def _in(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for pair in environment.split():
        monkeypatch.setenv(*pair.split("=", 1))


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ("TERM=xterm-256color COLORTERM=truecolor", "truecolor"),
        ("TERM=xterm-256color", "256"),
        ("TERM=tmux-256color COLORTERM= NO_COLOR=", "256"),
        ("TERM=xterm-direct", "truecolor"),
        ("TERM=alacritty", "256"),
        ("TERM=xterm-16color", "standard"),
        ("TERM=xterm", "standard"),
        ("TERM=linux", "standard"),
        ("TERM=screen COLORTERM=truecolor", "standard"),
        ("TERM=screen COLORTERM=truecolor TMUX=/tmp/tmux-0/default,1,0", "truecolor"),
        ("TERM=vt100", "none"),
        ("TERM=dumb", "none"),
        ("TERM=xterm-mono", "none"),
        ("TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1", "none"),
    ],
)
def test_how_many_colours(monkeypatch: pytest.MonkeyPatch, environment: str, colours: str) -> None:
    _in(monkeypatch, environment)
    assert settings.terminal_colours() == colours


@pytest.mark.parametrize(
    ("environment", "has_unicode"),
    [
        ("TERM=xterm LANG=de_DE.UTF-8", True),
        ("TERM=xterm LANG=en_US.utf8", True),
        ("TERM=xterm", True),
        ("TERM=xterm LANG=en_US.ISO-8859-1", False),
        ("TERM=xterm LANG=C", False),
        ("TERM=xterm LANG=C LC_CTYPE=C.UTF-8", False),
        ("TERM=xterm LANG=C LC_CTYPE=de_DE.UTF-8", True),
        ("TERM=xterm LC_ALL=POSIX LANG=de_DE.UTF-8", False),
        ("TERM=xterm LC_CTYPE=C.UTF-8", True),
        ("TERM=linux LANG=de_DE.UTF-8", False),
        ("TERM=vt220 LANG=de_DE.UTF-8", False),
    ],
)
def test_whether_there_are_characters_beyond_ascii(
    monkeypatch: pytest.MonkeyPatch, environment: str, has_unicode: bool
) -> None:
    _in(monkeypatch, environment)
    assert settings.terminal_unicode() is has_unicode
