"""Who is started together with whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.builders import sweep_spec
from tests.worker.conftest import spec_of
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import RunLock
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.tickets import line, put_in_line
from tp1tui.worker.groups import Groups


def swept(runs_dir: Path, preset: str, *fields: str, seeds: int = 1) -> list[RunFolder]:
    """The members of a sweep, in line."""
    sweep = SweepFolder.create(runs_dir, sweep_spec(preset, fields, seeds, []), datetime.now().astimezone())
    folders = [folder for _, folder in sweep.runs()]
    begin = len(line(runs_dir))
    for place, folder in enumerate(folders, begin):
        put_in_line(folder, "cpu", place)
    return folders


def group(runs_dir: Path) -> list[RunFolder]:
    first, *behind = line(runs_dir)
    return [folder for folder, _ in Groups().with_first(first, behind)]


def test_members_of_a_sweep_go_together(tmp_path: Path) -> None:
    folders = swept(tmp_path, "ab2.4", "optimizer.lr=0.1,0.2,0.3", seeds=2)
    assert group(tmp_path) == folders


def test_members_whose_steps_differ_go_in_groups_of_their_own(tmp_path: Path) -> None:
    folders = swept(tmp_path, "ab2.4", "optimizer.lr=0.1,0.2", "batch_size=10,20")
    assert group(tmp_path) == [folders[0], folders[2]]


def test_a_group_has_an_upper_end(tmp_path: Path) -> None:
    folders = swept(tmp_path, "ab2.4", seeds=40)
    assert group(tmp_path) == folders[:32]


@pytest.mark.parametrize("preset", ["ab2.1", "cd18", "e07-width"])
def test_some_train_alone(tmp_path: Path, preset: str) -> None:
    folders = swept(tmp_path, preset, seeds=3)
    assert group(tmp_path) == folders[:1]


def test_runs_that_are_no_members_train_alone(tmp_path: Path) -> None:
    now = datetime.now().astimezone()
    folders = [RunFolder.create(tmp_path, spec_of("ab2.4", f"seed={seed}"), now) for seed in range(3)]
    for place, folder in enumerate(folders):
        put_in_line(folder, "cpu", place)
    assert group(tmp_path) == folders[:1]


def test_members_that_were_begun_or_that_somebody_has_or_that_wait_for_another_device_stay_out(tmp_path: Path) -> None:
    folders = swept(tmp_path, "ab2.4", seeds=6)
    folders[1].journal_path.touch()
    folders[3].spec_path.write_text("epochs = 'many'")  # ends the row: nobody can tell whose it is
    with RunLock(folders[2]):
        assert group(tmp_path) == folders[:1]
    assert group(tmp_path) == [folders[0], folders[2]]
    put_in_line(folders[2], "auto", 2)
    assert group(tmp_path) == [folders[0]]


def test_nobody_else_waits_longer_for_it(tmp_path: Path) -> None:
    first = swept(tmp_path, "ab2.4", seeds=2)
    other = swept(tmp_path, "ab2.4", "optimizer.lr=0.1,0.2")
    put_in_line(first[1], "cpu", 99)  # behind the other sweep now
    assert group(tmp_path) == first[:1]
    first_of_other: Sequence[RunFolder] = [
        folder for folder, _ in Groups().with_first(line(tmp_path)[1], line(tmp_path)[2:])
    ]
    assert first_of_other == other


def test_what_could_not_join_is_started_alone_the_next_time(tmp_path: Path) -> None:
    folders = swept(tmp_path, "ab2.4", seeds=3)
    groups = Groups()
    groups.leave_alone(folders[0])
    first, *behind = line(tmp_path)
    assert groups.with_first(first, behind) == [first]
