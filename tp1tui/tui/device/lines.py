"""A device as lines of text: its figures, each beside a chart of the last minutes, and who is on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.spec.numbers import percent, size
from tp1tui.tui.device.area import area, dots_across, levels_in_a_row
from tp1tui.tui.device.history import History, step
from tp1tui.tui.device.others import is_others, this_user
from tp1tui.tui.device.reading import CpuReading, GpuReading, Tenant
from tp1tui.tui.plots.chart import Role
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.run.lines import Line, Tone, fitted, wrapped

CAPTION = 26
"""Cells left of a chart."""
MOST_ROWS = 6
"""Of one chart."""
_SCALE = 4
"""Cells between caption and chart: the numbers of its scale and its edge."""


@dataclass(frozen=True)
class Gauge:
    """One figure."""

    name: str
    figure: str
    """With its unit."""
    key: str
    """Of its percentages in the history."""


def gpu_lines(gpu: GpuReading, history: History, now: float, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """A GPU: load, memory, power, temperature, and every process on it.

    Args:
        gpu: As it is now.
        history: Of the last minutes.
        now: Seconds since 1970.
        width: Cells there are.
        height: Rows there are; charts give way to words.
        glyphs: Which characters to draw with.
    """
    heat = "–" if gpu.temperature is None else f"{gpu.temperature:.0f} °C"
    gauges = [
        Gauge("load", _percent(gpu.load), f"{gpu.number} load"),
        Gauge("memory", _of(gpu.memory_used, gpu.memory_total), f"{gpu.number} memory"),
        Gauge("power", _power(gpu), f"{gpu.number} power"),
        Gauge("temperature", heat, f"{gpu.number} temperature"),
    ]
    head = [fitted([((f"GPU {gpu.number}", Tone.STRONG),), ((gpu.name, Tone.DIM),)], width)]
    if gpu.note:
        head += wrapped(gpu.note, Tone.WARN, width)
    return _laid_out(head, gauges, tenant_lines(gpu.tenants, width), history, now, (width, height), glyphs)


def cpu_lines(cpu: CpuReading, history: History, now: float, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """Processor and memory, and the worker's share where there is one; for the arguments see `gpu_lines`."""
    gauges = [
        Gauge("load", _percent(cpu.load), "cpu load"),
        Gauge("memory", _of(cpu.memory_used, cpu.memory_total), "cpu memory"),
    ]
    if cpu.worker_memory is not None:
        gauges.insert(1, Gauge("of it the worker", _percent(cpu.worker_load), "cpu worker"))
        gauges.append(Gauge("of it the worker", size(cpu.worker_memory), "cpu worker memory"))
    cores = levels_in_a_row(cpu.cores[: max(0, width - CAPTION)], glyphs)
    many = f"{len(cpu.cores)} core{'s' if len(cpu.cores) != 1 else ''}"
    head: list[Line] = [((many.ljust(CAPTION), Tone.DIM), (cores, Role.TRAIN))]
    return _laid_out(head, gauges, [], history, now, (width, height), glyphs)


def tenant_lines(tenants: Sequence[Tenant], width: int) -> list[Line]:
    """A line for each process on a GPU; those of others stand out."""
    me = this_user()
    lines: list[Line] = []
    for tenant in tenants:
        memory = "" if tenant.memory is None else f", {size(tenant.memory)}"
        if tenant.user:
            words = f"{tenant.user}: {tenant.name or 'a program'} (process {tenant.pid}){memory}"
        else:
            words = f"process {tenant.pid}{memory}: whose it is cannot be seen from here"
        lines += wrapped(words, Tone.WARN if is_others(tenant, me) else Tone.DIM, width)
    return lines


def _laid_out(
    head: list[Line],
    gauges: list[Gauge],
    foot: list[Line],
    history: History,
    now: float,
    room: tuple[int, int],
    glyphs: Glyphs,
) -> list[Line]:
    """Words over gauges over words; where rows are scarce, the last gauges go first."""
    width, height = room
    left = height - len(head) - len(foot) - 1
    gauges = gauges[: max(1, left)]
    rows = max(1, min(MOST_ROWS, left // len(gauges)))
    charts = [line for gauge in gauges for line in _gauge(gauge, history, now, width, rows, glyphs)]
    return [*head, *charts, _axis(width, glyphs), *foot][: max(0, height)]


def _gauge(gauge: Gauge, history: History, now: float, width: int, rows: int, glyphs: Glyphs) -> list[Line]:
    cells = max(0, width - CAPTION - _SCALE)
    drawn = area(history.columns(gauge.key, now, cells * dots_across(glyphs)), rows, glyphs)
    edge = "|" if glyphs is Glyphs.ASCII else "│"
    lines: list[Line] = []
    for row, marks in enumerate(drawn):
        name = gauge.name if row == 0 else ""
        figure = gauge.figure if row == min(1, rows - 1) else ""
        scale = "100" if row == 0 and rows > 1 else "0" if row == rows - 1 and rows > 1 else ""
        gap = " " * max(1, CAPTION - len(name) - len(figure) - 1)
        if row:
            caption: Line = ((f"{figure:<{CAPTION}}", Tone.STRONG),)
        else:
            caption = ((name, None), (gap, None), (f"{figure} ", Tone.STRONG))
        lines.append((*caption, (f"{scale:>{_SCALE - 1}}{edge}", Role.FRAME), (marks, Role.TRAIN)))
    return lines


def _axis(width: int, glyphs: Glyphs) -> Line:
    """How far back the charts reach."""
    cells = max(1, width - CAPTION - _SCALE)
    count = cells * dots_across(glyphs)
    ago = f"{round(step(count) * count / 60)} min ago"
    words = f"{ago}{'now':>{cells - len(ago)}}" if len(ago) + len(" now") <= cells else ""
    return ((" " * (CAPTION + _SCALE), None), (words, Role.LABEL))


def _percent(number: float | None) -> str:
    return percent(number) if number is None else f"{number:.0f} %"


def _of(used: int | None, total: int | None) -> str:
    if used is None or total is None:
        return "–"
    return f"{size(used)} of {size(total)}"


def _power(gpu: GpuReading) -> str:
    if gpu.power is None:
        return "–"
    limit = "" if gpu.power_limit is None else f" of {gpu.power_limit:.0f}"
    return f"{gpu.power:.0f}{limit} W"
