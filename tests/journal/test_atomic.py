from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tp1tui.journal.atomic import replacing


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with replacing(path) as file:
        file.write("new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_after_an_error_nothing_of_the_new_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with suppress(KeyboardInterrupt), replacing(path) as file:
        file.write("new")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_line_ends_stay_as_written(tmp_path: Path) -> None:
    with replacing(tmp_path / "file") as file:
        file.write("a\nb\r\n")
    assert (tmp_path / "file").read_bytes() == b"a\nb\r\n"
