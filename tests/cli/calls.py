"""Calling a verb as a shell does."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from tp1tui.cli.main import app


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answer(*words: str | Path) -> str:
    """What a verb that succeeds prints."""
    result = call(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(code: int, *words: str | Path) -> str:
    """The sentence of a verb that fails, without a traceback and with nothing on standard output."""
    result = call(*words)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    return result.stderr
