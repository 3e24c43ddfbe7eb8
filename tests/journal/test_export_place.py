"""An export takes the place of an earlier one of the same run, and of nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders import make_run, make_sweep
from tp1tui.journal.csv_files import ExportError
from tp1tui.journal.export import export
from tp1tui.journal.export_place import MARKER
from tp1tui.journal.sweep_export import export_sweep


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "csv"


def contents(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir()}


def test_an_earlier_export_of_the_same_run_is_replaced(tmp_path: Path, place: Path) -> None:
    folder = make_run(tmp_path / "runs", epochs=3)
    journal = folder.journal_path.read_bytes()
    folder.journal_path.write_bytes(b"".join(journal.splitlines(keepends=True)[:-30]))
    export(folder, place)
    early = contents(place)
    folder.journal_path.write_bytes(journal)
    assert export(folder, place) == [place / name for name in ("epochs.csv", "batches.csv", "layers.csv")]
    assert contents(place)["batches.csv"] != early["batches.csv"]
    assert contents(place)["batches.csv"].startswith(early["batches.csv"])


def test_the_files_of_another_run_are_left_alone(tmp_path: Path, place: Path) -> None:
    one, other = (make_run(tmp_path / "runs", epochs=epochs, seed=epochs) for epochs in (5, 1))
    sweep = make_sweep(tmp_path / "runs", states=["finished"], epochs=1)
    export(one, place)
    before = contents(place)
    with pytest.raises(ExportError, match=r"has the CSV files of another run, cd18-baseline_.*choose another folder"):
        export(other, place)
    with pytest.raises(ExportError, match="of another run"):
        export_sweep(sweep, place)
    assert contents(place) == before


def test_a_file_of_ones_own_is_left_alone(tmp_path: Path, place: Path) -> None:
    folder = make_run(tmp_path / "runs", epochs=1)
    place.mkdir()
    (place / "layers.csv").write_text("my own\n")
    with pytest.raises(ExportError, match=r"layers.csv is there already, and is not from cd18-baseline_.*--to DIR"):
        export(folder, place)
    assert contents(place) == {"layers.csv": b"my own\n"}


def test_other_files_beside_do_not_matter(tmp_path: Path, place: Path) -> None:
    place.mkdir()
    (place / "notes.csv").write_text("my own\n")
    export(make_run(tmp_path / "runs", epochs=1), place)
    assert contents(place)["notes.csv"] == b"my own\n"


def test_an_exported_file_that_was_changed_since_is_ones_own(tmp_path: Path, place: Path) -> None:
    folder = make_run(tmp_path / "runs", epochs=1)
    epochs, *_ = export(folder, place)
    epochs.write_text("a column added\n")
    with pytest.raises(ExportError, match=r"epochs.csv is there already, and is not as it was exported"):
        export(folder, place)
    assert epochs.read_text() == "a column added\n"
    epochs.unlink()
    assert epochs in export(folder, place)


def test_a_place_is_free_again_once_its_files_are_gone(tmp_path: Path, place: Path) -> None:
    one, other = (make_run(tmp_path / "runs", epochs=epochs, seed=epochs) for epochs in (5, 1))
    for path in export(one, place):
        path.unlink()
    assert len(export(other, place)) == 3


@pytest.mark.parametrize("marker", [b"", b"\xff", b"[]", b'{"run": 3, "files": {"epochs.csv": []}}'])
def test_a_marker_that_cannot_be_read_frees_nothing(tmp_path: Path, place: Path, marker: bytes) -> None:
    folder = make_run(tmp_path / "runs", epochs=1)
    export(folder, place)
    (place / MARKER).write_bytes(marker)
    with pytest.raises(ExportError, match="is there already"):
        export(folder, place)


def test_a_run_s_own_folder_is_its_own_by_any_path_and_no_other_s(tmp_path: Path) -> None:
    one, other = (make_run(tmp_path / "runs", epochs=epochs, seed=epochs) for epochs in (5, 1))
    export(one)
    link = tmp_path / "link"
    link.symlink_to(one.path)
    assert export(one, link)[0] == one.path / "epochs.csv"
    assert not (one.path / MARKER).exists()
    with pytest.raises(ExportError, match=r"is the folder of another run, cd18-baseline_"):
        export(one, other.path)


def test_a_copied_run_is_the_same_run(tmp_path: Path, place: Path) -> None:
    folder = make_run(tmp_path / "runs", epochs=1)
    export(folder, place)
    copy = tmp_path / "laptop" / folder.id
    shutil.copytree(folder.path, copy)
    assert len(export(type(folder)(copy), place)) == 3
