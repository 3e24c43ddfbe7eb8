"""The layer table as lines of text that fit a width."""

from __future__ import annotations

from tp1tui.spec.arithmetic import LayerRow, shape_text, total_multiply_adds, total_parameters
from tp1tui.spec.numbers import count, short_count
from tp1tui.tui.columns import Column, TableLines, table_lines


def layer_lines(rows: tuple[LayerRow, ...], width: int) -> TableLines:
    """Lay out a layer table with its total at the foot.

    Args:
        rows: One a layer.
        width: Cells there are.
    """
    total = ["total", "", "", "", count(total_parameters(rows)), "", short_count(total_multiply_adds(rows)), ""]
    return table_lines(_COLUMNS, rows, width, foot=total)


_COLUMNS: tuple[Column[LayerRow], ...] = (
    Column("layer", lambda row: row.name, left=True),
    Column("kind", lambda row: row.kind, left=True, spare=1),
    Column("output", lambda row: shape_text(row.output)),
    Column("kernel", lambda row: f"{row.kernel}x{row.kernel}" if row.kernel else "", spare=2),
    Column("parameters", lambda row: count(row.parameters) if row.parameters else "–"),
    Column("share", lambda row: f"{row.share:.1f} %" if row.parameters else "", spare=3),
    Column("mult-adds", lambda row: short_count(row.multiply_adds) if row.multiply_adds else "–", spare=4),
    Column("sees", lambda row: f"{row.receptive_field} px" if row.receptive_field else "", spare=5),
)
