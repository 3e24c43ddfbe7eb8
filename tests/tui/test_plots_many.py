"""Many curves in one plot: letters, surfaces, and curves that go far beyond the others."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.test_plots_draw import cells, text
from tp1tui.tui.plots.chart import LINES, SIGNS, Chart, Curve, Role, Shade, line_role, line_sign
from tp1tui.tui.plots.draw import draw
from tp1tui.tui.plots.glyphs import ASCII_LINES, Glyphs

FALLING = tuple((float(x), 2.3 * 0.9**x) for x in range(31))


def line(number: int, points: tuple[tuple[float, float], ...] = FALLING, **other: object) -> Curve:
    return Curve(line_sign(number), line_role(number), (list(points),), **other)  # type: ignore[arg-type]


def test_each_line_ends_with_its_name_on_a_row_of_its_own() -> None:
    curves = tuple(line(n, tuple((x, y + n / 50) for x, y in FALLING)) for n in range(8))
    rows = text(draw(Chart((0, 30), curves), 80, 16))
    ends = [row.rstrip()[-1] for row in rows[:-2] if row.rstrip()[-1] in SIGNS]
    assert sorted(ends) == list("abcdefgh")


def test_in_ascii_no_two_lines_are_drawn_with_the_same_character() -> None:
    assert len({ASCII_LINES[role] for role in LINES}) == len(LINES) == 8
    for role in LINES:
        rows = draw(Chart((0, 30), (Curve("", role, (list(FALLING),)),)), 60, 12, Glyphs.ASCII)
        drawn = {part for row in rows for part, part_role in row if part_role is role}
        assert set("".join(drawn)) == {ASCII_LINES[role]}


def test_the_ninth_line_has_the_colour_of_the_first_and_a_letter_of_its_own() -> None:
    assert line_role(8) is line_role(0)
    assert line_sign(8) != line_sign(0)
    assert line_sign(len(SIGNS)) == "aa"
    assert len({line_sign(number) for number in range(3000)}) == 3000


def test_letters_stand_on_the_lines_each_at_places_of_its_own() -> None:
    curves = tuple(Curve("", line_role(n), (list(FALLING),), sign=line_sign(n)) for n in range(3))
    rows = draw(Chart((0, 30), curves), 80, 16)
    found = {
        sign: {(x, y) for y, row in enumerate(text(rows)) for x, cell in enumerate(row) if cell == sign}
        for sign in "abc"
    }
    assert all(found.values())
    assert not found["a"] & found["b"]


def test_a_surface_lies_between_its_edges_and_hides_no_line() -> None:
    shade = Shade((((0.0, 1.0, 3.0), (10.0, 1.0, 3.0)),))
    plain = Curve("", Role.LINE1, ([(0.0, 2.0), (10.0, 2.0)],))
    band = Curve("", Role.LINE1, plain.stretches, shade=shade)
    frame = Curve("", Role.LINE2, ([(0.0, 0.0), (10.0, 4.0)],))
    rows = draw(Chart((0, 10), (band, frame), y=(0, 4)), 60, 19)
    without = draw(Chart((0, 10), (plain, frame), y=(0, 4)), 60, 19)
    shaded = {y for y, row in enumerate(text(rows)) if "░" in row}
    assert shaded == {4, 5, 6, 7, 9, 10, 11, 12}  # the line fills the row between
    assert cells(rows, Role.LINE2) == cells(without, Role.LINE2)
    assert "".join(text(rows)).replace("░", "⠀").replace(" ", "⠀") == "".join(text(without)).replace(" ", "⠀")


def test_a_surface_is_open_where_the_line_is() -> None:
    shade = Shade((((0.0, 1.0, 3.0), (4.0, 1.0, 3.0)), ((16.0, 1.0, 3.0), (20.0, 1.0, 3.0))))
    curve = Curve("", Role.LINE1, ([(0.0, 2.0), (20.0, 2.0)],), shade=shade)
    rows = text(draw(Chart((0, 20), (curve,), y=(0, 4)), 70, 12))
    shaded = {x for row in rows for x, cell in enumerate(row) if cell == "░"}
    middle = min(shaded) + (max(shaded) - min(shaded)) // 2
    assert middle not in shaded


def test_one_diverged_curve_leaves_the_others_as_they_are_without_it() -> None:
    good = tuple(line(n, tuple((x, y * (1 + n / 9)) for x, y in FALLING)) for n in range(3))
    bad = line(3, tuple((x, 2.3 * 3.0**x) for x, _ in FALLING))
    alone, together = (draw(Chart((0, 30), curves, clips=True, name_room=1), 80, 16) for curves in (good, (*good, bad)))
    for number in range(3):
        overlap = set(cells(alone, line_role(number))) - set(cells(together, line_role(number)))
        assert len(overlap) < 8  # where the other one was drawn over it
    assert "↑" in text(together)[0]
    assert "↑" not in "".join(text(alone))


def test_without_the_rule_it_would_flatten_them() -> None:
    bad = line(3, tuple((x, 2.3 * 3.0**x) for x, _ in FALLING))
    rows = draw(Chart((0, 30), (line(0), bad)), 80, 16)
    assert "↑" not in "".join(text(rows))
    assert {y for _, y in cells(rows, Role.LINE1)} == {13}


def test_infinity_is_marked_and_nan_is_not() -> None:
    points = (*FALLING[:10], (10.0, math.nan), (11.0, math.inf), *FALLING[12:])
    rows = draw(Chart((0, 30), (line(0, points),)), 70, 12)
    assert sum(row.count("↑") for row in text(rows)) == 1


def test_what_lies_under_the_axis_is_marked_below() -> None:
    rows = text(draw(Chart((0, 2), (line(0, ((0.0, 5.0), (1.0, -5.0), (2.0, 5.0))),), y=(0, 10)), 60, 12))
    assert "↓" in rows[9]


@given(st.lists(st.lists(st.floats(), min_size=1, max_size=12), min_size=1, max_size=6), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_numbers_can_break_many_lines(curves: list[list[float]], log_y: bool, log_x: bool) -> None:
    lines = tuple(
        Curve(
            line_sign(n),
            line_role(n),
            ([(float(x), y) for x, y in enumerate(ys)],),
            sign=line_sign(n),
            shade=Shade((tuple((float(x), y - 1, y + 1) for x, y in enumerate(ys)),)),
        )
        for n, ys in enumerate(curves)
    )
    chart = Chart((1, 12), lines, clips=True, log_y=log_y, log_x=log_x, x_name="epoch", y_name="loss")
    assert [len(row) for row in text(draw(chart, 60, 12))] == [60] * 12


def test_short_times_have_ticks_between_whole_seconds() -> None:
    curve = line(0, ((0.0, 1.0), (0.9, 2.0)))
    whole, any_number = (text(draw(Chart((0, 0.9), (curve,), whole_x=whole), 60, 12))[-1] for whole in (True, False))
    assert "0.4" in any_number
    assert "." not in whole


def test_a_logarithmic_x_axis_gives_each_power_of_ten_the_same_room() -> None:
    curve = line(0, tuple((10.0**power, float(power)) for power in range(-3, 1)), dotted=True)
    rows = draw(Chart((1e-3, 1.0), (curve,), log_x=True), 60, 12)
    dots = sorted(x for row in text(rows) for x, cell in enumerate(row) if cell == "•")
    assert len({right - left for left, right in pairwise(dots)} - {0}) <= 2
    assert max(dots) - min(dots) > 45
    assert "0.001" in text(rows)[-1]


def test_axes_are_named_where_there_is_room() -> None:
    rows = text(draw(Chart((0, 30), (line(0, FALLING[5:]),), x_name="epoch", y_name="loss"), 80, 16))
    assert "25  epoch" in rows[-1]
    assert "loss" in rows[0]
    assert "epoch" not in text(draw(Chart((0, 30), (line(0),), x_name="epoch"), 14, 8))[-1]
