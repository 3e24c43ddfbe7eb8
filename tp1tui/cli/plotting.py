"""`tp1tui plot`: a plot of a run or a sweep as a file, with every point of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

from tp1tui.cli import show
from tp1tui.cli.errors import WrongUsage
from tp1tui.journal.folder import RunFolder, short_name
from tp1tui.journal.listing import find_run
from tp1tui.journal.sweep_folder import SweepFolder
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.metric import Metric
from tp1tui.tui.plots.save import save
from tp1tui.tui.plots.sheet import KINDS, PLOTS, file_stem, paths, sheet_of
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.curves import Plot

What = Literal["loss", "accuracy", "batches"]
NAMES: dict[What, str] = {"loss": "loss", "accuracy": "accuracy", "batches": "loss of every batch"}
_METRICS: dict[What, Metric] = {"loss": "loss", "accuracy": "top1"}


def plot(name: str, runs_dir: Path, what: What, output: Path | None, *, log: bool) -> None:
    """Save a plot, and print where.

    Args:
        name: Of a run or a sweep.
        runs_dir: The folder of runs.
        what: Which plot.
        output: The file; SVG and PNG in the run's own folder when None.
        log: Whether the loss is on a log scale.

    Raises:
        UnknownRun: Nothing, or several, have this name.
        WrongUsage: A sweep has no such plot.
        SaveError: It cannot be saved.
    """
    folder = find_run(name, runs_dir)
    if isinstance(folder, SweepFolder):
        drawn = _of_sweep(folder, what, log=log)
        called = drawn.quantity.name
    else:
        drawn, called = _of_run(folder, what, log=log), NAMES[what]
    run = short_name(folder.id)
    sheet = sheet_of(f"{called} · {run}", drawn.chart, drawn.quantity, None)
    files = [output] if output else paths(folder.path / PLOTS, file_stem(run, called, sheet))
    save(sheet, files)
    for file in files:
        show.line(str(file))


def what_named(text: str) -> What:
    """The plot that `--what` asks for.

    Raises:
        WrongUsage: There is none of this name.
    """
    for what in NAMES:
        if text == what:
            return what
    raise WrongUsage(f"There is no plot {text!r}. Allowed with --what: {', '.join(NAMES)}.")


def drawable(file: Path | None) -> Path | None:
    """The file that `--output` names, if any.

    Raises:
        WrongUsage: Its name does not end as a plot's does.
    """
    if file and file.suffix not in KINDS:
        raise WrongUsage(f"--output is {file.name!r}, but a plot is saved as {' or '.join(KINDS)}: end its name so.")
    return file


def _of_run(folder: RunFolder, what: What, *, log: bool) -> Plot:
    from tp1tui.tui.run.watch import RunWatch

    watched = RunWatch(folder, None)
    look, curves, sight = watched.look(time.time()), watched.curves, Sight.of_all()
    match what:
        case "loss":
            return curves.loss(sight, None, log_y=log, is_over=look.is_over)
        case "accuracy":
            return curves.accuracy(sight, None, is_over=look.is_over)
    return curves.batch_loss(sight, look.steps_per_epoch, look.total_steps, log_y=log, is_over=look.is_over)


def _of_sweep(folder: SweepFolder, what: What, *, log: bool) -> Plot:
    from tp1tui.tui.sweep import curves
    from tp1tui.tui.sweep.watch import SweepWatch

    if what == "batches":
        raise WrongUsage(f"{folder.id} is a sweep; its plots are loss and accuracy. Its runs have batches as well.")
    metric = _METRICS[what]
    aspect = Aspect(lit="", logs=frozenset([metric]) if log else frozenset())
    return curves.plot(SweepWatch(folder), metric, aspect, Sight.of_all())
