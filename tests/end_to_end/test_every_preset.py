"""Every preset that comes with the program: it trains a few steps on real images, is shown, and is exported.

Each is cut to a few dozen examples and a few epochs, and worked on in this process as a worker would.
"""

from __future__ import annotations

import csv
import math
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import huggingface_hub
import pytest
import timm
from rich.cells import cell_len
from safetensors.torch import save_file

from tests.spec.shipped import FOLDER, MEASURES, RUNS, SHIPPED, SWEEPS
from tp1tui.data.arrays import Examples
from tp1tui.data.load import load
from tp1tui.data.store import Store
from tp1tui.data.validation import held_out
from tp1tui.journal.epoch_curves import curve
from tp1tui.journal.export import export
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.lock import RunLock
from tp1tui.journal.record import RunRecord
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.journal.sweep_record import SweepFollower, points
from tp1tui.journal.sweep_results import heat, members_table, outcome
from tp1tui.journal.sweep_series import error_over_field
from tp1tui.spec.asking import edited
from tp1tui.spec.changes import with_changes
from tp1tui.spec.dataset import Dataset, validation_size
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.frozen import Frozen, MeasureSpec, RunSpec, SweepSpec
from tp1tui.spec.preset import MeasurePreset, Preset
from tp1tui.spec.results import Grid, Result
from tp1tui.tui.bench.catalog import matching, read_questions
from tp1tui.tui.plots.draw import draw
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.results.blocks import Room, blocks, draw_block
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.run.head import head_lines
from tp1tui.tui.run.verdict import verdict
from tp1tui.tui.run.watch import MeasureWatch, RunWatch
from tp1tui.worker import layouts, measuring, prepare
from tp1tui.worker.inbox import Inbox
from tp1tui.worker.room import PatientJournal

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
WIDTH, HEIGHT = 80, 16
TRAIN, TEST, BATCH = 32, 20, 16
SHORTER = {
    "step": ["schedule.every=1"],
    "multi-step": ["schedule.milestones=[1]"],
    "warm-restarts": ["schedule.period=1"],
    "plateau": ["epochs=3"],
}
"""What a schedule made for many epochs becomes in a run of a few."""
SMALLER = {
    "svm": ["measure.costs=[1.0]", "measure.gammas=[1.0]"],
    "linear-classifiers": ["measure.train_examples=100", "measure.words=20", "dataset.train_examples=100"],
    "fully-convolutional": ["measure.sides=[32, 40]", f"measure.tested={TEST}"],
    "dropout-modes": ["measure.passes=10"],
    "token-cost": ["measure.copies=[1, 2, 3, 4]", "measure.images=1"],
    "gradient-cost": ["measure.depths=[1, 2, 3]", "measure.width=3", "measure.widths=[2, 3, 4]", "measure.examples=4"],
}
"""What a measure's own numbers become."""


def marked(presets: Mapping[str, Preset]) -> list[object]:
    """Ids of presets; those whose images must be fetched bear the mark."""
    return [
        pytest.param(id, marks=pytest.mark.real_data) if _is_fetched(preset) else id for id, preset in presets.items()
    ]


def _is_fetched(preset: Preset) -> bool:
    return preset.experiment is not None and preset.experiment.dataset.kind in ("cifar10", "mnist")


def cut(experiment: Experiment) -> Experiment:
    """The same with few examples and few epochs."""
    settings = [f"batch_size={min(experiment.batch_size, BATCH)}"]
    settings += [f"dataset.train_examples={TRAIN}", f"dataset.test_examples={TEST}", "epochs=2"]
    if experiment.model.kind == "timm":  # a step of such a network takes as long as dozens of others
        settings += ["batch_size=4", "dataset.train_examples=8"]
    settings += SHORTER.get(experiment.schedule.kind, [])
    if getattr(experiment.schedule, "warmup_epochs", 0):
        settings.append("schedule.warmup_epochs=0.5")
    if experiment.standardization.kind == "zca":
        settings.append("standardization.epsilon=0.01")  # one fit, which takes long, serves all
    return with_changes(experiment, settings)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the digits and whitened images are kept, for all of these tests."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def loaded() -> dict[tuple[str, int], Examples]:
    """Whole datasets, read and verified once."""
    return {}


