from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tp1tui.tui.plots.canvas import Canvas, Run
from tp1tui.tui.plots.chart import Band, Chart, Curve, Mark, Role, Spot
from tp1tui.tui.plots.draw import draw, drawing
from tp1tui.tui.plots.envelope import Envelope
from tp1tui.tui.plots.glyphs import Glyphs


def curve(ys: list[float], role: Role = Role.TRAIN, name: str = "") -> Curve:
    envelope = Envelope()
    envelope.extend(ys)
    return Curve(name, role, tuple(envelope.extremes(500)))


def text(rows: list[list[Run]]) -> list[str]:
    return ["".join(part for part, _ in row) for row in rows]


def cells(rows: list[list[Run]], role: Role) -> list[tuple[int, int]]:
    """(column, row) of each cell in a role."""
    found = []
    for y, row in enumerate(rows):
        x = 0
        for part, part_role in row:
            found += [(x + place, y) for place in range(len(part)) if part_role is role]
            x += len(part)
    return found


@pytest.mark.parametrize("glyphs", list(Glyphs))
@pytest.mark.parametrize("log_y", [False, True])
@pytest.mark.parametrize(("width", "height"), [(80, 16), (40, 8), (200, 40)])
def test_a_plot_fills_exactly_its_size(glyphs: Glyphs, log_y: bool, width: int, height: int) -> None:
    chart = Chart((0, 9), (curve([2.3 / (1 + place) for place in range(10)], name="train"),), log_y=log_y)
    rows = text(draw(chart, width, height, glyphs))
    assert [len(row) for row in rows] == [width] * height


@pytest.mark.parametrize(("width", "height"), [(0, 0), (1, 1), (9, 3), (80, 2), (3, 40)])
def test_too_small_a_place_is_no_error(width: int, height: int) -> None:
    rows = text(draw(Chart((0, 1), (curve([1.0, 2.0], name="train"),)), width, height))
    assert [len(row) for row in rows] == [width] * height


def test_a_falling_curve_falls() -> None:
    rows = draw(Chart((0, 9), (curve([float(9 - place) for place in range(10)]),)), 60, 12)
    places = sorted(cells(rows, Role.TRAIN))
    assert places[0][1] == 0
    assert places[-1][1] == 9


def test_the_highest_and_the_lowest_value_touch_the_ends_of_the_axis() -> None:
    rows = draw(Chart((0, 3), (curve([10.0, 20.0, 15.0, 30.0]),)), 60, 12)
    touched = {row for _, row in cells(rows, Role.TRAIN)}
    assert {0, 9} <= touched


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=40), st.booleans())
@example([-1.634266486238469e308], False)
@example([-1.7e308, 1.0], False)
@settings(max_examples=60, deadline=None)
def test_no_numbers_can_break_a_plot(ys: list[float], log_y: bool) -> None:
    rows = text(draw(Chart((0, 40), (curve(ys, name="train"),), log_y=log_y, empty="nothing yet"), 60, 12))
    assert [len(row) for row in rows] == [60] * 12


def test_a_gap_of_nan_stays_empty() -> None:
    rows = draw(Chart((0, 59), (curve([1.0] * 20 + [math.nan] * 20 + [1.0] * 20),)), 70, 10)
    columns = {column for column, _ in cells(rows, Role.TRAIN)}
    left = rows[-2][0][0].index("└") + 1
    assert not columns & set(range(left + 22, left + 38))
    assert len(columns) > 30


def test_a_log_axis_leaves_out_what_is_not_positive() -> None:
    rows = draw(Chart((0, 3), (curve([100.0, 0.0, -1.0, 1.0]),), log_y=True), 60, 12)
    assert "100" in text(rows)[0]
    assert {column for column, _ in cells(rows, Role.TRAIN)}


def test_a_flat_curve_lies_in_the_middle() -> None:
    rows = draw(Chart((0, 9), (curve([5.0] * 10),)), 60, 13)
    assert {row for _, row in cells(rows, Role.TRAIN)} == {5}


def test_names_stand_at_the_ends_of_their_curves_and_never_on_one_another() -> None:
    curves = (curve([1.0, 1.0], name="train"), curve([1.0, 1.01], Role.TEST, "test"), curve([0.0, 5.0]))
    rows = text(draw(Chart((0, 1), curves), 60, 12))
    [train] = [number for number, row in enumerate(rows) if "train" in row]
    [test] = [number for number, row in enumerate(rows) if "test" in row]
    assert abs(train - test) == 1


def test_a_mark_stands_where_it_belongs_and_hides_no_data() -> None:
    without = cells(draw(Chart((0, 10), (curve([1.0, 5.0, 2.0]),)), 60, 12), Role.TRAIN)
    rows = draw(Chart((0, 10), (curve([1.0, 5.0, 2.0]),), marks=(Mark(5, "a on"),)), 60, 12)
    assert cells(rows, Role.TRAIN) == without
    assert any("a on" in row for row in text(rows))
    columns = {column for column, row in cells(rows, Role.MARK) if row > 3}
    assert columns == {2 + round(0.5 * 56)}


def test_labels_of_neighbouring_marks_stay_apart() -> None:
    marks = (Mark(5, "a on"), Mark(5.3, "d on"), Mark(5.6, "a off"))
    rows = text(draw(Chart((0, 10), (curve([1.0, 2.0]),), marks=marks), 70, 12))
    for mark in marks:
        assert sum(row.count(mark.label) for row in rows) == 1


