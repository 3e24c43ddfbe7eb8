"""A run whose losses are NaN or infinite from some batch on, on every screen: shown as that, never as a number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.builders import BEGIN, events, make_run, make_sweep
from tests.tui.all_screens import drawn
from tests.tui.bench_lab import at_home, library
from tests.tui.lab import until
from tests.tui.runs import words
from tp1tui.journal.events import Batches, Epoch, Event, Measured
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.writer import JournalWriter
from tp1tui.spec.live import PROBE
from tp1tui.spec.results import Axis, Column, Grid, Line, Series, Table
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.overlay.legend import standing
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.plots import series_plot
from tp1tui.tui.results.probe import draw_probe

pytestmark = pytest.mark.usefixtures("at_home")
__all__ = ["at_home"]

SIZE = (150, 44)
GOOD = 2
"""Epochs before it diverges."""
BEST = "best on test 48.8 % in epoch 2"
Record = Callable[[str, object], None]


def diverged(value: float, seed: int = 0) -> RunFolder:
    """A finished run of six epochs whose losses are so from the third on, with results that are so in places."""
    folder = make_run(Path("runs"), "digits", 6, "queued", seed)
    across = Axis(name="a")
    found = (
        Grid(name="grid", down=Axis(name="d"), across=across, down_labels=("r",), across_labels=("x", "y"),
             values=((1.5, value),)),
        Table(name="table", columns=(Column(name="c"),), rows=((value,),)),
        Series(name="series", x=across, y=across, lines=(Line(name="l", x=(1, 2, 3), y=(1.0, value, 2.0)),)),
    )  # fmt: skip
    with JournalWriter(folder.journal_path) as journal:
        for event in events(folder.training_spec().experiment, "finished", BEGIN.timestamp()):
            journal.append(_lost(event, value))
        for result in found:
            journal.append(Measured(time=1.8e9, step=1, result=result))
    return folder


def _lost(event: Event, value: float) -> Event:
    if isinstance(event, Epoch) and event.epoch > GOOD:
        losses = dict.fromkeys(("train_loss", "test_loss"), value)
        return event.model_copy(update={**losses, "train_top1": 10.0, "test_top1": 10.0, "test_top5": 50.0})
    if isinstance(event, Batches) and event.first_step > 41 * GOOD:
        return event.model_copy(update={"losses": [value] * len(event.losses)})
    return event


def is_there(pilot: Pilot[Any], texts: Sequence[str]) -> bool:
    text = "\n".join(drawn(pilot))
    return all(part in text for part in texts)


async def walk(watch: Any, stops: Sequence[tuple[str, tuple[str, ...]]], record: Record) -> None:
    """Open the app on something, and see that each few keys lead to what must be read there."""
    app = Tp1Tui(Path("runs"), "cpu", watch=watch, library=library(Path()))
    async with app.run_test(size=SIZE) as pilot:
        for keys, texts in stops:
            for key in keys.split():
                await pilot.press(key)
            await until(pilot, partial(is_there, pilot, texts))
            assert "nan" not in "\n".join(drawn(pilot)).split()
            record("stops", 1)


@pytest.mark.parametrize(("value", "said"), [(math.nan, "NaN"), pytest.param(math.inf, "∞", marks=pytest.mark.long)])
async def test_a_run_that_diverged_is_shown_as_that(value: float, said: str, record_property: Record) -> None:
    stops = (
        ("", (f"train {said}", f"test {said}", "not finite from here", "The loss is not finite from step", BEST)),
        ("l w", (f"train {said}", "not finite from here", "loss, log")),
        ("4", ("1.5", said, "l (not finite at 1 of 3)")),
        ("escape A", ("Reached", "48.8 %", "(chosen on test)")),
        ("escape escape r", ("10.0 %", "48.8 %")),
    )
    await walk(diverged(value), stops, record_property)


async def test_runs_that_diverged_are_held_against_one_that_did_not(record_property: Record) -> None:
    runs = [diverged(math.nan), diverged(math.inf, 1), make_run(Path("runs"), "digits", 6, seed=2)]
    stops = (
        ("", ("NaN", "∞", "1.0793", "lowest 1.5513 in epoch 2", "↑")),
        ("b w", ("baseline", "NaN", "∞", "+19.9")),
        ("d", ("last test loss", "NaN", "∞ (–)", "1.0793 (–)")),
    )
    await walk(runs, stops, record_property)


async def test_a_sweep_in_which_some_diverged_has_its_best_among_the_others(record_property: Record) -> None:
    vary = ("optimizer.lr=0.01,0.1,1", "batch_size=16,32")
    sweep = make_sweep(Path("runs"), "digits", vary, ["diverged", "finished", "diverged", "finished"], epochs=4)
    stops = (
        ("", ("best on test", "b learning rate 0.01, batch size 32", "↑")),
        ("4", ("NaN", "values in %")),
        ("1 l", ("NaN", "loss, log")),
    )
    await walk(sweep, stops, record_property)


@given(st.lists(st.floats(-1e9, 1e9) | st.sampled_from([math.nan, math.inf, -math.inf]), min_size=1, max_size=12))
def test_no_line_and_no_band_goes_where_nothing_was_measured(values: list[float]) -> None:
    line = Line(name="l", x=tuple(range(len(values))), y=tuple(values), spread=(0.5,) * len(values))
    axis = Axis(name="a")
    (curve,) = series_plot(Series(name="s", x=axis, y=axis, lines=(line,)), Sight(200)).chart.curves
    known = [x for x, y in enumerate(values) if math.isfinite(y)]
    assert curve.shade is not None
    for parts in (curve.stretches, curve.shade.stretches):
        assert [point[0] for part in parts for point in part] == known
        for part in parts:
            assert [point[0] for point in part] == list(range(int(part[0][0]), int(part[-1][0]) + 1))


def test_a_deviation_that_is_no_number_is_left_out() -> None:
    line = Line(name="l", x=(0,), y=(math.nan,), spread=(math.nan,))
    assert "".join(words([standing("l", line, "loss")])) == "l  NaN"


def test_a_probe_of_a_network_that_diverged_says_so() -> None:
    columns = tuple(Column(name=name) for name in ("class", "ytilde", "yhat", "y"))
    table = Table(name=PROBE, columns=columns, rows=(("cat", math.nan, math.nan, 1), ("dog", math.inf, 0.5, 0)))
    text = "\n".join(words(draw_probe({PROBE: table}, 78, 15, Ink())))
    assert text.count("NaN") == 2
    assert "∞" in text
    assert "nan" not in text
