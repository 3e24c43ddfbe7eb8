"""What is seen of a run's network, as lines: its decision boundary, and the example that is probed."""

from __future__ import annotations

from tp1tui.spec.faults import Fault, SpecError
from tp1tui.spec.live import BOUNDARY, PROBE
from tp1tui.spec.results import Grid
from tp1tui.tui.results.boundary import draw_boundary
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.probe import draw_probe
from tp1tui.tui.run.lines import Line, Tone, wrapped
from tp1tui.tui.run.look import Look


def has_boundary(look: Look) -> bool:
    """Whether its decision boundary has been journaled."""
    return BOUNDARY in look.record.results


def has_probe(look: Look) -> bool:
    """Whether an example of it has been probed."""
    return PROBE in look.record.results


def boundary_lines(look: Look | None, width: int, height: int, ink: Ink) -> list[Line]:
    """The plane under a sentence that says when it was so; for the arguments see `draw_boundary`."""
    grid = look.record.results.get(BOUNDARY) if look else None
    if not isinstance(grid, Grid):
        return [(("no boundary yet", Tone.DIM),)]
    head = wrapped(grid.note, Tone.DIM, width)
    return [*head, *draw_boundary(grid, width, height - len(head), ink)]


def probe_lines(look: Look | None, width: int, height: int, ink: Ink) -> list[Line]:
    """What is probed, over what can be done about it; for the arguments see `draw_probe`."""
    if look is None or not has_probe(look):
        return [(("nothing probed yet", Tone.DIM),)]
    foot = wrapped(_whose(look), Tone.DIM, width)
    lines = draw_probe(look.record.results, width, height - len(foot), ink)
    return [*lines[: max(0, height - len(foot))], *foot]


def number_up_to(most: int, text: str) -> int:
    """The number of an example, from what a person typed.

    Raises:
        SpecError: It is none, or there are not so many.
    """
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SpecError("An example's number", [Fault("", None, f"is a whole number from 1 to {most:,}, not {text!r}")])
    return int(text)


def _whose(look: Look) -> str:
    probed = look.record.probed
    count = f" of {probed.count:,}" if probed else ""
    if look.is_live:
        return f"One{count}. Left and right: the one before and the next, g: its number, s: test or training set."
    return "As it was when the run was last looked at: without a worker, no other example can be probed."
