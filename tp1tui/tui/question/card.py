"""What every question has on its card: what is asked, what to try and to look for, what the report found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tp1tui.spec.numbers import epoch_count, percent
from tp1tui.spec.preset import Card
from tp1tui.tui.words import flowing, numbered, report_text

if TYPE_CHECKING:
    from tp1tui.journal.figures import Figures


def sections(card: Card) -> list[Content]:
    """The question, and a part each with its heading for what to try, to look for, and what the report found."""
    texts = {
        "Try": numbered(card.to_try),
        "Look for": flowing(card.look_for),
        "The report found": report_text(card.report),
    }
    parts = [section(heading, text) for heading, text in texts.items() if text]
    return [Content(flowing(card.question)), *parts]


def section(heading: str, text: str) -> Content:
    """A text under its heading."""
    return Content.assemble((heading, "bold"), "\n", text)


def card_text(name: str, card: Card, prediction: str, reached: Sequence[Figures]) -> Content:
    """The whole card.

    Args:
        name: The question's number or id.
        card: Its texts.
        prediction: What is expected of the next run, or was of this one; empty where nothing is.
        reached: Runs whose figures stand beside it.
    """
    from tp1tui.journal.prediction import held_against

    parts = [Content.styled(f"{name}  {card.title}", "bold $primary"), *sections(card)]
    if prediction:
        held = held_against(prediction, reached[0].last_top1[1]) if len(reached) == 1 else None
        parts.append(section("Predicted", f"{prediction}\n{held[0].capitalize()}." if held else prediction))
    if reached:
        parts.append(section("Reached", "\n".join(map(_in_words, reached))))
    if card.note.strip():
        parts.append(section("Note", flowing(card.note)))
    return Content("\n\n").join(parts)


def _in_words(row: Figures) -> str:
    train, test = map(percent, row.last_top1)
    return f"{row.changed or row.run}: train {train}, test {test} after {epoch_count(row.epochs)}; {row.best.words}."
