"""What the device pane of a run says, and what the page of all devices does."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from tp1tui.tui.device.lines import cpu_lines, gpu_lines
from tp1tui.tui.device.meter import DeviceMeter
from tp1tui.tui.device.others import gpu_of
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.run.lines import Line, Tone, wrapped
from tp1tui.tui.run.look import Look

_LEAST = 2
"""Rows that a device takes at the least: its name, and its load."""
_APART = 4
"""Rows of a device from which a blank one stands before the next."""


def is_here(look: Look) -> bool:
    """Whether a run's worker lives on this machine and has said which device it takes."""
    started = look.record.started
    return look.is_live and started is not None and started.host == socket.gethostname()


def why_not_seen(look: Look | None) -> str:
    """Why a run's device cannot be shown, as a sentence; empty where it can."""
    started = look.record.started if look else None
    if look is None or (started is None and not look.is_over):
        return "No worker has said yet which device it takes."
    if started is None or not look.is_live:
        return "The run is over. 7 on the bench shows what the devices of this machine do now."
    if started.host != socket.gethostname():
        return f"Trained on {started.host}, whose device cannot be seen from here."
    return ""


def device_lines(
    look: Look | None, meter: DeviceMeter, visible: Sequence[str] | None, width: int, height: int, glyphs: Glyphs
) -> list[Line]:
    """The device that a run is on.

    Args:
        look: At the run; None while nobody has looked.
        meter: That samples this machine.
        visible: What CUDA_VISIBLE_DEVICES says (see `gpu_of`).
        width: Cells there are.
        height: Rows there are.
        glyphs: Which characters to draw with.
    """
    if reason := why_not_seen(look):
        return wrapped(reason, Tone.DIM, width)
    seen = meter.seen
    if look is None or seen is None:
        return [(("looking …", Tone.DIM),)]
    device = look.record.device or "cpu"
    if not device.startswith("cuda"):
        return cpu_lines(seen.cpu, meter.history, seen.time, width, height, glyphs)
    if seen.trouble:
        return wrapped(seen.trouble, Tone.WARN, width)
    gpu = gpu_of(seen.gpus, device, visible, look.record.pid)
    if gpu is None:
        return wrapped(f"The driver shows no GPU that is {device}.", Tone.WARN, width)
    return gpu_lines(gpu, meter.history, seen.time, width, height, glyphs)


def all_lines(meter: DeviceMeter, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """Every device of this machine, one over the other; for the arguments see `device_lines`."""
    seen = meter.seen
    if seen is None:
        return [(("looking …", Tone.DIM),)]
    trouble = wrapped(seen.trouble, Tone.DIM, width) if seen.trouble else []
    count = len(seen.gpus) + 1
    each = max(_LEAST, (height - (len(trouble) + 1 if trouble else 0) - (count - 1)) // count)
    apart: list[Line] = [()] if each >= _APART else []
    blocks = [gpu_lines(gpu, meter.history, seen.time, width, each, glyphs) for gpu in seen.gpus]
    blocks.append(cpu_lines(seen.cpu, meter.history, seen.time, width, each, glyphs))
    if trouble:
        blocks.append(trouble)
    lines: list[Line] = []
    for block in blocks:
        lines += [*(apart if lines else ()), *block]
    return lines
