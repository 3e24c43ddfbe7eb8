"""`tp1tui doctor`: what somebody who helps from afar will ask first."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from tp1tui import __version__, settings
from tp1tui.cli import show
from tp1tui.cli.finding_table import finding_table
from tp1tui.cli.options import DATASETS
from tp1tui.data.store import Store
from tp1tui.journal.findings import Finding
from tp1tui.spec.numbers import duration, size

PACKAGES = ("torch", "textual", "rich", "plotext", "pydantic", "numpy", "scikit-learn")
EXTRAS = {"timm": "for question e08"}
"""Packages that tp1tui does without, each under the name of its extra, and what they are for."""
_COLOURS = {"none": "no colour", "standard": "16 colours", "256": "256 colours", "truecolor": "true colour"}
TORCH_PATIENCE = 120
"""Seconds that importing torch may take, from a cold disk."""
ROOM = 1_000_000_000
"""Bytes below which a disk is worth a word."""


def examine(runs_dir: Path, *, as_json: bool) -> int:
    """Look at everything. Returns the exit code: 1 when something keeps tp1tui from working."""
    findings = [found for look in _looks(runs_dir) for found in look()]
    if as_json:
        show.as_json([asdict(finding) for finding in findings])
    else:
        show.rich(finding_table(findings))
    return 1 if any(finding.verdict == "problem" for finding in findings) else 0


def _looks(runs_dir: Path) -> list[Callable[[], list[Finding]]]:
    places = (("runs", runs_dir), ("datasets", settings.data_dir()), ("settings", settings.config_dir()))
    return [_versions, _torch, _machine, _gpus, _terminal, _person, _data, lambda: [_place(*place) for place in places]]


def _versions() -> list[Finding]:
    python = platform.python_version()
    fits = (3, 11) <= sys.version_info < (3, 14)
    found = [
        Finding("tp1tui", "ok", __version__),
        Finding("python", "ok" if fits else "problem", python + ("" if fits else "; tp1tui needs 3.11 to 3.13")),
    ]
    for package in PACKAGES:
        try:
            found.append(Finding(package, "ok", version(package)))
        except PackageNotFoundError:
            found.append(Finding(package, "problem", "is not installed; install tp1tui anew"))
    for extra, purpose in EXTRAS.items():
        try:
            found.append(Finding(extra, "ok", version(extra)))
        except PackageNotFoundError:
            found.append(Finding(extra, "note", f"is not installed; {purpose}: pip install 'tp1tui[{extra}]'"))
    return found


def _torch() -> list[Finding]:
    """Torch, tried in a process of its own, as workers use it."""
    probe = (
        "import torch; c = torch.cuda; n = c.device_count() if c.is_available() else 0; "
        "print('; '.join(f'cuda:{i} {c.get_device_name(i)}' for i in range(n)) or 'no GPU', "
        "f'{torch.get_num_threads()} threads', sep=', ')"
    )
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-c", probe], capture_output=True, text=True, timeout=TORCH_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return [Finding("training", "problem", f"importing torch took more than {duration(TORCH_PATIENCE)}")]
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:]
        return [Finding("training", "problem", "torch cannot be imported: " + "".join(last))]
    return [Finding("training", "ok", f"torch sees {answer.stdout.strip()}")]


def _machine() -> list[Finding]:
    memory = psutil.virtual_memory()
    text = f"{os.cpu_count()} cores, {size(memory.total)} of memory, {size(memory.available)} of it free"
    return [Finding("machine", "ok", f"{platform.system()} {platform.machine()}, {text}")]


def _gpus() -> list[Finding]:
    """GPUs as the driver sees them, which may be more than torch can use."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return [Finding("GPU", "note", "the NVIDIA driver finds none; runs train on the CPU")]
    try:
        return [_gpu(number) for number in range(pynvml.nvmlDeviceGetCount())]
    finally:
        pynvml.nvmlShutdown()


def _gpu(number: int) -> Finding:
    import pynvml

    try:
        handle = pynvml.nvmlDeviceGetHandleByIndex(number)
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
        others = len(pynvml.nvmlDeviceGetComputeRunningProcesses(handle))
    except pynvml.NVMLError as error:
        return Finding(f"cuda:{number}", "note", f"the driver does not tell about it: {error}")
    text = f"{pynvml.nvmlDeviceGetName(handle)}, {size(memory.free)} of {size(memory.total)} free"
    return Finding(f"cuda:{number}", "note" if others else "ok", f"{text}, {others} processes on it")


def _terminal() -> list[Finding]:
    size = shutil.get_terminal_size()
    roomy = size.columns >= 80 and size.lines >= 24
    term = settings.terminal_kind()
    return [
        Finding(
            "terminal",
            "ok" if roomy else "note",
            f"{size.columns}x{size.lines}" + ("" if roomy else "; the screen wants 80x24 or more"),
        ),
        Finding("colours", "ok", f"{_COLOURS[settings.terminal_colours()]} (TERM is {term})"),
        Finding("characters", "ok", "all of Unicode; --ascii draws without")
        if settings.terminal_unicode()
        else Finding("characters", "note", "ASCII alone, as the locale or TERM says; --no-ascii draws with all"),
    ]


def _person() -> list[Finding]:
    """What a person likes, and the keys that were changed."""
    from tp1tui.tui.keymap.keys_file import read_keys
    from tp1tui.tui.preferences import PreferencesFile

    liked, keys = PreferencesFile(settings.config_dir()), read_keys(settings.config_dir())
    return [
        Finding("preferences", "note" if liked.fault else "ok", liked.fault or f"theme {liked.preferences.theme}"),
        *(Finding("keys", "note", fault) for fault in keys.faults),
        Finding("keys", "ok", f"{len(keys.changed)} changed"),
    ]


def _data() -> list[Finding]:
    store = Store(settings.data_dir())
    statuses = [store.status(kind) for kind in DATASETS]
    return [
        Finding(f"data: {status.kind}", "ok" if status.state == "ready" else "note", status.sentence)
        for status in statuses
    ]


def _place(what: str, folder: Path) -> Finding:
    """Whether files can be written to a folder, or to the nearest one above it that is there."""
    places = (folder.absolute(), *folder.absolute().parents)
    existing = next(above for above in places if os.path.lexists(above))
    if not os.path.isdir(existing):  # noqa: PTH112 - below a closed folder, Path.is_dir raises
        return Finding(f"{what} folder", "problem", f"{existing} is a file, not a folder, or cannot be looked into")
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        return Finding(f"{what} folder", "problem", f"{folder.absolute()} cannot be written: {error.strerror}")
    free = shutil.disk_usage(existing).free
    return Finding(f"{what} folder", "ok" if free > ROOM else "note", f"{folder.absolute()}, {size(free)} free")
