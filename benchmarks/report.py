"""A measurement as lines of text."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass
class Report:
    """What one benchmark found."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, what: str, figure: str) -> None:
        """Note one figure, with its unit, and tell it to who waits: the next one may take minutes."""
        self.rows.append((what, figure))
        sys.stderr.write(f"{what}: {figure}\n")
        sys.stderr.flush()

    def text(self) -> str:
        """The title, and a row a figure."""
        width = max(len(what) for what, _ in self.rows)
        rows = "".join(f"  {what:<{width}}  {figure}\n" for what, figure in self.rows)
        return f"\n{self.title}\n{rows}"
