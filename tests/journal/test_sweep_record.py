from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.builders import let_go_of, make_sweep
from tp1tui.journal.fetch import Fetched, Fetcher
from tp1tui.journal.state import RunState
from tp1tui.journal.sweep_record import SweepFollower, points, state_of
from tp1tui.journal.tickets import put_in_line, take_out_of_line


def followed(runs_dir: Path, **build: object) -> SweepFollower:
    follower = SweepFollower(make_sweep(runs_dir, **build))  # type: ignore[arg-type]
    follower.poll()
    return follower


def test_members_come_in_the_sweep_s_order_each_with_its_state(tmp_path: Path) -> None:
    follower = followed(tmp_path)
    assert [member.state for member in follower.members] == ["finished", "finished", "finished", "running", "queued"]
    assert [member.run.values["optimizer.lr"] for member in follower.members] == [0.003, 0.02, 1, 0.05, 0.1]
    assert [member.in_line for member in follower.members] == [False] * 4 + [True]
    assert follower.state == "running"
    let_go_of(follower.folder)
    assert follower.poll()
    assert follower.members[3].state == "interrupted"


def test_a_poll_without_news_says_so_and_finished_members_are_not_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = followed(tmp_path, states=("finished", "finished", "interrupted"))
    looked: list[str] = []
    look = Fetcher.run

    def counted(self: Fetcher) -> Fetched:
        looked.append(self.folder.id)
        return look(self)

    monkeypatch.setattr(Fetcher, "run", counted)
    assert not follower.poll()
    assert looked == [member.folder.id for member in follower.members[2:]]


def test_points_hold_the_seeds_together(tmp_path: Path) -> None:
    follower = followed(tmp_path, vary=("optimizer.lr=0.1,0.2",), seeds=3, states=("finished",))
    assert [(point.name, [member.run.seed for member in point.members]) for point in points(follower.members)] == [
        ("optimizer.lr = 0.1", [0, 1, 2]),
        ("optimizer.lr = 0.2", [0, 1, 2]),
    ]
    assert points(follower.members)[0].values == {"optimizer.lr": 0.1}


def test_a_sweep_over_seeds_alone_is_one_point(tmp_path: Path) -> None:
    follower = followed(tmp_path, vary=(), seeds=3, states=("finished",))
    (point,) = points(follower.members)
    assert (point.name, point.values, len(point.members)) == ("", {}, 3)


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (("running", "paused", "queued", "failed", "finished"), "running"),
        (("paused", "queued", "failed", "interrupted", "finished"), "paused"),
        (("finished", "failed", "interrupted", "stopped", "queued"), "queued"),
        (("finished", "failed", "interrupted", "stopped", "finished"), "interrupted"),
        (("finished", "failed", "stopped"), "failed"),
        (("finished", "stopped", "finished"), "stopped"),
        (("finished",), "finished"),
    ],
)
def test_the_whole_is_what_matters_most_of_its_members(
    tmp_path: Path, states: tuple[RunState, ...], whole: RunState
) -> None:
    follower = followed(tmp_path, states=states)
    assert follower.state == whole
    let_go_of(follower.folder)


def test_members_taken_out_of_line_before_they_began_make_a_stopped_sweep(tmp_path: Path) -> None:
    follower = followed(tmp_path, states=("finished", "queued"))
    assert follower.state == "queued"
    for member in follower.members:
        take_out_of_line(member.folder)
    assert follower.poll()
    assert follower.state == "stopped"
    put_in_line(follower.members[-1].folder, "cpu")
    assert follower.poll()
    assert follower.state == "queued"


def test_a_deleted_and_a_spoilt_member_are_left_out_and_told(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path, states=("finished",))
    (_, gone), (_, spoilt), *_ = sweep.runs()
    shutil.rmtree(gone.path)
    spoilt.spec_path.write_text("kind = 3")
    follower = SweepFollower(sweep)
    follower.poll()
    assert len(follower.members) == 3
    assert any(gone.id in trouble for trouble in follower.troubles)
    assert any(spoilt.id in trouble for trouble in follower.troubles)
    assert follower.state == "finished"


def test_nothing_left_is_interrupted() -> None:
    assert state_of([]) == "interrupted"
