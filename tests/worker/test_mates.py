"""One run over several processes that torch's launcher starts: on a CPU through gloo, as on GPUs through NCCL."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest

from tests import forked
from tests.waiting import until, until_record, until_state
from tests.worker.conftest import pid_of, spec_of
from tp1tui.journal.commands import Pause, Resume, Stop, SwitchTo, send
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.lock import is_held
from tp1tui.journal.record import RunRecord
from tp1tui.spec.changes import with_changes
from tp1tui.spec.sharing import why_not_shared
from tp1tui.worker import launcher
from tp1tui.worker.device_name import UnknownDevice, check_device
from tp1tui.worker.spawning import LaunchError, spawn

pytestmark = pytest.mark.chaos


TWO = "cpu,cpu"
SMALL = ("epochs=3", "dataset.train_examples=321", "augmentation.enabled=true", "batchnorm.enabled=false")
"""The last batch, of one example, is done by both processes."""
LONG = "epochs=10000"


@pytest.fixture(autouse=True)
def one_alone_is_forked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing depends here on how a worker without mates is started."""

    def start(folder: RunFolder, device: str) -> object:
        return (spawn if "," in device else forked.start)(folder, device)

    monkeypatch.setattr(launcher, "spawn", start)
    yield
    forked.end_all_started()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs; whoever works there at the end is ended."""
    yield tmp_path
    for process in processes(tmp_path):
        process.kill()


def processes(runs: Path) -> list[psutil.Process]:
    """Everybody who works on a run in this folder."""
    found = psutil.process_iter(["cmdline"])
    return [process for process in found if any(str(runs) in word for word in process.info["cmdline"] or ())]


def mate_of(folder: RunFolder) -> psutil.Process:
    """The process that trains beside the one that leads."""
    leader = psutil.Process(pid_of(folder))
    parent = leader.parent()
    assert parent is not None
    (mate,) = (child for child in parent.children() if child != leader)
    return mate


def run_of(runs: Path, device: str, preset: str, *changes: str) -> RunFolder:
    return launcher.start(spec_of(preset, *changes), runs, device)


def ended(folder: RunFolder) -> RunRecord:
    record = until_state(folder, "finished", "failed", "interrupted")
    assert record.failed is None, record.failed
    assert record.finished, folder.log_path.read_text()
    return record


def begun_again(folder: RunFolder) -> bool:
    follower = Follower(folder)
    follower.poll()
    return follower.record.resumes > 0


def curves(record: RunRecord) -> list[float]:
    return [figure for epoch in record.epochs for figure in (epoch.train_loss, epoch.test_loss, epoch.test_top1)]


@pytest.mark.parametrize("optimizer", ["sgd", pytest.param("adam", marks=pytest.mark.long)])
def test_two_processes_come_to_what_one_does(runs: Path, optimizer: str) -> None:
    kind = () if optimizer == "sgd" else ("optimizer={kind='adam', lr=0.001}",)
    together = ended(run_of(runs, TWO, "digits", *SMALL, *kind))
    alone = ended(run_of(runs, "cpu", "digits", *SMALL, *kind))
    assert curves(together) == pytest.approx(curves(alone), rel=1e-3, abs=1e-4)
    assert list(together.losses) == pytest.approx(list(alone.losses), rel=1e-3, abs=1e-4)
    assert together.device == TWO


def test_a_run_alone_takes_no_heed_of_what_a_cluster_says_of_ranks(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    assert len(ended(run_of(runs, "cpu", "ab2.4", "epochs=2")).epochs) == 3


def test_who_leads_is_obeyed_by_all_and_what_is_asked_for_holds_everywhere(runs: Path) -> None:
    folder = run_of(runs, TWO, "digits", LONG, "dataset.train_examples=320")
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, SwitchTo(switch="dropout", on=True))
    until_record(folder, lambda record: bool(record.changes), "the switch")
    send(folder, Pause())
    until_state(folder, "paused")
    send(folder, Resume())
    before = until_state(folder, "running")
    until_record(folder, lambda record: record.step > before.step, "a step after the pause")
    send(folder, Stop())
    until_state(folder, "stopped")
    until(lambda: not processes(runs), "all processes to leave")


@pytest.mark.long
def test_a_run_goes_on_from_its_checkpoint_on_two_devices_or_one(runs: Path) -> None:
    settings = ("epochs=6", *SMALL[1:])
    undisturbed = ended(run_of(runs, "cpu", "digits", *settings))
    folder = run_of(runs, TWO, "digits", *settings)
    until_record(folder, lambda record: len(record.epochs) > 2, "two epochs")
    os.kill(pid_of(folder), signal.SIGTERM)
    until_state(folder, "interrupted", "finished")
    until(lambda: not processes(runs), "all processes to leave")
    launcher.resume(folder, "cpu")
    until(lambda: begun_again(folder), "the resume")
    assert curves(ended(folder)) == pytest.approx(curves(undisturbed), rel=1e-3, abs=1e-4)


@pytest.mark.parametrize(
    ("victim", "then"), [pytest.param("leader", TWO, marks=pytest.mark.long), ("mate", "cpu")], ids=["leader", "mate"]
)
def test_whoever_dies_the_others_leave_and_the_run_can_be_resumed(
    runs: Path, victim: str, then: str, record_property: Callable[[str, object], None]
) -> None:
    folder = run_of(runs, TWO, "digits", LONG, "dataset.train_examples=320")
    until_record(folder, lambda record: len(record.epochs) > 1, "an epoch")
    if victim == "leader":
        os.kill(pid_of(folder), signal.SIGKILL)
    else:
        mate_of(folder).kill()
    until(lambda: not is_held(folder), "the leader's end")
    record = until_state(folder, "interrupted", "failed")
    assert record.failed is None or "has died" in record.failed.reason
    until(lambda: not processes(runs), "all processes to leave")
    launcher.resume(folder, then)
    until(lambda: begun_again(folder), "the resume")
    until_record(folder, lambda again: again.step > record.step, "steps after the resume")
    record_property("dead_mates", 1)


@pytest.mark.parametrize(
    ("preset", "changes", "told"),
    [("ab2.1", (), "works on one device"), ("ab2.4", ("batch_size=1",), "cannot be shared out among 2 devices")],
)
def test_what_cannot_be_shared_is_refused_in_a_sentence(
    tmp_path: Path, preset: str, changes: tuple[str, ...], told: str
) -> None:
    with pytest.raises(LaunchError, match=told):
        run_of(tmp_path / "runs", TWO, preset, *changes)
    assert not (tmp_path / "runs").exists()


@pytest.mark.long
def test_what_was_put_in_line_all_the_same_fails_with_that_sentence(runs: Path) -> None:
    folder = RunFolder.create(runs, spec_of("ab2.1"), datetime.now().astimezone())
    spawn(folder, TWO)
    failed = until_state(folder, "failed").failed
    assert failed is not None
    assert "works on one device" in failed.reason
    until(lambda: not processes(runs), "all processes to leave")


def test_sharing_asks_for_an_example_a_device() -> None:
    experiment = with_changes(spec_of("digits").experiment, ["batch_size=3"])
    assert [why_not_shared(experiment, devices) is None for devices in (2, 3, 4)] == [True, True, False]


@pytest.mark.parametrize("name", ["cuda:0,cuda:1", "cuda:0,cuda:1,cuda:2", "cpu,cpu"])
def test_several_devices_are_named_with_commas(name: str) -> None:
    assert check_device(name) == name


@pytest.mark.parametrize("name", ["cuda:0,cuda:0", "cuda:0,cpu", "cuda,cuda", "auto,auto", "cuda:0,", ","])
def test_devices_that_cannot_share_are_refused(name: str) -> None:
    with pytest.raises(UnknownDevice, match="as in cuda:0,cuda:1"):
        check_device(name)
