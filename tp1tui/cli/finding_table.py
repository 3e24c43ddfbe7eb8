"""What an examination found, as a table in the shell."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from tp1tui.journal.findings import Finding, Verdict


def finding_table(findings: Sequence[Finding]) -> Table:
    """A row a finding: how it is, what it is, what was found."""
    table = Table(box=None, pad_edge=False, show_header=False)
    marks: dict[Verdict, tuple[str, str]] = {
        "ok": ("ok", "green"),
        "note": ("note", "yellow"),
        "problem": ("PROBLEM", "bold red"),
    }
    for finding in findings:
        mark, style = marks[finding.verdict]
        table.add_row(Text(mark, style=style), finding.what, Text(finding.text, overflow="fold"))
    return table
