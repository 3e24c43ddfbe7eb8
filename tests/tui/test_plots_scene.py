"""What stands over a plot that is pointed at, and where the cursor goes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.tui.runs import words
from tp1tui.tui.plots.chart import Chart, Curve, Role, Spot
from tp1tui.tui.plots.draw import draw, drawing
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.plots.quantity import LOSS, TOP1
from tp1tui.tui.plots.reading import Value, places, values_at
from tp1tui.tui.plots.readout import in_sight, readout
from tp1tui.tui.plots.scene import Attention, Scene
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.run.curves import Plot

FALLING = Curve("train", Role.TRAIN, ([(float(x), 10.0 - x) for x in range(11)],))
RISING = Curve("test", Role.TEST, ([(float(x), float(x)) for x in range(11)],), dotted=True)
CHART = Chart((0, 10), (FALLING, RISING), x_name="epoch")


def scene_of(chart: Chart) -> Scene:
    scene = Scene(lambda sight: Plot((), (), chart, LOSS))
    scene.draw(80, 20, Glyphs.BRAILLE)
    return scene


def looking(chart: Chart, attention: Attention) -> Scene:
    scene = scene_of(chart)
    scene.attention = attention
    scene.draw(80, 20, Glyphs.BRAILLE)
    return scene


def read(values: list[Value], x: float, room: int) -> list[str]:
    frame = drawing(CHART, 80, 20).frame
    assert frame is not None
    return words(readout(values, x, CHART, frame, LOSS, room))


def test_every_curve_is_read_off_at_its_nearest_point() -> None:
    chart = replace(CHART, curves=(FALLING, Curve("other", Role.LINE1, ([(0.0, 1.0), (4.0, 2.0), (8.0, 3.0)],))))
    assert [value.y for value in values_at(chart, 5.0)] == [5.0, 2.0]
    assert [value.y for value in values_at(chart, 9.0)] == [1.0, None]


def test_where_a_line_is_broken_nothing_is_read_off() -> None:
    chart = replace(CHART, curves=(Curve("train", Role.TRAIN, ([(0.0, 1.0)], [(2.0, 3.0)])),))
    assert [value.y for value in values_at(chart, 1.0)] == [None]


def test_a_curve_that_is_drawn_once_more_is_read_off_once() -> None:
    chart = replace(CHART, curves=(FALLING, replace(FALLING, role=Role.LIT, label="")))
    assert len(values_at(chart, 5.0)) == 1


def test_figures_take_the_same_room_at_every_place() -> None:
    lengths = {tuple(map(len, read(values_at(CHART, float(x)), float(x), 90))) for x in range(11)}
    assert len(lengths) == 1
    assert read(values_at(CHART, 3.0), 3.0, 90) == ["epoch  3", "━ train 7.0000", "• test 3.0000"]


def test_names_give_way_before_values_do_and_what_is_left_out_is_said() -> None:
    values = values_at(CHART, 3.0)
    assert read(values, 3.0, 40) == ["epoch  3", "━ 7.0000", "• 3.0000"]
    assert read(values * 2, 3.0, 31) == ["epoch  3", "━ 7.0000", "and 3 more"]


def test_which_part_is_in_sight_is_told_in_whole_epochs() -> None:
    assert "".join(text for text, _ in in_sight((2.5, 7.9), CHART)) == "epochs 3–7 of 10 · 0 whole"
    seconds = replace(CHART, x_name="seconds", whole_x=False, x=(0, 123.456))
    assert "".join(text for text, _ in in_sight((2.5, 7.98765), seconds)) == "seconds 2.5–7.988 of 123.5 · 0 whole"


def test_the_cursor_goes_from_column_to_column_where_places_are_too_close_to_tell_apart() -> None:
    chart = replace(CHART, x=(0, 10_000), curves=(Curve("t", Role.RAW, ([(float(x), 1.0) for x in range(10_001)],)),))
    scene = scene_of(chart)
    scene.attention = scene.moved(1)
    assert scene.attention.cursor == 10_000
    scene.attention = scene.moved(-1)
    assert scene.attention.cursor is not None
    assert scene.column(scene.attention.cursor) == (scene.column(10_000.0) or 0) - 1


def test_the_cursor_stays_at_either_end() -> None:
    scene = looking(CHART, Attention(cursor=0.0))
    assert scene.moved(-1).cursor == 0.0
    assert scene.at_end(-1).cursor == 10.0
    assert scene.at_end(0).cursor == 0.0


def test_the_y_axis_follows_what_is_in_sight() -> None:
    chart = replace(
        CHART,
        curves=(Curve("loss", Role.TRAIN, ([(0.0, 1000.0), *((float(x), 1.0 + x / 50) for x in range(1, 11))],)),),
    )
    whole, part = looking(chart, Attention()).drawing.frame, looking(chart, Attention((5, 10))).drawing.frame
    assert whole is not None
    assert part is not None
    assert whole.y == (0, 1000)
    assert part.y[1] <= 1.25
    assert all(tick.at == round(tick.at) for tick in part.x_ticks)


@pytest.mark.parametrize("log_y", [False, True])
def test_a_line_that_goes_on_out_of_sight_is_drawn_to_the_edge(log_y: bool) -> None:
    chart = Chart((4, 6), (Curve("", Role.TRAIN, ([(0.0, 1.0), (10.0, 9.0)],)),), log_y=log_y)
    drawn = drawing(chart, 60, 12)
    assert drawn.frame is not None
    row = "".join(text for text, role in drawn.rows[5] if role is not Role.FRAME)
    columns = set()
    for runs in drawn.rows:
        start = 0
        for text, role in runs:
            columns |= {start + place for place in range(len(text)) if role is Role.TRAIN}
            start += len(text)
    assert columns == set(range(drawn.frame.left, drawn.frame.left + drawn.frame.columns)), row


def test_nothing_of_a_curve_that_is_out_of_sight_is_drawn_nor_is_its_name() -> None:
    chart = Chart((4, 6), (Curve("gone", Role.TRAIN, ([(0.0, 1.0), (2.0, 9.0)],)), RISING))
    text = "\n".join("".join(part for part, _ in row) for row in draw(chart, 60, 12))
    assert "gone" not in text
    assert "test" in text


def test_the_best_point_is_marked_where_it_is_in_sight() -> None:
    chart = replace(CHART, spots=(Spot(5.0, 5.0, Role.TEST),))
    for window, is_marked in (((4.0, 6.0), True), ((6.0, 9.0), False)):
        rows = looking(chart, Attention(window)).drawing.rows
        assert ("◆" in "".join(text for row in rows for text, _ in row)) == is_marked


def test_on_a_log_axis_a_zoom_is_one_of_factors() -> None:
    line = Curve("error", Role.LINE1, ([(10.0**power, float(power + 5)) for power in range(-4, 5)],))
    chart = Chart((1e-4, 1e4), (line,), log_x=True, whole_x=False)
    low, high = scene_of(chart).zoomed(2).window or (0, 0)
    assert (low, high) == (pytest.approx(1e-2), pytest.approx(1e2))


def test_another_axis_is_looked_at_from_the_start() -> None:
    charts = [CHART]
    scene = Scene(lambda sight: Plot((), (), charts[0], TOP1))
    scene.draw(80, 20, Glyphs.ASCII)
    scene.attention = Attention((2, 4), 3.0)
    charts[0] = replace(CHART, x_name="step", x=(0, 3910))
    scene.draw(80, 20, Glyphs.ASCII)
    assert scene.attention == Attention()


def test_places_of_an_axis_of_whole_numbers_are_whole() -> None:
    chart = replace(CHART, curves=(Curve("t", Role.RAW, ([(1.5, 1.0), (3.5, 2.0)],)),))
    assert places(chart) == [2.0, 4.0]
    assert places(replace(chart, whole_x=False)) == [1.5, 3.5]


def test_a_sight_of_one_place_has_what_is_on_either_side() -> None:
    assert Sight.at(3).slice_of([0, 1, 2, 3, 4, 5]) == slice(2, 5)
    assert Sight.at(2.5).slice_of([0, 1, 2, 3, 4, 5]) == slice(2, 4)
    assert Sight(9).slice_of([0, 1, 2]) == slice(0, 4)
    assert Sight.at(math.inf).slice_of([0, 1, 2]) == slice(2, 4)
