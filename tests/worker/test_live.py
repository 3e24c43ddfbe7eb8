"""What is seen of a network while it learns: the boundary of points, and the example that is probed."""

from __future__ import annotations

import math
import os
import signal
from pathlib import Path

import pytest
import torch

from tests.waiting import until_record, until_state
from tests.worker.conftest import StartRun, pid_of, spec_of
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.engine.training import Training
from tp1tui.journal.commands import Pause, ProbeExample, send
from tp1tui.journal.record import RunRecord
from tp1tui.spec.live import BOUNDARY, PROBE, PROBE_LINE, PROBE_PICTURE, ProbeOf
from tp1tui.spec.results import Grid, Series, Table
from tp1tui.worker import launcher
from tp1tui.worker.live import EVERY, Live
from tp1tui.worker.probe import MOST_POINTS, Probe, ProbeError

LONG = "epochs=100000"


def training_of(tmp_path: Path, preset: str, *changes: str) -> Training:
    experiment = spec_of(preset, *changes).experiment
    examples = load(experiment.dataset, experiment.seed, Store(tmp_path), lambda progress: None)
    torch.manual_seed(0)
    return Training(experiment, examples, torch.device("cpu"))


def live(training: Training, record: RunRecord | None = None) -> Live:
    return Live(training, record or RunRecord(), ProbeOf())


def test_a_boundary_has_the_network_s_probabilities_and_knows_which_points_are_wrong(tmp_path: Path) -> None:
    training = training_of(tmp_path, "ab2.4")
    grid = {result.name: result for result in live(training).look(0.0)}[BOUNDARY]
    assert isinstance(grid, Grid)
    assert (grid.across_values[0], grid.down_values[0], len(grid.values), len(grid.values[0])) == (-2.0, 2.0, 41, 41)
    corner = torch.tensor([[grid.across_values[40], grid.down_values[3]]])
    assert grid.values[3][40] == pytest.approx(training.model(corner).softmax(1)[0, 1].item(), abs=6e-4)
    answers = training.model(training.data.test.inputs).argmax(1)
    wrong = [point.wrong for point in grid.points if point.part == "test"]
    assert wrong == (answers != training.data.test.labels).tolist()
    assert len(grid.points) == 400


def test_images_have_no_boundary(tmp_path: Path) -> None:
    names = [result.name for result in live(training_of(tmp_path, "digits")).look(0.0)]
    assert names == [PROBE, PROBE_LINE, PROBE_PICTURE]


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error", "hinge"])
def test_a_probe_tells_logits_probabilities_target_and_loss(tmp_path: Path, loss: str) -> None:
    kind = loss.replace("_", "-") if loss != "cross_entropy" else "cross-entropy"
    training = training_of(tmp_path, "digits", f"loss.kind={kind}")
    table, line, picture = Probe(training, ProbeOf(part="train", number=7), None).results()
    assert isinstance(table, Table)
    assert isinstance(line, Series)
    assert isinstance(picture, Grid)
    inputs, labels = training.data.measuring_batch(training.data.train, 6, 7)
    training.model.eval()
    logits = training.model(inputs)
    _, ytilde, yhat, y = zip(*table.rows, strict=True)
    assert ytilde == pytest.approx(logits[0].tolist(), rel=1e-4)
    assert yhat == pytest.approx(logits.softmax(1)[0].tolist(), rel=1e-4)
    assert list(y) == [int(at == labels.item()) for at in range(10)]
    assert f"{training.loss_function(logits, labels).item():.3g}"[:4] in table.note
    assert line.lines[0].y == pytest.approx((yhat[int(labels)],))
    assert len(picture.values) == 8


def test_a_network_that_has_diverged_can_be_probed(tmp_path: Path) -> None:
    training = training_of(tmp_path, "ab2.4")
    with torch.no_grad():
        next(training.model.parameters()).fill_(math.nan)
    assert len(list(live(training).look(0.0))) == 3


def test_an_example_that_is_not_there_is_told(tmp_path: Path) -> None:
    probe = Probe(training_of(tmp_path, "ab2.4"), ProbeOf(number=900), None)
    assert probe.of.number == 200
    with pytest.raises(ProbeError, match="no training example 201: the train set has 200"):
        probe.choose(ProbeOf(part="train", number=201))


def test_another_example_begins_another_line_and_brings_its_picture(tmp_path: Path) -> None:
    probe = Probe(training_of(tmp_path, "digits"), ProbeOf(), None)
    assert len(list(probe.results())) == 3
    assert len(list(probe.results())) == 2
    probe.choose(ProbeOf(number=2))
    _, line, picture = probe.results()
    assert isinstance(line, Series)
    assert line.lines[0].name == picture.note == "test example 2"  # type: ignore[union-attr]


def test_the_line_stays_bounded_and_goes_on_after_an_interruption(tmp_path: Path) -> None:
    training = training_of(tmp_path, "ab2.4")
    probe = Probe(training, ProbeOf(), None)
    for _ in range(3 * MOST_POINTS):
        training.step += 20
        _, line = probe.results()
    assert isinstance(line, Series)
    xs = line.lines[0].x
    assert len(xs) <= MOST_POINTS
    assert (xs[0], xs[-1]) == (1.0, 3.0 * MOST_POINTS)
    training.step = 20 * 100
    _, again = Probe(training, ProbeOf(), line).results()
    assert isinstance(again, Series)
    assert again.lines[0].x == (*(x for x in xs if x < 100), 100.0)


def test_one_looks_at_most_once_a_second_and_more_seldom_in_a_long_run(tmp_path: Path) -> None:
    training = training_of(tmp_path, "digits")
    seen = live(training)
    assert seen.is_due(0.0)
    list(seen.look(0.0))
    assert not seen.is_due(0.9 * EVERY)
    assert seen.is_due(EVERY)
    list(seen.look(6000.0))
    assert not seen.is_due(6050.0)
    assert seen.is_due(6150.0)


def test_a_boundary_waits_for_the_end_of_an_epoch(tmp_path: Path) -> None:
    training = training_of(tmp_path, "ab2.4")
    seen = live(training)
    training.step = 7
    assert not seen.is_due(0.0)
    training.step = 20
    assert seen.is_due(0.0)


def test_a_short_run_shows_its_first_and_its_last_network(fork_run: StartRun) -> None:
    folder = fork_run("ab2.4", "epochs=3")
    record = until_state(folder, "finished", "failed")
    assert record.failed is None
    grid = record.results[BOUNDARY]
    assert grid.note.startswith("After epoch 3:")
    assert folder.journal_path.stat().st_size < 150_000
    assert record.probed is not None
    assert (record.probed.of, record.probed.count) == (ProbeOf(), 200)


def test_another_example_is_probed_at_once_also_while_paused_and_kept_over_an_interruption(fork_run: StartRun) -> None:
    folder = fork_run("digits", LONG)
    until_record(folder, lambda record: record.step > 0, "a step")
    send(folder, Pause())
    until_state(folder, "paused")
    chosen = ProbeOf(part="train", number=17)
    send(folder, ProbeExample(of=ProbeOf(number=100_000)))
    send(folder, ProbeExample(of=chosen))
    record = until_record(folder, lambda record: record.results[PROBE].note.startswith("training example 17"), "it")
    assert "There is no test example 100000" in record.warnings[-1]
    assert record.refusals == record.obeyed == 1
    os.kill(pid_of(folder), signal.SIGTERM)
    until_state(folder, "interrupted")
    launcher.resume(folder)
    resumed = until_record(folder, lambda record: record.resumes == 1 and record.step > 0, "the resume")
    assert resumed.probed is not None
    assert resumed.probed.of == chosen
