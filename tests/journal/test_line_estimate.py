from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import let_go, make_run, run_spec
from tp1tui.journal.line_estimate import Turn, seconds_left, seconds_needed, starts
from tp1tui.journal.listing import list_runs

DEVICES = ("cuda:0", "cuda:1", "cpu")
SECONDS = st.one_of(st.none(), st.floats(0, 1000))
TURNS = st.lists(
    st.builds(Turn, st.lists(st.sampled_from(DEVICES), min_size=1, unique=True).map(tuple), SECONDS), max_size=8
)


def test_one_after_the_other_on_one_device() -> None:
    waiting = [Turn(("cpu",), 10.0), Turn(("cpu",), 20.0), Turn(("cpu",), None), Turn(("cpu",), 5.0)]
    assert starts(waiting, {"cpu": 3.0}) == [3.0, 13.0, 33.0, None]


def test_of_several_devices_the_one_that_is_free_first() -> None:
    either = ("cuda:0", "cuda:1")
    waiting = [Turn(either, 100.0), Turn(either, 10.0), Turn(either, 1.0), Turn(("cuda:1",), 1.0)]
    assert starts(waiting, {"cuda:0": 0.0, "cuda:1": 5.0}) == [0.0, 5.0, 15.0, 16.0]


def test_behind_one_of_which_nothing_tells_nothing_is_told() -> None:
    assert starts([Turn(("cpu",), 1.0)], {"cpu": None}) == [None]
    assert starts([Turn(("cuda:7",), 1.0)], {"cpu": 0.0}) == [None]


@given(TURNS, st.fixed_dictionaries(dict.fromkeys(DEVICES, SECONDS)))
def test_no_run_starts_before_its_device_is_free_and_those_of_one_device_keep_their_order(
    waiting: list[Turn], free_in: dict[str, float | None]
) -> None:
    found = starts(waiting, free_in)
    for turn, seconds in zip(waiting, found, strict=True):
        known = [free for device in turn.devices if (free := free_in[device]) is not None]
        assert seconds is None or seconds >= min(known)
    for device in DEVICES:
        of_one = [found[at] for at, turn in enumerate(waiting) if turn.devices == (device,)]
        told = [seconds for seconds in of_one if seconds is not None]
        assert told == sorted(told)
        assert of_one == [*told, *[None] * (len(of_one) - len(told))]


def test_what_is_left_of_a_run_follows_from_its_epochs(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=12, state="running", host=socket.gethostname())
    (run,) = list_runs(tmp_path)
    experiment = folder.training_spec().experiment
    assert run.epoch_seconds is not None
    left = seconds_left(run, experiment, [])
    assert left is not None
    assert (run.epochs - run.epoch - 1) * run.epoch_seconds <= left <= (run.epochs - run.epoch) * run.epoch_seconds
    assert seconds_left(replace(run, state="paused"), experiment, []) is None
    assert seconds_left(run, None, []) is None
    assert seconds_left(replace(run, epoch_seconds=None), experiment, []) is None
    let_go(folder)


def test_a_run_whose_last_epoch_takes_longer_than_it_should_is_done_any_moment(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=12, state="running")
    (run,) = list_runs(tmp_path)
    late = replace(run, epoch=11, epoch_seconds=10.0, elapsed=1000.0)
    assert seconds_left(late, folder.training_spec().experiment, []) == 0.0
    let_go(folder)


def test_what_trains_nothing_takes_nobody_knows_how_long() -> None:
    assert seconds_needed(None, "cpu", []) is None
    assert seconds_needed(run_spec("digits").experiment, "cpu", []) is None


def test_what_a_run_needs_is_what_its_like_needed(tmp_path: Path) -> None:
    from tp1tui.journal.estimate import paces

    make_run(tmp_path, epochs=12, host=socket.gethostname())
    known = paces(list_runs(tmp_path))
    experiment = run_spec("cd18-baseline", ["epochs=2"]).experiment
    assert seconds_needed(experiment, "cpu", known) == pytest.approx(54, abs=1)