@pytest.fixture(scope="session")
def colour_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that looks like the ImageNet weights of ViT-S."""
    path = tmp_path_factory.mktemp("hub") / "model.safetensors"
    save_file(dict(timm.create_model("vit_small_patch16_224").state_dict()), path)
    return path


@pytest.fixture(autouse=True)
def one_hub(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers find ImageNet weights as if they had been fetched before."""

    def fetched_before(repository: str, file: str, *, local_files_only: bool) -> str:
        assert local_files_only
        return str(request.getfixturevalue("colour_weights"))

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fetched_before)


@pytest.fixture(autouse=True)
def one_load(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    data_dir: Path,
    loaded: dict[tuple[str, int], Examples],
) -> None:
    """Let workers find the datasets in memory; the real ones come from the person's own store."""

    def load_once(dataset: Dataset, seed: int, store: Store, report: object) -> Examples:
        if dataset.kind in ("cifar10", "mnist"):
            store = request.getfixturevalue(f"real_{dataset.kind}")
        key = dataset.kind, seed
        if key not in loaded:
            whole = dataset.model_copy(
                update={"train_examples": None, "test_examples": None, "validation_fraction": 0.0}
            )
            loaded[key] = load(whole, seed, store, lambda progress: None)
        taken = loaded[key].first(dataset.train_examples, dataset.test_examples)
        return held_out(taken, validation_size(dataset), seed)

    monkeypatch.setenv("TP1TUI_DATA", str(data_dir))
    monkeypatch.setattr(prepare, "load", load_once)
    monkeypatch.setattr(measuring, "load", load_once)


