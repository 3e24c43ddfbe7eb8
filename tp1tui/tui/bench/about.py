"""The chosen question in words."""

from __future__ import annotations

from textual.content import Content

from tp1tui.spec.preset import Report
from tp1tui.tui.bench.catalog import PACKAGE, Question

NEWCOMER = "Press Enter to watch a network learn in seconds; no download needed."


def about(question: Question, before: tuple[str, ...], *, newcomer: bool) -> Content:
    """What the bench says about a question.

    Args:
        question: The one under the cursor.
        before: Sentences on what a start would cost: time, a download.
        newcomer: Whether nobody has run anything here yet.
    """
    if question.preset is None:
        return _fault(question)
    preset = question.preset
    parts = [Content.styled(f"{question.number}  {preset.title}", "bold $primary")]
    if before:
        parts[0] = Content("\n").join([parts[0], *(Content.styled(sentence, "$foreground 60%") for sentence in before)])
    if newcomer:
        parts.append(Content.styled(NEWCOMER, "bold $accent"))
    parts.append(Content(flowing(preset.question)))
    if preset.look_for.strip():
        parts.append(_section("Look for", flowing(preset.look_for)))
    if found := report_text(preset.report):
        parts.append(_section("The report found", found))
    if preset.note.strip():
        parts.append(_section("Note", flowing(preset.note)))
    parts.append(Content.styled(f"Preset {question.id}, from {question.foreign_origin or PACKAGE}.", "$foreground 60%"))
    return Content("\n\n").join(parts)


def flowing(text: str) -> str:
    """Text as it stands in a preset file, its lines joined into paragraphs."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def report_text(report: Report) -> str:
    """What the subject's report found, in words; empty when it says nothing."""
    figures = [
        f"{name} top-1 {_range(bounds)}"
        for name, bounds in (("train", report.train_top1), ("test", report.test_top1))
        if bounds
    ]
    after = f" after {report.epoch} epochs" if report.epoch is not None and figures else ""
    sentences = [f"{', '.join(figures).capitalize()}{after}."] if figures else []
    return "\n".join([*sentences, flowing(report.text)]).strip()


def _range(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g} %" if low == high else f"{low:g} to {high:g} %"


def _section(heading: str, text: str) -> Content:
    return Content.assemble((heading, "bold"), "\n", text)


def _fault(question: Question) -> Content:
    return Content("\n\n").join(
        [
            Content.styled(f"{question.number}  cannot be read", "bold $error"),
            Content(question.fault),
            Content(f"Mend {question.file.path} and open tp1tui anew; the other questions work."),
        ]
    )
