"""Run folders of older programs open, show their figures and go on; those of newer ones are refused in a sentence."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.builders import make_measure, make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tests.corpus.told import told_of
from tests.endings import end_all
from tests.tui.bench_lab import MIDDLE, at_home, library
from tests.tui.test_runs_screen import looked
from tests.waiting import until_state
from tp1tui.journal.examination import examine
from tp1tui.journal.folder import NewerFormat, RunFolder
from tp1tui.journal.listing import list_runs, run_folders
from tp1tui.journal.repair import RepairError, repair
from tp1tui.journal.sweep_folder import SweepFolder, looks_like_sweep
from tp1tui.spec.frozen import FORMAT
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.widgets.run_table import RunTable
from tp1tui.worker import launcher

__all__ = ["at_home"]

CORPUS = Path(__file__).parent.parent / "corpus"
VERSIONS = sorted(int(path.name) for path in CORPUS.iterdir() if path.name.isdecimal())
NEWER = FORMAT + 1
SENTENCE = re.compile(
    rf"was written by a newer tp1tui \(format {NEWER}; this one reads up to {FORMAT}\)\. Update tp1tui"
)
Record = Callable[[str, object], None]


@pytest.fixture(params=VERSIONS, ids=lambda version: f"format {version}")
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder of runs of one format, to do anything with."""
    runs = tmp_path / "runs"
    shutil.copytree(CORPUS / str(request.param), runs)
    for path in (runs, *runs.iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
    yield runs
    end_all(runs)


def test_there_is_a_corpus_of_every_format() -> None:
    assert list(range(1, FORMAT + 1)) == VERSIONS
    for version in VERSIONS:
        formats = {folder.spec().format for folder in run_folders(CORPUS / str(version))}
        assert formats == {version}


def test_every_run_opens_and_its_figures_are_as_they_were(corpus: Path, record_property: Record) -> None:
    expected = json.loads((corpus / "expected.json").read_text())
    assert told_of(corpus) == expected
    for folder in run_folders(corpus):
        assert RunFolder.open(folder.path) == folder
        assert examine(folder).is_well
        record_property("tried", folder.id)
    assert {run.id: run.problem for run in list_runs(corpus)} == dict.fromkeys(expected)


def test_a_run_that_tells_no_format_is_of_the_first(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    shutil.copytree(CORPUS / "1", runs)
    for path in (*runs.glob("*/experiment.toml"), *runs.glob("*/sweep.toml")):
        path.write_text(path.read_text().replace("format = 1\n", ""))
    folders = run_folders(runs)
    assert {folder.spec().format for folder in folders} == {1}
    assert [run.problem for run in list_runs(runs)] == [None] * len(folders)


def test_every_run_is_shown_and_exported(corpus: Path) -> None:
    for folder in run_folders(corpus):
        assert folder.id in answer("show", folder.id, "--runs-dir", corpus)
        answer("export", folder.id, "--runs-dir", corpus, "--to", corpus.parent / "csv" / folder.id)
    expected = json.loads((corpus / "expected.json").read_text())
    for id, told in expected.items():
        csv = corpus.parent / "csv" / id / "batches.csv"
        if told["losses"]:
            losses = list(pd.read_csv(csv)["loss"])
            assert " ".join(map(repr, losses)) == told["losses"]
    for path in corpus.iterdir():
        if looks_like_sweep(path):
            assert len(SweepFolder.open(path).runs()) == 2
            answer("export", path.name, "--runs-dir", corpus)


def test_what_was_interrupted_goes_on_to_its_end(corpus: Path) -> None:
    (folder,) = (folder for folder in run_folders(corpus) if folder.id.endswith("_interrupted"))
    before = until_state(folder, "interrupted")
    launcher.resume(folder, "cpu")
    record = until_state(folder, "finished", "failed")
    assert record.failed is None
    assert record.damages == []
    assert record.resumes == 1
    assert [epoch.epoch for epoch in record.epochs] == list(range(9))
    assert list(record.losses[: before.step]) == list(before.losses)
    assert len(record.losses) == record.step == 160


def made_newer(path: Path) -> None:
    path.write_text(path.read_text().replace(f"format = {FORMAT}\n", f"format = {NEWER}\nfuture = true\n"))
    assert f"format = {NEWER}" in path.read_text()


@pytest.fixture(params=["run", "measure"])
def newer(request: pytest.FixtureRequest, tmp_path: Path) -> RunFolder:
    """A run of a newer program, beside one of this."""
    runs = tmp_path / "runs"
    make_run(runs, "digits", seed=1, epochs=2)
    folder = make_run(runs, epochs=2) if request.param == "run" else make_measure(runs)
    made_newer(folder.spec_path)
    with folder.journal_path.open("ab") as journal:
        journal.write(b'{"kind":"started","in":"another form"}\n')
    return folder


def test_a_newer_run_is_refused_in_a_sentence_by_every_verb(newer: RunFolder, record_property: Record) -> None:
    runs = newer.path.parent
    content = newer.journal_path.read_bytes()
    for verb in ("show", "export", "plot", "resume", "stop", "pause", "compare"):
        result = call(verb, newer.id, "--runs-dir", runs)
        assert result.exit_code in (1, 2), (verb, result.output)
        assert SENTENCE.search(" ".join(result.output.split())), (verb, result.output)
        assert "Traceback" not in result.output
        record_property("tried", verb)
    assert newer.journal_path.read_bytes() == content
    with pytest.raises(NewerFormat):
        RunFolder.open(newer.path)


def test_doctor_judges_nothing_in_a_newer_run(newer: RunFolder) -> None:
    result = call("doctor", newer.id, "--runs-dir", newer.path.parent)
    assert result.exit_code == 1
    text = " ".join(result.output.split())
    assert SENTENCE.search(text)
    assert "damaged" not in text
    with pytest.raises(RepairError, match="newer tp1tui"):
        repair(newer)


def test_a_newer_run_is_listed_without_figures_and_breaks_none_of_the_others(newer: RunFolder) -> None:
    for _ in range(2):  # the second reads the index that the first wrote
        summaries = {run.id: run for run in list_runs(newer.path.parent)}
        told = summaries.pop(newer.id)
        assert SENTENCE.search(told.problem or "")
        assert (told.epoch, told.best_top1, told.last_top1) == (0, None, None)
        (whole,) = summaries.values()
        assert (whole.problem, whole.epoch) == (None, 2)
    listed = json.loads(answer("runs", "--runs-dir", newer.path.parent, "--json"))
    assert len(listed) == 2


def test_a_newer_sweep_is_refused_in_a_sentence(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    sweep = make_sweep(runs, states=["finished"], vary=["optimizer.lr=0.01,0.1"], epochs=2)
    make_run(runs, "digits", epochs=2)
    for path in (sweep.spec_path, *(folder.spec_path for _, folder in sweep.runs())):
        made_newer(path)
    for verb in ("show", "export", "resume"):
        told = refusal(1, verb, sweep.id, "--runs-dir", runs)
        assert SENTENCE.search(" ".join(told.split())), (verb, told)
    assert [run.problem is None for run in list_runs(runs)].count(True) == 1
    assert call("doctor", sweep.id, "--runs-dir", runs).exit_code == 1


async def test_a_newer_run_is_a_row_with_the_sentence_on_the_screen(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_run(at_home / "runs", "digits", seed=1, epochs=2)
    made_newer(make_run(at_home / "runs", epochs=2).spec_path)
    app: Any = Tp1Tui(Path("runs"), "cpu", library=library(Path()))
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.press("r")
        await looked(app, pilot)
        text = app.screen.query_one(RunTable).text
        assert "unreadable" in text
        assert "newer tp1tui" in text
        assert "finished" in text
