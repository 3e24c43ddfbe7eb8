"""The chosen question in words."""

from __future__ import annotations

from textual.content import Content

from tp1tui.tui.bench.catalog import PACKAGE, Question
from tp1tui.tui.question.card import section, sections
from tp1tui.tui.words import flowing

NEWCOMER = "Press Enter to watch a network learn in seconds; no download needed."


def about(question: Question, before: tuple[str, ...], *, newcomer: bool, prediction: str = "") -> Content:
    """What the bench says about a question.

    Args:
        question: The one under the cursor.
        before: Sentences on what a start would cost: time, a download.
        newcomer: Whether nobody has run anything here yet.
        prediction: What is expected of the next run; empty where nothing is.
    """
    if question.preset is None:
        return _fault(question)
    preset = question.preset
    parts = [Content.styled(f"{question.number}  {preset.title}", "bold $primary")]
    if before:
        parts[0] = Content("\n").join([parts[0], *(Content.styled(sentence, "$foreground 60%") for sentence in before)])
    if newcomer:
        parts.append(Content.styled(NEWCOMER, "bold $accent"))
    if prediction:
        parts.append(section("Predicted", prediction))
    parts += sections(preset)
    if preset.note.strip():
        parts.append(section("Note", flowing(preset.note)))
    parts.append(Content.styled(f"Preset {question.id}, from {question.foreign_origin or PACKAGE}.", "$foreground 60%"))
    return Content("\n\n").join(parts)


def _fault(question: Question) -> Content:
    return Content("\n\n").join(
        [
            Content.styled(f"{question.number}  cannot be read", "bold $error"),
            Content(question.fault),
            Content(f"Mend {question.file.path} and open tp1tui anew; the other questions work."),
        ]
    )
