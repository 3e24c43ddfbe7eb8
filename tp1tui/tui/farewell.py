"""What is printed after the screens close: which trainings go on, and how to come back to them."""

from __future__ import annotations

from pathlib import Path


def farewell(runs_dir: Path) -> str | None:
    """Sentences on the runs that go on; None when none does."""
    from tp1tui.journal.folder import RunFolderError
    from tp1tui.journal.listing import list_runs

    try:
        going = [run for run in list_runs(runs_dir) if run.state in ("running", "paused")]
    except RunFolderError:
        return None
    lines = [f"{run.preset} goes on ({run.state}); come back with: tp1tui watch {run.id}" for run in going]
    return "\n".join(lines) or None