@pytest.mark.parametrize("distance", [1, 2, 3, 4, 5, 6, 7])
def test_no_label_of_a_mark_touches_another(distance: int) -> None:
    marks = (Mark(20, "a on"), Mark(20 + distance, "d on"))
    rows = text(draw(Chart((0, 57), (curve([1.0, 2.0]),), marks=marks), 62, 12))
    assert not [row for row in rows if "and" in row.replace(" ", "x") or "ond" in row or "ona" in row]


def test_a_mark_outside_the_axis_is_left_out() -> None:
    rows = draw(Chart((0, 10), (curve([1.0, 2.0]),), marks=(Mark(11, "late"),)), 60, 12)
    assert not cells(rows, Role.MARK)


def test_the_spot_lies_on_its_point() -> None:
    rows = draw(Chart((0, 2), (curve([3.0, 1.0, 2.0]),), spots=(Spot(1, 1.0, Role.TEST),)), 60, 12)
    [(column, row)] = cells(rows, Role.TEST)
    assert (row, "◆") == (9, text(rows)[row][column])


def test_a_band_is_labelled_even_when_the_data_is_far_from_it() -> None:
    chart = Chart((0, 2), (curve([10.0, 20.0, 30.0]),), band=Band(71, 73, "report 71–73"))
    assert any("report 71–73" in row for row in text(draw(chart, 60, 14)))


def test_a_covering_curve_is_drawn_without_the_dots_of_what_it_covers() -> None:
    raw = curve([0.0, 9.0] * 200, Role.RAW)
    envelope = Envelope()
    envelope.extend([4.5] * 400)
    smooth = Curve("", Role.SMOOTH, tuple(envelope.extremes(500)), covers=True)
    rows = draw(Chart((0, 400), (raw, smooth)), 60, 12)
    drawn = {part for row in rows for part, role in row if role is Role.SMOOTH}
    assert "⣿" not in "".join(drawn)


def test_ascii_is_ascii() -> None:
    chart = Chart(
        (0, 9),
        (curve([float(place) for place in range(10)], name="train"), curve([3.0] * 10, Role.TEST, "test")),
        marks=(Mark(4, "a on"),),
        spots=(Spot(2, 3.0, Role.TEST),),
        band=Band(5, 6, "report"),
    )
    assert "".join(text(draw(chart, 60, 12, Glyphs.ASCII))).isascii()


def test_before_there_is_data_the_plot_says_so() -> None:
    assert any(
        "after the first batches" in row
        for row in text(draw(Chart((0, 1), (), empty="after the first batches"), 60, 12))
    )


def test_what_is_said_before_there_is_data_breaks_between_words_where_the_plot_is_narrow() -> None:
    rows = text(draw(Chart((0, 1), (), empty="The first point comes when the network is measured."), 30, 12))
    assert [row.strip() for row in rows if row.strip()] == ["The first point comes when the", "network is measured."]


def test_curves_that_have_but_begun_side_by_side_do_not_seem_far_apart() -> None:
    chart = Chart((0, 5), (curve([2.3022], name="train"), curve([2.3023], Role.TEST, "test")))
    low, high = drawing(chart, 60, 12).frame.y
    assert high - low > 0.1
    going_on = Chart((0, 5), (curve([2.3022, 2.3023]),))
    low, high = drawing(going_on, 60, 12).frame.y
    assert high - low < 0.001


def test_writing_outside_a_canvas_is_dropped() -> None:
    canvas = Canvas(4, 2)
    canvas.put(2, 0, "abcd", Role.LABEL)
    canvas.put(0, 5, "never", Role.LABEL)
    canvas.put(-1, 1, "xy", Role.LABEL)
    assert text(canvas.rows()) == ["  ab", "y   "]


def test_plotext_is_imported_on_the_first_drawing_only() -> None:
    code = "import sys, tp1tui.tui.plots.draw; sys.exit('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("glyphs", list(Glyphs))
def test_many_points_are_drawn_where_few_of_the_same_curve_are(glyphs: Glyphs) -> None:
    few = [(float(x), float(x % 10)) for x in range(51)]
    many = [(x + part / 20, y + part / 20 * ((x + 1) % 10 - y)) for x, y in few[:-1] for part in range(20)]
    drawn = [
        cells(draw(Chart((0, 50), (Curve("", Role.RAW, (points,)),), y=(0, 10)), 60, 12, glyphs), Role.RAW)
        for points in (few, many)
    ]
    near = {(column + beside, row + over) for column, row in drawn[0] for beside in (-1, 0, 1) for over in (-1, 0, 1)}
    assert set(drawn[1]) <= near
    assert len(drawn[1]) > len(drawn[0]) / 2


def test_among_many_points_a_spike_reaches_its_height_and_a_gap_stays_open() -> None:
    points = [(float(x), 9.0 if x == 500 else 1.0) for x in range(1000)]
    chart = Chart((0, 999), (Curve("", Role.RAW, (points[:300], points[400:])),), y=(0, 10))
    drawn = cells(draw(chart, 60, 12), Role.RAW)
    assert min(row for _, row in drawn) <= 1
    columns = {column for column, _ in drawn}
    assert len(set(range(min(columns), max(columns))) - columns) in range(3, 8)
