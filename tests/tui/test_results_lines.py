"""Results as lines of text: what stands in them, and that nothing is wider than its pane."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CLASSES, some_results
from tests.tui.runs import words
from tp1tui.spec.results import Axis, Cell, Column, Grid, Line, Result, Series, Table, Text
from tp1tui.tui.plots.glyphs import Glyphs
from tp1tui.tui.results.blocks import Room, blocks, draw_block
from tp1tui.tui.results.figures import written
from tp1tui.tui.results.ink import SHADES, Ink, paint, ramp, readable_on, shade, share_of
from tp1tui.tui.results.pictures import picture_lines, reduction
from tp1tui.tui.results.sheets import draw_grid
from tp1tui.tui.results.tables import draw_table
from tp1tui.tui.run.lines import width_of

COLOURS, PLAIN = Ink(), Ink(coloured=False)
INKS = (COLOURS, PLAIN, Ink(glyphs=Glyphs.ASCII))
DOWN, ACROSS = Axis(name="true class"), Axis(name="predicted class")


def grid(values: list[list[float | None]], **more: object) -> Grid:
    return Grid.model_validate({"name": "grid", "down": DOWN, "across": ACROSS, "values": values, **more})


def text_of(result: Result, width: int, ink: Ink = COLOURS, across: int = 0) -> str:
    (block,) = blocks([result])
    return "\n".join(words(draw_block(block, Room(width, 20, ink, across)).lines))


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ((1, 1_191_170), ["1", "1,191,170"]),
        ((10.0, 71.83), ["10.00", "71.83"]),
        ((0.5, 2.0), ["0.5", "2.0"]),
        ((1234.5, 2.0), ["1,234", "2"]),
        ((1e-9, 1.0), ["1e-9", "1"]),
        ((math.nan, math.inf, -math.inf, None), ["NaN", "∞", "-∞", "–"]),
        ((True, "two\nlines"), ["yes", "two lines"]),
        ((0.0, 3.0), ["0", "3"]),
    ],
)
def test_the_numbers_of_a_column_have_the_same_decimals(cells: tuple[Cell, ...], texts: list[str]) -> None:
    assert written(cells) == texts


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_what_is_not_zero_is_never_written_as_zero(values: list[float]) -> None:
    for value, text in zip(values, written(values), strict=True):
        assert (float(text.replace(",", "")) == 0) == (value == 0)


def test_a_table_has_its_names_and_units_over_its_figures() -> None:
    head, units, first, *_ = text_of(some_results()[0], 78).splitlines()[2:]
    assert head.split("  ")[0] == "classifier"
    assert units.split() == ["%", "%", "s"]
    assert head.index("train top-1") + len("train top-1") == units.index("%") + 1
    assert first.split()[-4:] == ["30,730", "61.93", "29.40", "71.2"]


def test_a_table_without_units_has_one_line_of_names() -> None:
    table = Table(name="t", columns=(Column(name="layer"), Column(name="n")), rows=(("conv1", 3),))
    assert words(draw_table(table, 40, 0).lines) == ["layer  n", "conv1  3"]


def test_a_table_that_is_too_wide_says_so_and_moves_by_columns() -> None:
    columns = tuple(Column(name=f"column{number}") for number in range(9))
    table = Table(name="wide", columns=columns, rows=(tuple(range(9)),))
    here = draw_table(table, 40, 0)
    shown = words(here.lines)
    assert "column0" in shown[0]
    assert "more column" in shown[-1]
    assert "›" in shown[-1]
    end = words(draw_table(table, 40, here.most).lines)
    assert "column0" in end[0]
    assert "column8" in end[0]
    assert "›" not in end[-1]
    assert words(draw_table(table, 40, here.most + 5).lines) == end
    assert draw_table(table, 100, 0).most == 0


def test_a_long_text_goes_on_in_the_next_line() -> None:
    table = Table(name="t", columns=(Column(name="a"), Column(name="b")), rows=(("word " * 20, 1),))
    assert " ".join(text_of(table, 60).split()).count("word") == 20


def test_a_plot_has_the_names_of_its_axes_and_lines() -> None:
    text = text_of(some_results()[1], 78)
    for name in ("linear SVM", "network", "training images, log", "test top-1 (%)", "standard deviation"):
        assert name in text


def test_a_series_on_log_axes_leaves_out_what_has_no_place_there() -> None:
    log = Axis(name="rate", scale="log")
    series = Series(name="s", x=log, y=log, lines=(Line(name="one", x=(0, 1, 100), y=(1, 10, 1000)),))
    text = text_of(series, 60)
    assert "100" in text
    assert "1,000" in text


@pytest.mark.parametrize("x", [(), (1.0,), (math.nan, math.inf)])
def test_a_series_with_nothing_to_draw_is_still_shown(x: tuple[float, ...]) -> None:
    series = Series(name="s", x=DOWN, y=ACROSS, lines=(Line(name="one", x=x, y=x),))
    assert "one" in text_of(series, 60)


def test_a_heat_table_has_labels_on_both_sides_and_its_numbers() -> None:
    lines = text_of(some_results()[2], 78).splitlines()
    assert lines[1] == "down: true class, across: predicted class; values in images"
    assert lines[2].split() == list(CLASSES)
    assert [line.split()[0] for line in lines[3:]] == list(CLASSES)
    assert lines[3].split()[1] == str(int(some_results()[2].values[0][0]))  # type: ignore[union-attr]


def test_a_heat_table_is_lighter_where_there_is_more() -> None:
    drawn = draw_grid(grid([[0.0, 1.0]], across_labels=("a", "b")), 40, COLOURS, 0)
    low, high = (tone for _, tone in drawn.lines[-1][1:])
    assert (low, high) == tuple(paint(readable_on(ramp(share)), ramp(share)) for share in (0.0, 1.0))


def test_without_colours_a_character_stands_beside_the_number() -> None:
    drawn = draw_grid(grid([[0.0, 5.0, 10.0]], across_labels=("a", "b", "c")), 40, PLAIN, 0)
    assert words(drawn.lines)[-1].split() == ["0", "0", "5", shade(0.5), "10", SHADES[-1]]


def test_many_columns_lose_their_numbers_before_any_is_left_out() -> None:
    values: list[list[float | None]] = [[number / 7 for number in range(30)]]
    drawn = draw_grid(grid(values, across_labels=tuple(map(str, range(30)))), 70, COLOURS, 0)
    assert drawn.most == 0
    assert words(drawn.lines)[-1].strip().startswith("0")  # the scale
    assert draw_grid(grid(values, across_labels=tuple(map(str, range(30)))), 40, COLOURS, 0).most > 0


def test_what_is_missing_from_a_heat_table_is_a_dash() -> None:
    drawn = draw_grid(grid([[1.0, None]], across_labels=("a", "b")), 40, COLOURS, 0)
    assert words(drawn.lines)[-1].split() == ["0", "1", "–"]


def test_a_picture_has_two_pixels_in_a_cell() -> None:
    side: list[list[float | None]] = [[float(y << 16 | x) for x in range(16)] for y in range(16)]
    lines = picture_lines(grid(side, content="colours"), 40, COLOURS)
    assert len(lines) == 8
    assert lines[1][0] == ("▀", "#020000 on #030000")


def test_a_picture_without_colours_is_made_of_shades() -> None:
    side: list[list[float | None]] = [[0.0] * 8 + [float(0xFFFFFF)] * 8] * 16
    assert words(picture_lines(grid(side, content="colours"), 40, PLAIN)) == [" " * 8 + "@" * 8] * 8


def test_an_odd_last_row_and_holes_are_left_empty() -> None:
    pixels: list[list[float | None]] = [[None] * 16, [255.0] * 16, [255.0] * 16]
    lines = picture_lines(grid(pixels, content="colours"), 40, COLOURS)
    assert lines == [(("▄" * 16, "#0000ff"),), (("▀" * 16, "#0000ff"),)]


def test_a_small_picture_is_enlarged_and_a_wide_one_made_smaller() -> None:
    small = picture_lines(grid([[1.0] * 8] * 8, content="colours"), 40, COLOURS)
    assert (len(small), width_of(small[0])) == (8, 16)
    wide = grid([[float(0x102030)] * 100] * 50, content="colours")
    lines = picture_lines(wide, 40, COLOURS)
    assert reduction(wide, 40) == 3
    assert (len(lines), width_of(lines[0])) == (9, 34)
    assert lines[0][0][1] == "#102030 on #102030"
    assert "3x3" in text_of(wide, 40)


def test_grids_of_a_group_stand_side_by_side_and_under_one_another_where_they_must() -> None:
    (sheet,) = [block for block in blocks(some_results()) if block.name == "templates"]
    assert len(sheet.results) == 3
    beside = words(draw_block(sheet, Room(110, 20, COLOURS)).lines)
    assert beside[1].split() == ["template", "of", "plane", "template", "of", "car", "template", "of", "bird"]
    assert len(words(draw_block(sheet, Room(40, 20, COLOURS)).lines)) == 1 + 3 * 17 + 2


def test_a_formula_goes_on_right_of_its_sign() -> None:
    text = text_of(Text(name="t", text="output = floor((32 + 2·2 - 5) / 1) + 1"), 24)
    assert text.splitlines()[1:] == ["output = floor((32 + 2·2", "         - 5) / 1) + 1"]


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("width", [20, 33, 78, 118])
def test_nothing_is_wider_than_its_pane(width: int, ink: Ink) -> None:
    for block in blocks(some_results()):
        for across in (0, 1, 50):
            for line in draw_block(block, Room(width, 20, ink, across)).lines:
                assert width_of(line) <= width


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_ramp_rises_in_lightness(one: float, other: float) -> None:
    from tp1tui.tui.results.ink import lightness

    low, high = sorted((one, other))
    assert lightness(ramp(low)) <= lightness(ramp(high)) + 1 / 255


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_a_share_lies_between_0_and_1(low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert share_of(low, low, high) <= share_of(high, low, high)
    assert 0 <= share_of((low / 2 + high / 2), low, high) <= 1
