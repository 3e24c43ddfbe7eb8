"""All answers as one Markdown document, to be handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tp1tui.journal.figures import Figures, table
from tp1tui.tui.bench.catalog import section_title
from tp1tui.tui.words import flowing


@dataclass(frozen=True)
class Answered:
    """A question with its answer."""

    id: str
    """Of the preset."""
    section: str
    """The folder that it lies in; empty where it is not here."""
    title: str
    question: str
    answer: str
    reached: Sequence[Figures]
    """Of its runs."""


def document(answers: Sequence[Answered]) -> str:
    """One document, with a heading for every section and every question.

    Args:
        answers: In the order in which they are to stand.
    """
    parts = ["# Answers"]
    section: str | None = None
    for answered in answers:
        if answered.section != section:
            section = answered.section
            parts.append(f"## {section_title(section)}")
        parts += _question(answered)
    return "\n\n".join(parts) + "\n"


def _question(answered: Answered) -> list[str]:
    parts = [f"### {answered.id}{f': {answered.title}' if answered.title else ''}"]
    if answered.question.strip():
        parts.append("\n>\n".join(f"> {paragraph}" for paragraph in flowing(answered.question).split("\n\n")))
    parts.append(answered.answer.strip("\r\n"))
    if answered.reached:
        parts.append(table(answered.reached).rstrip("\n"))
    parts += [f"Predicted of {row.run}: {row.prediction}" for row in answered.reached if row.prediction]
    return parts
