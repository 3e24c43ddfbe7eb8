"""Who may write where runs and datasets lie. Whoever may can change what is trained and command its worker."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o700


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing, each for its owner only, whatever the umask says.

    One that is there stays as it is.

    Raises:
        OSError: It cannot be made.
    """
    if folder.is_dir():
        return
    make_private(folder.parent)
    make_one_private(folder)


def make_one_private(folder: Path) -> None:
    """The same, but for those above it: where these are gone, nothing is made in their place.

    Raises:
        OSError: It cannot be made, or what it is to lie in is not there.
    """
    if folder.is_dir():
        return
    try:
        folder.mkdir(mode=PRIVATE)
    except FileExistsError:
        if folder.is_dir():  # another process made it meanwhile
            return
        raise
    folder.chmod(PRIVATE)


def intruders(path: Path) -> str | None:
    """Who but this user may write into a folder or a file, in a sentence with its remedy; None when nobody may.

    A group that is called as its user is that user's own, as Debian makes one for everybody.

    Raises:
        OSError: It is not there, or cannot be looked at.
    """
    status = path.stat()
    if status.st_uid != os.getuid():
        return f"{path} belongs to {_user(status.st_uid)}, so it can be looked at, not worked on."
    return other_writers(path)


def strangers(path: Path) -> str | None:
    """Who but this user and root may change a folder or a file, as `intruders` says it: root may change anything.

    Raises:
        OSError: It is not there, or cannot be looked at.
    """
    return other_writers(path) if path.stat().st_uid == 0 else intruders(path)


def other_writers(path: Path) -> str | None:
    """Who but its owner may write into a folder or a file, as `intruders` says it.

    Raises:
        OSError: It is not there, or cannot be looked at.
    """
    status = path.stat()
    if status.st_mode & stat.S_IWOTH:
        return f"Everybody on this machine may write to {path}. Take that from them: chmod go-w '{path}'"
    if status.st_mode & stat.S_IWGRP and _group(status.st_gid) != _user(status.st_uid):
        return f"The group {_group(status.st_gid)} may write to {path}. Take that from it: chmod g-w '{path}'"
    return None


def keeps_apart(folder: Path) -> bool:
    """Whether a folder for all, as /tmp is, lets nobody touch what is somebody else's: the sticky bit.

    Raises:
        OSError: It is not there, or cannot be looked at.
    """
    return bool(folder.stat().st_mode & stat.S_ISVTX)


def _user(number: int) -> str:
    with suppress(KeyError):
        return pwd.getpwuid(number).pw_name
    return f"user {number}"


def _group(number: int) -> str:
    with suppress(KeyError):
        return grp.getgrgid(number).gr_name
    return f"group {number}"
