"""A preset's texts as people read them, the same on screens and in the shell."""

from __future__ import annotations

from collections.abc import Sequence

from tp1tui.spec.numbers import epoch_count
from tp1tui.spec.report import Report


def flowing(text: str) -> str:
    """Text as it stands in a preset file, its lines joined into paragraphs."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def numbered(steps: Sequence[str]) -> str:
    """Steps, one a line, each with its number."""
    return "\n".join(f"{number}. {flowing(step)}" for number, step in enumerate(steps, start=1))


def report_text(report: Report) -> str:
    """What the subject's report found, in words; empty when it says nothing."""
    figures = [
        f"{name} top-1 {_range(bounds)}"
        for name, bounds in (("train", report.train_top1), ("test", report.test_top1))
        if bounds
    ]
    after = f" after {epoch_count(report.epoch)}" if report.epoch is not None and figures else ""
    sentences = [f"{', '.join(figures).capitalize()}{after}."] if figures else []
    return "\n".join([*sentences, flowing(report.text)]).strip()


def _range(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g} %" if low == high else f"{low:g} to {high:g} %"
