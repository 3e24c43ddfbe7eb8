from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import torch

from tp1tui.engine import checkpoint
from tp1tui.engine.checkpoint import CheckpointError

CPU = torch.device("cpu")


def payload(number: int) -> dict[str, object]:
    return {"weights": torch.full((3,), float(number)), "number": number}


def test_the_last_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "checkpoints", payload(1))
    loaded = checkpoint.load(tmp_path / "checkpoints", CPU)
    assert loaded is not None
    assert loaded.payload["number"] == 1
    assert torch.equal(loaded.payload["weights"], torch.ones(3))
    assert loaded.passed_over == ()


def test_no_checkpoint_is_no_error(tmp_path: Path) -> None:
    assert checkpoint.load(tmp_path, CPU) is None


def test_a_damaged_checkpoint_gives_way_to_the_one_before_it_and_says_so(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1))
    path = checkpoint.save(tmp_path, payload(2))
    path.write_bytes(path.read_bytes()[:200])
    loaded = checkpoint.load(tmp_path, CPU)
    assert loaded is not None
    assert loaded.payload["number"] == 1
    assert "last.pt cannot be read" in loaded.passed_over[0]


def test_when_none_can_be_read_the_error_names_them_all(tmp_path: Path) -> None:
    for number in (1, 2):
        checkpoint.save(tmp_path, payload(number))
    for name in ("last.pt", "previous.pt"):
        (tmp_path / name).write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match=r"last\.pt cannot be read .*previous\.pt cannot be read"):
        checkpoint.load(tmp_path, CPU)


def test_a_save_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1))
    with pytest.raises(Exception, match=r"pickle|local object"):
        checkpoint.save(tmp_path, {"cannot be saved": lambda: None})
    loaded = checkpoint.load(tmp_path, CPU)
    assert loaded is not None
    assert loaded.payload["number"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last.pt"]


def test_the_best_outlives_later_ones(tmp_path: Path) -> None:
    checkpoint.save(tmp_path, payload(1))
    checkpoint.keep_as_best(tmp_path)
    for number in (2, 3):
        checkpoint.save(tmp_path, payload(number))
    assert torch.load(tmp_path / "best.pt", weights_only=True)["number"] == 1
    checkpoint.keep_as_best(tmp_path)
    assert torch.load(tmp_path / "best.pt", weights_only=True)["number"] == 3


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("/tmp/tp1tui-was-here"),))


def test_loading_runs_no_code_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_bytes(pickle.dumps({"format": 1, "evil": Evil()}))
    with pytest.raises(CheckpointError):
        checkpoint.load(tmp_path, CPU)
    assert not Path("/tmp/tp1tui-was-here").exists()


def test_a_newer_format_is_refused_by_name(tmp_path: Path) -> None:
    torch.save({"format": checkpoint.FORMAT + 1}, tmp_path / "last.pt")
    with pytest.raises(CheckpointError, match="written by a newer tp1tui"):
        checkpoint.load(tmp_path, CPU)
