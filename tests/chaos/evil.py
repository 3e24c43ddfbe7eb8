"""Runs, presets and answers whose every text was written by somebody who means ill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zlib import crc32

from pydantic import TypeAdapter

from tests.builders import some_results
from tests.tui.lab import journal
from tp1tui.journal.events import Event, Measured, Preparing, Warned
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.prediction import FILE as PREDICTION
from tp1tui.spec.results import Result

MARKUP = "[bold red]mine[/] [link=http://x]y[/link] [@click=app.quit]z[/] [/] =cmd|' /C calc'!A0 $\\frac$"
"""What rich, Textual, a spreadsheet and matplotlib would take for a command."""
EVIL = f"\x1b[2J\x1b]0;yours\x07\x9b31m\u202egpj.exe\u2066\x00\r {MARKUP}"
"""The same, and what a terminal would."""
LONG = "long " * 800
PLACE = "EVIL"
"""Stands in an event for what is put there once it has been written: no event of ours holds it."""
PRESET = "[red]evil"
"""Id of the preset."""
_KEPT = ("kind", "scale", "content", "part")


def evil_preset(presets: Path, extends: str = "digits") -> None:
    """A question of a stranger's, two that cannot be read, and two whose names no terminal may show."""
    folder = presets / "[blink]strangers"
    folder.mkdir(parents=True)
    texts = {
        "title": MARKUP,
        "question": f"{MARKUP}\n\n{LONG}",
        "to_try": [MARKUP],
        "look_for": MARKUP,
        "note": MARKUP,
        "report": {"text": MARKUP},
    }
    page = "\n".join(f"{key} = {_toml(value)}" for key, value in texts.items())
    (folder / f"{PRESET}.toml").write_text(f'{page}\n[experiment]\nextends = "{extends}"\nepochs = 4\n')
    (folder / "[red]refused.toml").write_text(f"title = {json.dumps(EVIL)}\n")
    (folder / "[red]wrong.toml").write_text(f"{json.dumps(MARKUP)} = {json.dumps(MARKUP)}\n")
    for name in ("\x1b[2Jsteers.toml", "\udcff.toml"):
        (folder / name).write_text(f'title = "t"\nquestion = "q"\n[experiment]\nextends = "{extends}"\n')


def _toml(value: Any) -> str:
    return json.dumps(value) if not isinstance(value, dict) else f"{{ text = {json.dumps(value['text'])} }}"


def bewitch(folder: RunFolder, *last: Event) -> None:
    """Fill all that a run says with evil texts, its journal with raw ones, as a stranger's program would.

    Args:
        folder: Of the run.
        last: Further events, `PLACE` in the place of what shall be evil.
    """
    results = TypeAdapter(list[Result]).validate_python([_bewitched(result.model_dump()) for result in some_results()])
    journal(
        folder,
        Preparing(time=1.8e9, step=0, what=PLACE),
        Warned(time=1.8e9, step=0, message=f"{PLACE} {LONG}", topic=PLACE),
        *(Measured(time=1.8e9, step=0, result=result) for result in results),
        *last,
    )
    text = json.dumps(EVIL)[1:-1].encode()
    lines = [
        line[: line.rindex(b',"crc":')].replace(PLACE.encode(), text)
        for line in folder.journal_path.read_bytes().splitlines()
    ]
    folder.journal_path.write_bytes(b"".join(b'%b,"crc":"%08x"}\n' % (line, crc32(line)) for line in lines))
    (folder.path / "labels.toml").write_text(f'name = "[red]mine[/]"\ntags = ["red"]\nnote = {json.dumps(MARKUP)}\n')
    (folder.path / PREDICTION).write_text(EVIL)
    folder.log_path.write_text(f"{EVIL}\n{LONG}\n")


def _bewitched(value: Any, key: str = "") -> Any:
    match value:
        case str() if key not in _KEPT:
            return f"{value} {PLACE}"
        case dict():
            return {name: _bewitched(one, name) for name, one in value.items()}
        case list() | tuple():
            return tuple(_bewitched(one, key) for one in value)
    return value
