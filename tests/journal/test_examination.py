"""What an examination finds in folders that were damaged, and what a repaired copy holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import let_go, make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tests.journal.damage import cut, flip, write_checkpoints
from tp1tui.journal.examination import examine, examine_sweep
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.labels import LABELS_FILE, relabel
from tp1tui.journal.repair import RepairError, repair
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.spec.checkpoint_files import BEST, LAST, PREVIOUS


def problems(folder: RunFolder) -> dict[str, str]:
    return {finding.what: finding.text for finding in examine(folder).findings if finding.verdict == "problem"}


def notes(folder: RunFolder) -> str:
    return " ".join(finding.text for finding in examine(folder).findings if finding.verdict == "note")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = make_run(tmp_path)
    write_checkpoints(folder)
    return folder


def test_a_run_as_its_worker_left_it_is_well(run: RunFolder) -> None:
    examined = examine(run)
    assert examined.is_well
    texts = {finding.what: finding.text for finding in examined.findings}
    assert "the run is finished, at step 4,692, epoch 12" in texts["journal"]
    assert texts["checkpoints/last.pt"] == "whole"


def test_damaged_lines_are_counted_and_all_others_saved(run: RunFolder) -> None:
    lines = run.journal_path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"7", b"8", 1)
    lines[5] = lines[5][: len(lines[5]) // 2] + b"\n"
    run.journal_path.write_bytes(b"".join(lines))
    assert problems(run)["journal"].startswith("2 lines are damaged")
    copy = repair(run)
    assert copy.journal_path.read_bytes() == b"".join(line for at, line in enumerate(lines) if at not in (3, 5))
    assert examine(copy).is_well
    assert run.journal_path.read_bytes() == b"".join(lines)


def test_a_last_line_without_its_end_is_no_problem_and_is_not_copied(run: RunFolder) -> None:
    whole = run.journal_path.read_bytes()
    run.journal_path.write_bytes(whole + b'{"kind":"batches"')
    assert "has no end" in notes(run)
    assert examine(run).is_well
    assert repair(run).journal_path.read_bytes() == whole


@pytest.mark.parametrize("at", [40, 2000, -30])
def test_a_changed_checkpoint_is_noticed_and_the_one_before_it_takes_its_place(run: RunFolder, at: int) -> None:
    before = (run.checkpoints_dir / PREVIOUS).read_bytes()
    flip(run.checkpoints_dir / LAST, at)
    assert "A resume goes on from previous.pt." in problems(run)["checkpoints/last.pt"]
    copy = repair(run)
    assert (copy.checkpoints_dir / LAST).read_bytes() == before
    assert not (copy.checkpoints_dir / PREVIOUS).exists()
    assert (copy.checkpoints_dir / BEST).exists()


def test_a_cut_best_checkpoint_hinders_no_resume(run: RunFolder) -> None:
    cut(run.checkpoints_dir / BEST, 100)
    assert "a resume needs them not" in problems(run)["checkpoints/best.pt"]
    assert {path.name for path in repair(run).checkpoints_dir.iterdir()} == {LAST, PREVIOUS}


def test_where_no_checkpoint_is_whole_the_figures_are_saved(run: RunFolder) -> None:
    for name in (LAST, PREVIOUS):
        cut(run.checkpoints_dir / name, 10)
    assert "its figures are in the journal" in problems(run)["checkpoints/last.pt"]
    follower = Follower(repair(run))
    follower.poll()
    assert len(follower.record.epochs) == 13


def test_what_a_person_wrote_on_a_run_is_copied_and_what_cannot_be_read_is_told(run: RunFolder) -> None:
    relabel(run.path, lambda labels: labels.named("the one for the report"))
    assert (repair(run).path / LABELS_FILE).exists()
    (run.path / LABELS_FILE).write_text("name = ")
    assert "Mend it or delete it." in problems(run)[LABELS_FILE]


def test_an_experiment_that_cannot_be_read_leaves_the_figures(run: RunFolder) -> None:
    run.spec_path.write_text(run.spec_path.read_text().replace('preset = "', "preset = 7 #"))
    assert "its figures are in the journal" in problems(run)["experiment.toml"]
    with pytest.raises(RepairError, match="nothing else tells what was to be trained"):
        repair(run)


def test_a_run_that_is_being_worked_on_is_not_repaired_and_no_copy_is_written_over(tmp_path: Path) -> None:
    running = make_run(tmp_path, state="running", seed=1)
    with pytest.raises(RepairError, match="Stop it first"):
        repair(running)
    let_go(running)
    repair(running)
    with pytest.raises(RepairError, match="there already"):
        repair(running)


def test_a_folder_that_others_may_write_is_a_problem_with_its_remedy(run: RunFolder) -> None:
    run.path.chmod(0o777)
    assert "chmod go-w" in problems(run)["folder"]
    with pytest.raises(RepairError, match=r"chmod go-w '[^']*'$"):
        repair(run)


def test_a_sweep_that_lost_a_run_says_which(tmp_path: Path) -> None:
    sweep: SweepFolder = make_sweep(tmp_path, states=("finished",))
    (_, gone), *_ = sweep.runs()
    gone.path.rename(tmp_path / "elsewhere")
    assert gone.id in examine_sweep(sweep)[-1].text
    sweep.spec_path.write_text("kind = 3")
    assert examine_sweep(sweep)[-1].verdict == "problem"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_repaired_copy_of_any_damage_is_well_and_holds_only_lines_of_the_original(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = make_run(tmp_path_factory.mktemp("runs"), epochs=3)
    write_checkpoints(folder)
    whole = folder.journal_path.read_bytes()
    originals = set(whole.splitlines(keepends=True))
    damaged = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        damaged[at] = data.draw(st.integers(0, 255))
    folder.journal_path.write_bytes(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    checkpoint = folder.checkpoints_dir / data.draw(st.sampled_from((LAST, PREVIOUS, BEST)))
    cut(checkpoint, data.draw(st.integers(0, checkpoint.stat().st_size - 1)))
    copy = repair(folder)
    assert examine(copy).is_well
    assert set(copy.journal_path.read_bytes().splitlines(keepends=True)) <= originals


def test_the_verb_tells_repairs_and_says_how_to_go_on(run: RunFolder) -> None:
    runs_dir = run.path.parent
    assert "whole" in answer("doctor", run.id, "--runs-dir", runs_dir)
    cut(run.checkpoints_dir / LAST, 10)
    result = call("doctor", run.id, "--runs-dir", runs_dir, "--json")
    assert result.exit_code == 1
    verdicts = {row["what"]: row["verdict"] for row in json.loads(result.stdout)}
    assert verdicts["checkpoints/last.pt"] == "problem"
    told = " ".join(answer("doctor", run.id, "--repair", "--runs-dir", runs_dir).split())
    assert f"`tp1tui resume {run.path}-repaired`" in told
    assert "Nothing is damaged" in answer("doctor", f"{run.id}-repaired", "--repair", "--runs-dir", runs_dir)


def test_a_folder_whose_experiment_is_lost_can_be_examined(run: RunFolder) -> None:
    run.spec_path.unlink()
    assert call("doctor", run.id, "--runs-dir", run.path.parent).exit_code == 1
    assert "needs a run" in refusal(2, "doctor", "--repair")
