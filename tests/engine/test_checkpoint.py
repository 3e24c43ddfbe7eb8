from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tp1tui.engine import checkpoint
from tp1tui.engine.checkpoint import CheckpointError


def payload(number: int) -> dict[str, object]:
    return {"weights": torch.full((3,), float(number)), "number": number}


def test_the_last_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "checkpoints", payload(1))
    loaded = checkpoint.load(tmp_path / "checkpoints")
    assert loaded is not None
    assert loaded.payload["number"] == 1
    assert torch.equal(loaded.payload["weights"], torch.ones(3))
    assert loaded.passed_over == ()


def test_no_checkpoint_is_no_error(tmp_path: Path) -> None:
    assert checkpoint.load(tmp_path) is None


def test_a_damaged_checkpoint_gives_way_to_the_one_before_it_and_says_so(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1))
    path = checkpoint.save(tmp_path, payload(2))
    path.write_bytes(path.read_bytes()[:200])
    loaded = checkpoint.load(tmp_path)
    assert loaded is not None
    assert loaded.payload["number"] == 1
    assert "last.pt cannot be read" in loaded.passed_over[0]


def test_a_checkpoint_of_another_run_gives_way_too(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, {**payload(1), "run": "0000aaaa"})
    checkpoint.save(tmp_path, {**payload(2), "run": "0000bbbb"})
    loaded = checkpoint.load(tmp_path, "0000aaaa")
    assert loaded is not None
    assert loaded.payload["number"] == 1
    assert loaded.passed_over == (f"{tmp_path / 'last.pt'} is another run's",)
    with pytest.raises(CheckpointError, match=r"last\.pt is another run's.*previous\.pt is another run's"):
        checkpoint.load(tmp_path, "0000cccc")


def test_a_checkpoint_of_an_older_program_says_nothing_of_its_run_and_is_taken(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1))
    assert checkpoint.load(tmp_path, "0000aaaa") is not None


def test_when_none_can_be_read_the_error_names_them_all(tmp_path: Path) -> None:
    for number in (1, 2):
        checkpoint.save(tmp_path, payload(number))
    for name in ("last.pt", "previous.pt"):
        (tmp_path / name).write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match=r"last\.pt cannot be read .*previous\.pt cannot be read"):
        checkpoint.load(tmp_path)


def test_a_save_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1))
    with pytest.raises(Exception, match=r"pickle|local object"):
        checkpoint.save(tmp_path, {"cannot be saved": lambda: None})
    loaded = checkpoint.load(tmp_path)
    assert loaded is not None
    assert loaded.payload["number"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last.pt"]


def test_the_best_outlives_later_ones(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1), is_best=True)
    for number in (2, 3):
        checkpoint.save(tmp_path, payload(number))
    assert torch.load(tmp_path / "best.pt", weights_only=True)["number"] == 1
    checkpoint.save(tmp_path, payload(4), is_best=True)
    assert torch.load(tmp_path / "best.pt", weights_only=True)["number"] == 4


def test_the_best_is_kept_before_the_last_one_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it the other way round, a worker killed in between would never keep it."""
    checkpoint.save(tmp_path, payload(1), is_best=True)
    replace = Path.replace

    def die_before_the_last(self: Path, target: Path) -> Path:
        if target.name == "last.pt":
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", die_before_the_last)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save(tmp_path, payload(2), is_best=True)
    assert torch.load(tmp_path / "best.pt", weights_only=True)["number"] == 2
    loaded = checkpoint.load(tmp_path)
    assert loaded is not None
    assert loaded.payload["number"] == 1


def test_a_best_can_be_kept_where_a_file_has_one_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    checkpoint.save(tmp_path, payload(1), is_best=True)
    assert torch.load(tmp_path / "best.pt", weights_only=True)["number"] == 1


def test_drafts_of_killed_writers_are_cleared(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1), is_best=True)
    (tmp_path / ".last.pt.123").write_bytes(b"half")
    checkpoint.clear_drafts(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.pt", "last.pt"]


def test_a_full_disk_is_told_as_what_it_is(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands in for a full disk, in a process of its own."""
    probe = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "import torch\n"
        "from tp1tui.engine import checkpoint\n"
        "from tp1tui.worker.failure import reason_for\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "try:\n"
        "    checkpoint.save(Path(sys.argv[1]), {'weights': torch.zeros(100_000)})\n"
        "except OSError as error:\n"
        "    print(reason_for(error, None))\n"
    )
    answer = subprocess.run([sys.executable, "-c", probe, str(tmp_path)], capture_output=True, text=True, check=False)
    assert answer.stdout.startswith("The disk is full"), answer.stderr
    assert list(tmp_path.iterdir()) == []


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("/tmp/tp1tui-was-here"),))


def test_loading_runs_no_code_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_bytes(pickle.dumps({"format": 1, "evil": Evil()}))
    with pytest.raises(CheckpointError):
        checkpoint.load(tmp_path)
    assert not Path("/tmp/tp1tui-was-here").exists()


def test_a_newer_format_is_refused_by_name(tmp_path: Path) -> None:
    torch.save({"format": checkpoint.FORMAT + 1}, tmp_path / "last.pt")
    with pytest.raises(CheckpointError, match="written by a newer tp1tui"):
        checkpoint.load(tmp_path)


def test_a_run_whose_folder_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        checkpoint.save(tmp_path / "gone" / "checkpoints", payload(1))
    assert list(tmp_path.iterdir()) == []
