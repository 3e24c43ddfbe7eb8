"""What is done with a GPU that is lent for minutes: each part in its time, whatever becomes of the others."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from benchmarks import gpu
from benchmarks.gpu import LEAST, LOG, REPORT, Part
from tests.waiting import until


def python(name: str, code: str, seconds: float = 60.0) -> Part:
    return Part(name, (sys.executable, "-c", code), seconds)


def test_parts_are_done_one_after_the_other_and_one_that_fails_keeps_none_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    those = [
        python("first", "print('one')"),
        python("second", "import sys; sys.exit('no such thing')"),
        python("third", "print('three')"),
    ]
    assert gpu.do(those, 60.0, tmp_path) == 1
    told = (tmp_path / REPORT).read_text()
    places = [told.index(word) for word in ("one", "first: done", "second: failed", "three", "third: done")]
    assert places == sorted(places)
    assert "no such thing" in (tmp_path / LOG).read_text()
    assert capsys.readouterr().out == told


HANGS = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
child.wait()
"""


def test_a_part_that_hangs_is_cut_off_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "LEAST", 0.0)
    assert gpu.do([python("hangs", HANGS, 5.0)], 60.0, tmp_path) == 1
    told = (tmp_path / REPORT).read_text()
    assert "hangs: cut off" in told
    child = int(told.split()[0])
    until(lambda: is_over(child), "what the part had started to be gone")


def is_over(pid: int) -> bool:
    """Gone, or dead and not waited for yet by whoever has inherited it."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_part_without_time_is_said_and_left_out(tmp_path: Path) -> None:
    assert gpu.do([python("late", "print('its own words')")], LEAST / 2, tmp_path) == 1
    told = (tmp_path / REPORT).read_text()
    assert "late: left out" in told
    assert "its own words" not in told


def test_every_part_can_be_started(tmp_path: Path) -> None:
    assert [part.name for part in gpu.parts(tmp_path)] == ["tests", *gpu.BRIEFLY]
    assert gpu.main(["--minutes", "0", "--into", str(tmp_path / "found")]) == 1
    assert (tmp_path / "found" / REPORT).read_text().count("left out") == len(gpu.parts(tmp_path))
