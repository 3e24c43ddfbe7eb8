"""What a person asks of a worker: small files that appear whole in the run's folder and are removed when taken."""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tp1tui.files.private import make_one_private
from tp1tui.journal.atomic import replacing
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.gone import gone
from tp1tui.spec.experiment import Switch
from tp1tui.spec.live import ProbeOf

_MAX_BYTES = 4096
_NAME = re.compile(r"(\d{20})-[0-9a-f]{6}\.json")


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pause(_Command):
    """Stand still after the batch at hand."""

    kind: Literal["pause"] = "pause"


class Resume(_Command):
    """Go on after a pause."""

    kind: Literal["resume"] = "resume"


class Stop(_Command):
    """End the run after the batch at hand; what it has reached stays."""

    kind: Literal["stop"] = "stop"


class SwitchTo(_Command):
    """Put a switch on or off from the next batch on."""

    kind: Literal["switch"] = "switch"
    switch: Switch
    on: bool


class ProbeExample(_Command):
    """Probe another example from now on."""

    kind: Literal["probe"] = "probe"
    of: ProbeOf


Command = Annotated[Pause | Resume | Stop | SwitchTo | ProbeExample, Field(discriminator="kind")]

_COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)


class CommandError(Exception):
    """A command that cannot be given. Its text is a sentence."""


@dataclass(frozen=True)
class BadCommand:
    """A file among the commands that is none. It has been removed."""

    text: str
    """What was wrong with it, as a sentence."""


def send(folder: RunFolder, command: Command) -> str:
    """Give a command to a run's worker, which takes it within a moment if it lives.

    Returns:
        The name under which the command waits; later ones sort behind it.

    Raises:
        CommandError: The run's folder cannot be written, or is gone.
    """
    try:
        make_one_private(folder.commands_dir)
        name = f"{_next_number(folder.commands_dir):020d}-{secrets.token_hex(3)}.json"
        with replacing(folder.commands_dir / name) as file:
            file.write(command.model_dump_json() + "\n")
    except FileNotFoundError:
        raise CommandError(gone(folder)) from None
    except OSError as error:
        raise CommandError(
            f"The run {folder.id} cannot be given a command: {folder.commands_dir} cannot be written "
            f"({error.strerror}). Give it as the user who started the run."
        ) from None
    return name


def _next_number(commands_dir: Path) -> int:
    """Nanoseconds since 1970; where the clock was set back, one more than the last command that waits has."""
    waiting = (found for name in os.listdir(commands_dir) if (found := _NAME.fullmatch(name)))  # noqa: PTH208
    return max([time.time_ns(), *(int(found[1]) + 1 for found in waiting)])


def take(folder: RunFolder) -> list[Command | BadCommand]:
    """Take all waiting commands, in the order in which they were given. Each is returned once and never again.

    Raises:
        OSError: The folder of commands is there, but cannot be read.
    """
    return list(_taken(folder.commands_dir))


def _taken(commands_dir: Path) -> Iterator[Command | BadCommand]:
    try:
        names = sorted(name for name in os.listdir(commands_dir) if not name.startswith("."))  # noqa: PTH208
    except FileNotFoundError:
        return
    for name in names:
        path = commands_dir / name
        content = _content(path)
        try:
            path.unlink()
        except OSError:  # a folder, or not ours to remove: what cannot be taken away must not be obeyed twice
            continue
        yield _parsed(name, content)


def _content(path: Path) -> bytes | None:
    """Content of a plain file of this user's, up to a byte more than a command may have; None for anything else."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        status = os.fstat(file)
        ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid()
        return os.read(file, _MAX_BYTES + 1) if ours else None
    finally:
        os.close(file)


def _parsed(name: str, content: bytes | None) -> Command | BadCommand:
    if content is not None and len(content) <= _MAX_BYTES:
        try:
            return _COMMANDS.validate_json(content)
        except ValidationError:
            pass
    return BadCommand(f"The file {name} in the run's commands is no command; it was removed and nothing was done.")
