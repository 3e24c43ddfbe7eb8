"""What `tp1tui answers` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tp1tui.cli import show
from tp1tui.cli.errors import CannotDo
from tp1tui.cli.presets import library
from tp1tui.journal.answers import AnswerError, Answers, word_count
from tp1tui.journal.atomic import replacing
from tp1tui.journal.figures import Figures, figures
from tp1tui.journal.folder import RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.listing import list_runs, run_folders
from tp1tui.journal.prediction import prediction_of
from tp1tui.tui.bench.catalog import Question, read_questions
from tp1tui.tui.question.document import Answered, document


@dataclass(frozen=True)
class _Standing:
    """How far a person is with a question."""

    question: str
    """Id of its preset."""
    tried: int
    """Runs of it."""
    answered: bool
    words: int
    path: Path
    """Where its answer is, or would be."""
    problem: str = ""
    """Why it cannot be read, as a sentence."""


def show_answers(runs_dir: Path, *, as_json: bool) -> None:
    """Which questions were tried and which are answered."""
    answers = Answers(runs_dir)
    tried = Counter(run.preset for run in list_runs(runs_dir) if run.preset)
    ids = _in_order([question.id for question in read_questions(library())], answers)
    standings = [_standing(answers, id, tried[id]) for id in ids if tried[id] or id in answers.written()]
    if as_json:
        show.as_json([asdict(standing) for standing in standings])
        return
    if not standings:
        show.sentence(
            f"No question was tried or answered in {runs_dir.absolute()}. On the bench, A opens a question's card with "
            "the place for an answer."
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("question", "tried", "answered", "words"):
        table.add_column(heading, justify="right" if heading in ("tried", "words") else "left", no_wrap=True)
    for standing in standings:
        words = str(standing.words) if standing.answered else ""
        table.add_row(Text(standing.question), str(standing.tried), "yes" if standing.answered else "no", words)
    show.rich(table)
    answered = sum(standing.answered for standing in standings)
    show.sentence(f"{answered} of {len(ids)} questions {'is' if answered == 1 else 'are'} answered.")
    for standing in standings:
        if standing.problem:
            show.error(standing.problem)


def export_answers(runs_dir: Path, to: Path) -> None:
    """Write one document and say where.

    Raises:
        CannotDo: There is no answer, or a file of that name.
        AnswerError: An answer cannot be read.
        OSError: The document cannot be written.
    """
    answers = Answers(runs_dir)
    if not answers.written():
        raise CannotDo(f"There are no answers in {answers.folder.absolute()} yet.")
    if to.exists():
        raise CannotDo(f"{to} is there already; name another file, or remove it.")
    text = document(list(_answered(answers, runs_dir)))
    try:
        with replacing(to) as file:
            file.write(text)
    except OSError as error:  # which names a draft of the file
        raise CannotDo(f"{to} cannot be written: {error.strerror}.") from None
    many = len(answers.written())
    show.sentence(f"{many} answers are in {to}." if many > 1 else f"1 answer is in {to}.")


def _answered(answers: Answers, runs_dir: Path) -> Iterator[Answered]:
    questions = {question.id: question for question in read_questions(library())}
    reached = _reached(runs_dir, answers)
    for id in _in_order(list(questions), answers):
        if id in answers.written():
            yield _of(questions.get(id), id, answers, reached.get(id, []))


def _of(question: Question | None, id: str, answers: Answers, reached: list[Figures]) -> Answered:
    card = question.preset if question else None
    return Answered(
        id=id,
        section=question.file.section if question else "",
        title=card.title if card else "",
        question=card.question if card else "",
        answer=answers.read(id).text,
        reached=reached,
    )


def _reached(runs_dir: Path, answers: Answers) -> dict[str, list[Figures]]:
    """The figures of the runs of every answered question, the oldest first; what cannot be read is left out."""
    found: dict[str, list[Figures]] = {}
    for folder in reversed(run_folders(runs_dir)):
        try:
            spec = folder.spec()
        except RunFolderError:
            continue
        if spec.training is None or spec.preset not in answers.written():
            continue
        follower = Follower(folder)
        follower.poll()
        row = figures(folder.id, spec.training, follower.record, prediction_of(folder.path))
        if row:
            found.setdefault(spec.preset, []).append(row)
    return found


def _standing(answers: Answers, id: str, tried: int) -> _Standing:
    path = answers.path(id)
    try:
        words = word_count(answers.read(id).text)
    except AnswerError as error:
        return _Standing(id, tried, answered=True, words=0, path=path, problem=str(error))
    return _Standing(id, tried, answered=words > 0, words=words, path=path)


def _in_order(ids: list[str], answers: Answers) -> list[str]:
    """Questions in the subject's order, and then those whose presets are not here."""
    return [*ids, *sorted(answers.written() - set(ids))]
