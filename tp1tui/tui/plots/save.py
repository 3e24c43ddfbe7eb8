"""Saving a sheet without waiting for it on a screen: another process draws, and matplotlib is imported only there."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tp1tui.journal.csv_files import ExportError
from tp1tui.spec.numbers import duration
from tp1tui.tui.plots.sheet import Sheet

LONGEST = 300.0
"""Seconds that drawing may take."""


class SaveError(ExportError):
    """A plot that cannot be saved. Its text is a sentence."""


def save(sheet: Sheet, files: Sequence[Path]) -> None:
    """Draw a sheet into files, each named as one of KINDS; their folder is made when it is not there.

    Not where somebody waits.

    Raises:
        SaveError: There is nothing to draw, or a file cannot be written.
    """
    if not any(curve.stretches for curve in sheet.chart.curves):
        raise SaveError("Nothing was measured yet that could be drawn.")
    for file in files:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SaveError(f"{file.parent} cannot be made: {error.strerror}. Nothing was saved.") from None
    command = [sys.executable, "-m", "tp1tui.tui.plots.paper", *map(str, files)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            # Written in small parts, so that another thread, the screen's, can go on between two of them.
            pickle.dump(sheet, process.stdin)
            _, told = process.communicate(timeout=LONGEST)
        except BrokenPipeError:
            _, told = process.communicate()
        except subprocess.TimeoutExpired:
            process.kill()
            waited = duration(LONGEST)
            raise SaveError(f"The plot was not drawn within {waited}. Zoom in, and save less of it.") from None
    if process.returncode:
        words = told.decode(errors="replace").strip().splitlines() or ["it ended without a word"]
        raise SaveError(f"The plot cannot be saved in {files[0].parent}: {words[-1]}.")
