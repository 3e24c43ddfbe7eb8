from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.builders import run_spec
from tp1tui.tui.bench.layer_columns import layer_lines
from tp1tui.tui.columns import Column, table_lines

ROWS = run_spec("cd18").experiment.layer_table()
NARROWEST = 34


def test_the_total_of_the_subjects_network_stands_at_the_foot() -> None:
    lines = layer_lines(ROWS, 120)
    assert "1,191,170" in lines.foot
    assert lines.foot.startswith("total")
    assert len(lines.rows) == len(ROWS)


def test_a_wide_table_has_every_column() -> None:
    head = layer_lines(ROWS, 120).head.split()
    assert head == ["layer", "kind", "output", "kernel", "parameters", "share", "mult-adds", "sees"]


@given(st.integers(NARROWEST, 200))
def test_a_table_fits_its_width_and_keeps_its_figures_whole(width: int) -> None:
    lines = layer_lines(ROWS, width)
    for line in (lines.head, *lines.rows, lines.foot):
        assert len(line) == len(lines.head) <= width
    assert "1,025,000" in lines.rows[[row.name for row in ROWS].index("fc4")]


@given(st.lists(st.text(max_size=12).map(lambda text: "".join(text.split())), min_size=1), st.integers(1, 80))
def test_columns_stay_aligned_whatever_the_cells_hold(cells: list[str], width: int) -> None:
    printable = ["".join(char for char in cell if char.isprintable()) for cell in cells]
    columns = [Column[str]("name", lambda cell: cell, left=True), Column[str]("again", lambda cell: cell, spare=1)]
    lines = table_lines(columns, printable, width)
    assert len({cell_len(line) for line in (lines.head, *lines.rows)}) == 1
    assert len(lines.rows) == len(cells)


def test_columns_that_can_be_spared_go_first() -> None:
    columns = [
        Column[str]("first", str, spare=0),
        Column[str]("second", str, spare=2),
        Column[str]("third", str, spare=1),
    ]
    assert table_lines(columns, ["x"], 12).head.split() == ["first", "third"]
    assert table_lines(columns, ["x"], 5).head.split() == ["first"]