@pytest.fixture(autouse=True)
def one_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try none: that of a network takes longer than all of its steps here."""
    monkeypatch.setattr(layouts, "faster", lambda training: "channels-first")


def made(tmp_path: Path, spec: Frozen) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", spec, NOW)


def worked(folder: RunFolder) -> RunFolder:
    """Do what a run folder asks for."""
    spec = folder.spec()
    inbox = Inbox(folder)
    with RunLock(folder), PatientJournal(folder, inbox) as journal:
        if isinstance(spec, MeasureSpec):
            measuring.measure(folder, spec, journal, "cpu", inbox)
        else:
            prepare.prepare(folder, spec.experiment, journal, "cpu", inbox).run()
    return folder


def check_trained(folder: RunFolder) -> None:
    """A run went to its end, learned something finite, and can be shown and exported."""
    watch = RunWatch(folder, None)
    look = watch.look(NOW.timestamp())
    experiment, record = watch.spec.experiment, look.record
    assert look.state == "finished"
    assert [epoch.epoch for epoch in record.epochs] == list(range(experiment.epochs + 1))
    assert len(record.losses) == experiment.epochs * experiment.steps_per_epoch
    assert all(map(math.isfinite, record.losses))
    # The scores of the circles' untrained network, its weights all N(0, 0.3), grow with the number of its units; so do
    # those of transformers, whose last tokens are normalized.
    near = 0.5 if experiment.dataset.kind == "circles" or experiment.model.kind != "layers" else 0.1
    assert abs(record.epochs[0].test_loss - _guessing(experiment)) < near
    check_drawn(watch, record)
    assert head_lines(look, WIDTH)
    for figure in ("train_top1", "test_top1"):
        found = verdict(watch.spec, record.epochs, figure, is_over=True)
        assert (found is None) == (getattr(watch.spec.report, figure) is None)
    check_exported(folder, {"epochs.csv": experiment.epochs + 1, "batches.csv": len(record.losses)})


def _guessing(experiment: Experiment) -> float:
    """The loss of a network that knows nothing: every class has the same share, every score is 0."""
    classes = len(experiment.facts.class_names)
    match experiment.loss.kind:
        case "squared-error":
            return (1 - 1 / classes) / classes
        case "hinge":
            return 1 - 1 / classes
    return math.log(classes)


def check_drawn(watch: RunWatch, record: RunRecord) -> None:
    curves, steps = watch.curves, watch.spec.experiment.steps_per_epoch
    plots = [
        curves.loss(Sight(2 * WIDTH), None, log_y=False, is_over=True),
        curves.accuracy(Sight(2 * WIDTH), None, is_over=True),
        curves.batch_loss(Sight(2 * WIDTH), steps, len(record.losses), log_y=False, is_over=True),
    ]
    for plot in plots:
        rows = draw(plot.chart, WIDTH, HEIGHT)
        assert len(rows) == HEIGHT
        assert any("⠀" < character < "⣿" for row in rows for text, _ in row for character in text)


def check_exported(folder: RunFolder, lengths: dict[str, int]) -> None:
    written = {path.name: path for path in export(folder)}
    for name, length in lengths.items():
        with written[name].open(newline="") as file:
            assert len(list(csv.DictReader(file))) == length


@pytest.mark.parametrize("preset", marked(RUNS))
def test_a_run_trains_is_shown_and_exported(tmp_path: Path, preset: str) -> None:
    page = RUNS[preset]
    folder = made(tmp_path, RunSpec.of(preset, page, cut(page.experiment)))
    check_trained(worked(folder))


@pytest.mark.parametrize("preset", marked(SWEEPS))
def test_every_member_of_a_sweep_trains_and_the_sweep_is_shown(tmp_path: Path, preset: str) -> None:
    sweep = SweepFolder.create(tmp_path / "runs", SweepSpec.of(preset, SWEEPS[preset], SWEEPS[preset]), NOW)
    for _, folder in sweep.runs():
        spec = folder.training_spec()
        shutil.rmtree(folder.path)
        RunFolder.create_at(folder.path, spec.model_copy(update={"experiment": cut(spec.experiment)}))
        check_trained(worked(folder))

    follower = SweepFollower(sweep)
    follower.poll()
    found = points(follower.members)
    assert follower.state == "finished"
    assert [point.name for point in found] == [member.name for member in SWEEPS[preset].members()]
    assert all(len(curve(point.name, point.records, "test_top1", "step").y) > 2 for point in found)
    grids: list[Grid | None] = [heat(found, "best_test_top1"), heat(found, "final_test_top1")]
    assert all(grids) == (len(SWEEPS[preset].sweep.fields) == 2)
    error = error_over_field(found)
    drawn = [result for result in (*grids, error) if result]
    check_results([outcome(found), members_table(follower.members), *drawn])


@pytest.mark.parametrize("preset", marked(MEASURES))
def test_a_measure_is_taken_shown_and_exported(tmp_path: Path, preset: str) -> None:
    page = MEASURES[preset]
    shorter = page.model_copy(update={"experiment": page.experiment and cut(page.experiment)})
    small = edited(shorter, SMALLER.get(page.measure.kind, []))
    assert isinstance(small, MeasurePreset)
    spec = MeasureSpec.of(preset, page, small)
    folder = worked(made(tmp_path, spec))
    watch = RunWatch(folder, None) if page.trains else MeasureWatch(folder)
    look = watch.look(NOW.timestamp())
    assert look.state == "finished"
    results = list(look.record.results.values())
    assert results
    check_results(results)
    assert len(export(folder)) >= len(results)


def check_results(results: Iterable[Result]) -> None:
    """Results fit on a terminal, however narrow."""
    for block in blocks(results):
        for width in (40, WIDTH):
            lines = draw_block(block, Room(width, HEIGHT, Ink())).lines
            texts = ["".join(piece[0] for piece in line).rstrip() for line in lines]
            assert any(texts)
            assert [text for text in texts if cell_len(text) > width] == []


@pytest.mark.parametrize("number", [f"cd{number:02}" for number in range(1, 35) if number not in (15, 31)])
def test_the_bench_s_search_finds_every_question_by_its_number(number: str) -> None:
    found = matching(read_questions(SHIPPED), number)
    assert found
    assert all(question.preset for question in found)
    assert all(question.file.path.is_relative_to(FOLDER) for question in found)
