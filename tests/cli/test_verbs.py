"""Every verb, as a shell calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders import make_run, make_sweep
from tests.cli.calls import answer, call, refusal
from tests.waiting import until_state
from tp1tui.cli import checkup
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower
from tp1tui.journal.writer import JournalWriter


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def test_list_names_every_preset_and_where_it_comes_from() -> None:
    presets = {row["id"]: row for row in json.loads(answer("list", "--json"))}
    assert {"digits", "cd13-lenet", "cd18-baseline", "cd22-crop-mirror", "cd34-batchnorm"} <= presets.keys()
    assert presets["cd18-baseline"]["section"] == "cd"
    assert presets["cd18-baseline"]["problem"] is None
    assert "cd18-baseline" in answer("list")


def test_show_has_the_question_the_layer_table_and_the_report() -> None:
    text = answer("show", "cd18")
    for expected in ("1,191,170", "2,432", "51,264", "102,464", "1,025,000", "10,010", "71 to 73 %", "optimizer.lr"):
        assert expected in text


def test_show_marks_what_set_changes() -> None:
    text = answer("show", "cd18", "--set", "optimizer.lr=0.5")
    assert "0.5  (changed)" in text
    spec = json.loads(answer("show", "cd18", "--json", "--set", "optimizer.lr=0.5"))
    assert spec["experiment"]["optimizer"]["lr"] == 0.5
    assert spec["changes"] == ["optimizer.lr = 0.5"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "cd99"], "There is no preset 'cd99'"),
        (["show", "no/such.toml"], "There is no file 'no/such.toml'. `tp1tui list`"),
        (["run", "no/such.toml"], "There is no file 'no/such.toml'. `tp1tui list`"),
        (["show", "cd1"], "Several presets begin with 'cd1'"),
        (["show", "cd18", "--set", "optimizer.lr=-1"], "optimizer.lr is -1, but must be above 0"),
        (["show", "cd18", "--set", "optimizer.lr=fast"], 'optimizer.lr is "fast", but must be a number'),
        (["show", "cd18", "--set", "optimizer.learning_rate=1"], "is not a known key"),
        (["show", "cd18", "--set", "epochs"], "has no '='"),
        (["run", "cd99"], "There is no preset 'cd99'"),
        (["run", "digits", "--set", "epochs=0"], "epochs is 0, but must be at least 1"),
        (["probe", "any", "last"], "NUMBER is 'last', but must be a whole number from 1 on."),
        (["probe", "any", "0"], "NUMBER is '0', but must be a whole number from 1 on."),
        (["resume", "any", "--device", "tpu"], "There is no device 'tpu'. Allowed: auto, cpu"),
        (["keys", "--toml", "--json"], "leave one of them out"),
        (["doctor", "any", "--repair", "--json"], "leave --json out"),
        (["--device", "tpu", "list"], "There is no device 'tpu'. Allowed: auto, cpu"),
        (["--theme", "beige", "list"], "There is no theme 'beige'. There are: dark"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence_and_exits_2(words: list[str], sentence: str) -> None:
    assert sentence in refusal(2, *words)


def test_an_unknown_option_exits_2() -> None:
    assert call("run", "digits", "--no-such-option").exit_code == 2


def test_without_a_terminal_bare_tp1tui_says_what_to_use_instead() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from tp1tui.cli.main import main; main()"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "tp1tui run PRESET" in result.stderr
    assert result.stdout == ""


def test_run_trains_and_prints_an_epoch_a_line(runs: Path) -> None:
    text = answer("run", "ab2.4", "--set", "epochs=2", "--runs-dir", runs, "--device", "cpu")
    assert "epoch 0/2" in text
    assert "epoch 2/2" in text
    assert "finished after" in text
    assert "chosen on test" in text


def test_run_with_json_leaves_standard_output_to_the_program(runs: Path) -> None:
    end = json.loads(answer("run", "ab2.4", "--set", "epochs=2", "--runs-dir", runs, "--json"))
    assert end["state"] == "finished"
    assert end["epoch"] == 2
    assert Path(end["path"]).is_dir()


def test_a_run_that_fails_exits_1_with_the_reason(runs: Path) -> None:
    result = call("run", "ab2.4", "--set", "epochs=1", "--runs-dir", runs, "--device", "cuda:99")
    assert result.exit_code == 1
    assert "--device cuda:99" in result.stderr


def test_runs_go_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP1TUI_RUNS", str(tmp_path / "elsewhere"))
    started = json.loads(answer("run", "ab2.4", "--set", "epochs=1", "--detach", "--json"))
    assert Path(started["path"]).parent == tmp_path / "elsewhere"
    until_state(RunFolder(Path(started["path"])), "finished", "failed")


def test_a_detached_run_can_be_paused_resumed_and_stopped(runs: Path) -> None:
    started = json.loads(answer("run", "ab2.4", "--set", "epochs=100000", "--runs-dir", runs, "--detach", "--json"))
    folder = RunFolder(Path(started["path"]))
    until_state(folder, "running", "failed")
    name = started["id"][-4:]
    assert "is paused" in answer("pause", name, "--runs-dir", runs)
    assert "only one that is running can be paused" in refusal(1, "pause", name, "--runs-dir", runs)
    assert "training example 3 at x1" in answer("probe", name, "3", "--train", "--runs-dir", runs)
    assert "There is no test example 201" in refusal(1, "probe", name, "201", "--runs-dir", runs)
    assert "is running" in answer("resume", name, "--runs-dir", runs)
    assert "one that is queued, paused, interrupted, stopped or failed can be" in refusal(
        1, "resume", name, "--runs-dir", runs
    )
    assert "is stopped" in answer("stop", name, "--runs-dir", runs)
    assert "can be probed" in refusal(1, "probe", name, "3", "--runs-dir", runs)
    assert "can be stopped" in refusal(1, "stop", name, "--runs-dir", runs)
    row = json.loads(answer("runs", "--runs-dir", runs, "--json"))[0]
    assert row["state"] == "stopped"
    assert row["pid"] is None


def test_runs_show_the_ids_that_other_verbs_take_in_80_columns(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder, sweep = make_run(runs, "ab2.4", epochs=300), make_sweep(runs)
    lines = answer("runs", "--runs-dir", runs).splitlines()
    assert all(len(line) <= 80 for line in lines)
    listed = {line.split()[0]: line for line in lines}
    assert "ab2.4-" in listed[folder.id[-4:]]
    assert "5 runs" in listed[sweep.id[-4:]]
    assert {f"{sweep.id[-4:]}-{number}" for number in range(1, 6)} < listed.keys()
    assert call("show", folder.id[-4:], "--runs-dir", runs).exit_code == 0


def make_validated_run(runs: Path, **how: Any) -> RunFolder:
    """One whose epochs tell of a validation set, too."""
    folder = make_run(runs, **how)
    follower = Follower(folder)
    follower.poll()
    last = follower.record.epochs[-1]
    with JournalWriter(folder.journal_path) as journal:
        journal.append(last.model_copy(update={"epoch": last.epoch + 1, "validation_loss": 0.5, "validation_top1": 50}))
    return folder


def test_runs_say_on_which_set_the_best_was_chosen_where_one_has_a_validation_set(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    make_run(runs)
    alone = answer("runs", "--runs-dir", runs).splitlines()[0]
    assert alone.split()[-3:] == ["best", "test", "time"]
    assert "chosen on" not in alone
    make_validated_run(runs, preset="digits")
    both = answer("runs", "--runs-dir", runs).splitlines()[0]
    for heading in ("best test", "chosen on", "validation"):
        assert heading in both


@pytest.mark.parametrize("width", [60, 70, 80, 90, 100])
def test_names_of_runs_can_be_read_however_narrow_the_terminal_is(
    runs: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    make_validated_run(runs, preset="cd22", epochs=300)
    make_run(runs, "ab2.4-circles-torch", epochs=300)
    make_sweep(runs)
    head, *lines = answer("runs", "--runs-dir", runs).splitlines()
    assert all(len(line) <= width for line in [head, *lines])
    assert "…" not in head
    assert "best test" in head
    told = "\n".join(lines)
    for name in ("cd22-crop-mirror", "ab2.4-circles-torch", "learning rate 0.0"):
        assert name in told


def test_the_command_is_to_be_had_as_a_module_too() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tp1tui", "--version"], capture_output=True, text=True, check=True
    ).stdout
    assert told == answer("--version")


def test_runs_as_json_has_what_programs_need(runs: Path) -> None:
    folder = make_run(runs, epochs=5)
    (row,) = json.loads(answer("runs", "--runs-dir", runs, "--json"))
    wanted = ["id", "preset", "state", "pid", "device", "epoch", "epochs", "last_test_top1", "best_test_top1", "path"]
    assert set(wanted) <= row.keys()
    assert (row["id"], row["path"], row["preset"]) == (folder.id, str(folder.path), "cd18-baseline")
    assert (row["state"], row["epoch"], row["epochs"]) == ("finished", 5, 5)
    assert row["best_test_top1"] >= row["last_test_top1"] > 0


def test_the_runs_folder_may_be_named_before_the_verb(runs: Path) -> None:
    folder = make_run(runs, epochs=1)
    (row,) = json.loads(answer("--runs-dir", runs, "runs", "--json"))
    assert row["id"] == folder.id


def test_the_device_may_be_named_before_the_verb(runs: Path) -> None:
    assert "There is no device 'tpu'" in refusal(2, "--device", "tpu", "run", "ab2.4", "--runs-dir", runs)


@pytest.mark.parametrize("option", [("--set", "epochs=3"), ("--vary", "epochs=1,2"), ("--seeds", "2")])
def test_a_run_that_is_there_is_not_shown_as_if_it_could_be_changed(runs: Path, option: tuple[str, str]) -> None:
    folder = make_run(runs, epochs=1)
    told = refusal(2, "show", folder.id, *option, "--runs-dir", runs)
    assert told == f"{folder.id} is there already: leave out --set, --vary and --seeds, which change a preset.\n"


def test_no_runs_is_no_error(runs: Path) -> None:
    assert json.loads(answer("runs", "--runs-dir", runs, "--json")) == []
    assert "There are no runs" in answer("runs", "--runs-dir", runs)


def test_export_says_where_and_takes_a_path_or_a_part_of_a_name(runs: Path, tmp_path: Path) -> None:
    folder = make_run(runs, epochs=3)
    paths = answer("export", folder.id[-4:], "--runs-dir", runs).split()
    assert paths == [str(folder.path / name) for name in ("epochs.csv", "batches.csv", "layers.csv")]
    paths = answer("export", folder.path, "--to", tmp_path / "csv").split()
    assert all(Path(path).is_file() for path in paths)
    assert Path(paths[0]).parent == tmp_path / "csv"


def test_unknown_and_ambiguous_runs_are_told_with_candidates(runs: Path) -> None:
    one, other = make_run(runs, epochs=1), make_run(runs, epochs=1, seed=1)
    assert "There is no run" in refusal(2, "export", "nothing", "--runs-dir", runs)
    sentence = refusal(2, "export", "cd18", "--runs-dir", runs)
    assert one.id in sentence
    assert other.id in sentence


def test_a_run_that_lost_its_journal_is_told_so(runs: Path) -> None:
    folder = make_run(runs, epochs=1)
    folder.checkpoints_dir.mkdir(exist_ok=True)
    (folder.checkpoints_dir / "last.pt").write_bytes(b"x")
    folder.journal_path.unlink()
    assert "has lost its journal" in refusal(1, "export", folder.id, "--runs-dir", runs)


def test_export_leaves_a_damaged_line_out_and_says_so(runs: Path) -> None:
    folder = make_run(runs, epochs=5)
    lines = folder.journal_path.read_bytes().splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if b'"epoch":3,' in line and b'"kind":"epoch"' in line)
    lines[number] = lines[number].replace(b'"test_top1":', b'"test_top1":9', 1)
    folder.journal_path.write_bytes(b"".join(lines))
    result = call("export", folder.id, "--runs-dir", runs)
    assert result.exit_code == 0
    assert f"line {number + 1}" in result.stderr.lower()
    rows = (folder.path / "epochs.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["0", "1", "2", "4", "5"]


def test_export_of_a_journal_with_a_torn_last_line_gives_what_is_whole(runs: Path) -> None:
    folder = make_run(runs, epochs=5)
    content = folder.journal_path.read_bytes()
    folder.journal_path.write_bytes(content[:-7])
    result = call("export", folder.id, "--runs-dir", runs)
    assert result.exit_code == 0
    assert "has no end" in result.stderr
    assert len((folder.path / "epochs.csv").read_text().splitlines()) == 7


def test_a_runs_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "--runs-dir" in refusal(1, "run", "digits", "--runs-dir", tmp_path / "file" / "runs")


def test_data_status_names_every_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP1TUI_DATA", str(tmp_path))
    states = {row["kind"]: row["state"] for row in json.loads(answer("data", "status", "--json"))}
    assert states == {"cifar10": "missing", "mnist": "missing", "digits": "ready"}
    assert "tp1tui data fetch cifar10" in answer("data", "status")


def test_data_verify_notices_one_changed_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP1TUI_DATA", str(tmp_path))
    answer("run", "digits", "--set", "epochs=1", "--runs-dir", tmp_path / "runs")
    assert call("data", "status", "--verify").exit_code == 0
    array = next((tmp_path / "digits").glob("train*images*"))
    content = bytearray(array.read_bytes())
    content[1000] ^= 1
    array.write_bytes(content)
    result = call("data", "status", "--verify")
    assert result.exit_code == 1
    assert "damaged" in result.stdout


def test_data_import_refuses_what_holds_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8")
    assert refusal(1, "data", "import", tmp_path / "holiday.jpg")
    assert refusal(1, "data", "import", tmp_path / "not-there")


def test_data_fetch_of_an_unknown_dataset_names_those_there_are() -> None:
    assert "cifar10, mnist, digits" in refusal(2, "data", "fetch", "imagenet")


def test_doctor_finds_nothing_that_keeps_it_from_working(tmp_path: Path) -> None:
    findings = {row["what"]: row for row in json.loads(answer("doctor", "--json", "--runs-dir", tmp_path))}
    assert findings["torch"]["verdict"] == "ok"
    assert findings["training"]["text"].startswith("torch sees")
    assert findings["runs folder"]["verdict"] == "ok"


def test_doctor_names_what_installs_an_extra_that_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checkup, "EXTRAS", {"no-such-extra": "for a question"})
    assert checkup.examine(tmp_path, as_json=True) == 0
    finding = next(row for row in json.loads(capsys.readouterr().out) if row["what"] == "no-such-extra")
    assert finding["verdict"] == "note"
    assert finding["text"] == "is not installed; for a question: pip install 'tp1tui[no-such-extra]'"


@pytest.mark.parametrize(
    "words", [["--help"], ["list"], ["show", "cd18"], ["runs", "--runs-dir", "."], ["data", "status"]]
)
def test_no_verb_without_training_imports_torch(words: list[str], tmp_path: Path) -> None:
    probe = (
        "import sys\nfrom tp1tui.cli.main import main\n"
        f"sys.argv = ['tp1tui', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "sys.exit('torch' in sys.modules)"
    )
    environment = {**os.environ, "TP1TUI_DATA": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, env=environment, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
