"""Decision boundaries as lines of text: where they lie, which mark is what, and that all fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem

from tests.tui.boundaries import some_boundary
from tests.tui.runs import words
from tp1tui.spec.results import Grid, GridPoint
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.blocks import Room, blocks, draw_block
from tp1tui.tui.results.boundary import draw_boundaries, draw_boundary
from tp1tui.tui.results.ink import Ink
from tp1tui.tui.results.marks import drawn_points, wrong_tone
from tp1tui.tui.results.plane import Plane, largest_plane
from tp1tui.tui.run.lines import Line, width_of

COLOURS, PLAIN, ASCII = Ink(), Ink(coloured=False), Ink(coloured=False, glyphs=Glyphs.ASCII)
INKS = pytest.mark.parametrize("ink", [COLOURS, PLAIN, ASCII, Ink(glyphs=Glyphs.ASCII)])


def with_points(*points: GridPoint) -> Grid:
    return some_boundary(points=0).model_copy(update={"points": points})


def tones_of(lines: list[Line], character: str) -> set[str | None]:
    return {tone for line in lines for text, tone in line if character in text}


def test_a_plane_is_twice_as_many_cells_wide_as_high() -> None:
    assert largest_plane(some_boundary(), 78, 20) == Plane(some_boundary(), 40, 20)
    assert largest_plane(some_boundary(), 30, 50).columns == 30


@given(st.floats(-2, 2), st.floats(-2, 2), st.integers(1, 90), st.integers(1, 45))
def test_every_place_of_the_grid_has_a_cell(x: float, y: float, columns: int, rows: int) -> None:
    column, row = Plane(some_boundary(points=0), columns, rows).cell(x, y) or (-1, -1)
    assert 0 <= column < columns
    assert 0 <= row < rows


def test_up_is_up_and_what_lies_outside_is_left_out() -> None:
    plane = Plane(some_boundary(), 40, 20)
    assert plane.cell(-2, 2) == (0, 0)
    assert plane.cell(1.99, -1.99) == (39, 19)
    assert plane.cell(2.1, 0) is None


def test_probabilities_between_places_lie_between_theirs() -> None:
    grid = some_boundary().model_copy(
        update={"values": ((0.0, 1.0), (0.0, None)), "across_values": (0, 1), "down_values": (1, 0), "points": ()}
    )
    assert Plane(grid, 4, 1).shares() == [[None] * 4, [None] * 4]
    whole = grid.model_copy(update={"values": ((0.0, 1.0), (0.0, 1.0))})
    assert Plane(whole, 4, 1).shares()[0] == pytest.approx([0.125, 0.375, 0.625, 0.875])


@INKS
@pytest.mark.parametrize(("width", "height"), [(78, 14), (78, 20), (40, 30), (118, 36), (160, 60)])
def test_a_boundary_fits_its_room(width: int, height: int, ink: Ink) -> None:
    lines = draw_boundary(some_boundary(), width, height, ink)
    assert len(lines) <= height
    assert all(width_of(line) <= width for line in lines)
    text = "\n".join(words(lines))
    for label in ("-2", "0", "2", "disc", "ring", "wrong", "support vector", "across x1, up x2"):
        assert label in text


@INKS
def test_wrong_examples_stand_out_from_all_others(ink: Ink) -> None:
    wrong, right = GridPoint(0.2, 1, 1, "test", wrong=True), GridPoint(-1, -1, 1, "test")
    lines = draw_boundary(with_points(wrong, right), 78, 20, ink)[:20]
    cross, square = ("W", "X") if ink.glyphs is Glyphs.ASCII else ("✗", "■")
    assert tones_of(lines, cross) == {wrong_tone(ink)}
    assert wrong_tone(ink) not in tones_of(lines[6:], square)


@INKS
def test_classes_parts_and_support_vectors_have_marks_of_their_own(ink: Ink) -> None:
    places = iter((-1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 0.0, -0.2))
    points = [GridPoint(next(places), 1.5, label, part) for label in (0, 1) for part in ("train", "test")]
    points += [GridPoint(next(places), 1.5, label, "train", support=True) for label in (0, 1)]
    points += [GridPoint(next(places), 1.5, 0, part, wrong=True) for part in ("train", "test")]
    drawn = draw_boundary(with_points(*points), 78, 24, ink)
    marks = "oOxX@%wW" if ink.glyphs is Glyphs.ASCII else "○●□■◉▣×✗"
    row = words(drawn)[2][:50]
    assert sorted(mark for mark in row if mark in marks) == sorted(marks)


def test_the_boundary_lies_between_two_shades_without_colour() -> None:
    lines = words(draw_boundary(some_boundary(points=0), 78, 20, PLAIN))
    middle = lines[9][5:43]
    assert middle.strip("▒").strip("░").strip("·").isspace()
    assert lines[0][5:40].strip("▒") == ""


def test_of_several_examples_in_one_cell_a_wrong_one_is_seen() -> None:
    here = [GridPoint(0, 0, 0, "test", wrong=True), GridPoint(0, 0, 0, "test"), GridPoint(0, 0, 1, "train")]
    assert list(drawn_points(Plane(with_points(*here), 20, 10)).values()) == here[:1]


def test_where_there_is_little_room_right_examples_are_left_out_and_wrong_ones_stay() -> None:
    grid = some_boundary()
    most, some, few = (drawn_points(Plane(grid, 2 * rows, rows)).values() for rows in (40, 14, 8))
    assert any(point.part == "train" and not (point.wrong or point.support) for point in most)
    assert not any(point.part == "train" and not (point.wrong or point.support) for point in some)
    assert any(not (point.wrong or point.support) for point in some)
    assert all(point.wrong or point.support for point in few)


def test_the_sides_of_a_boundary_stay_apart_in_16_colours() -> None:
    lines = draw_boundary(some_boundary(points=0), 78, 20, COLOURS)[:19]
    grounds = {tone.split(" on ")[1] for line in lines for _, tone in line if tone and " on " in tone}
    numbers = {Color.parse(ground).downgrade(ColorSystem.STANDARD).number for ground in grounds}
    assert {4, 7, 3} <= numbers  # blue, white, yellow


@INKS
@pytest.mark.parametrize(("width", "height"), [(78, 18), (118, 36), (40, 20)])
@pytest.mark.parametrize("count", [2, 3, 7])
def test_several_boundaries_stand_side_by_side_under_their_names(width: int, height: int, count: int, ink: Ink) -> None:
    grids = [some_boundary(f"{number} units", group="b") for number in range(count)]
    lines = draw_boundaries(grids, width, height, ink)
    assert all(width_of(line) <= width for line in lines)
    text = "\n".join(words(lines))
    assert all(grid.name in text for grid in grids)
    assert text.count("wrong") == 1


def test_boundaries_that_fit_are_as_large_as_fits_and_others_go_on_below() -> None:
    two = draw_boundaries([some_boundary(name, group="b") for name in "ab"], 118, 36, PLAIN)
    assert 30 < len(two) <= 36
    many = draw_boundaries([some_boundary(str(number), group="b") for number in range(30)], 78, 18, PLAIN)
    assert len(many) > 100


def test_a_result_of_probabilities_is_drawn_as_a_boundary() -> None:
    (block,) = blocks([some_boundary()])
    lines = words(draw_block(block, Room(78, 20, PLAIN)).lines)
    assert lines[0] == "decision boundary"
    assert len(lines) <= 20
    (sheet,) = blocks([some_boundary(name, group="b") for name in ("linear", "RBF")])
    assert "linear" in words(draw_block(sheet, Room(78, 20, PLAIN)).lines)[1]
