"""What is said of a dataset that is fetched: what it is, how far it has come, what to do where it cannot be had."""

from __future__ import annotations

from tp1tui.spec.dataset import FACTS, DatasetKind
from tp1tui.spec.numbers import count, duration, size
from tp1tui.tui.fetching import Fetching
from tp1tui.tui.run.lines import Line, Tone, bar, fitted, wrapped

DOWNLOAD_MB: dict[DatasetKind, int] = {"cifar10": 170, "mnist": 12}
"""About; it depends on who has it."""
_WHAT: dict[DatasetKind, str] = {
    "cifar10": "colour photographs of 32x32 pixels, in ten classes from airplane to truck",
    "mnist": "handwritten digits of 28x28 pixels",
}
_BY_HAND: dict[DatasetKind, str] = {
    "cifar10": "cifar-10-binary.tar.gz, from www.cs.toronto.edu/~kriz",
    "mnist": "the four MNIST files, train-images-idx3-ubyte.gz and so on",
}
LONGEST_BAR = 60
_FOR_THE_SHELL = "Two ways out: "
"""Begins what a failure says to somebody in a shell."""


def fetch_lines(fetching: Fetching, width: int) -> list[Line]:
    """All there is to say, in lines of at most `width` cells."""
    facts = FACTS[fetching.kind]
    what = (
        f"{facts.title}: {count(facts.train + facts.test)} {_WHAT[fetching.kind]}. About "
        f"{DOWNLOAD_MB[fetching.kind]} MB to download, once; every byte is checked. It is kept in "
        f"{fetching.store.folder(fetching.kind)}."
    )
    return [*wrapped(what, None, width), (), *_standing(fetching, width)]


def _standing(fetching: Fetching, width: int) -> list[Line]:
    match fetching.state:
        case "waiting":
            return _waiting(fetching, width)
        case "running":
            return _under_way(fetching, width)
        case "stopped":
            return wrapped("Stopped. What came is kept: Enter goes on from there.", Tone.WARN, width)
        case "failed":
            return [*_failed(fetching, width), (), *by_hand(fetching.kind, width)]
        case "done":
            return wrapped(f"{FACTS[fetching.kind].title} is here, whole and checked.", Tone.GOOD, width)


def _waiting(fetching: Fetching, width: int) -> list[Line]:
    status = fetching.store.status(fetching.kind)
    if status.state == "ready":
        return wrapped("It is here already; Enter looks whether every byte is right.", Tone.GOOD, width)
    if status.state == "partial":
        return wrapped(f"{size(status.bytes)} are here; Enter goes on from there.", Tone.STRONG, width)
    now = "Enter fetches it now; you can go on to the bench meanwhile. Esc leaves it for later."
    return [*wrapped(now, Tone.STRONG, width), (), *by_hand(fetching.kind, width)]


def _under_way(fetching: Fetching, width: int) -> list[Line]:
    progress = fetching.progress
    what = f"{progress.what[:1].upper()}{progress.what[1:]}" if progress else "Looking what is here"
    lines = wrapped(f"{'Stopping: ' if fetching.is_stopping else ''}{what} …", None, width)
    if progress is None or not progress.total:
        return [*lines, ()]
    speed, left = fetching.speed, fetching.seconds_left
    figures: list[Line] = [
        ((f"{progress.done / progress.total:4.0%}", Tone.STRONG),),
        ((f"{size(progress.done)} of {size(progress.total)}", None),),
    ]
    if speed:
        figures.append(((f"{size(int(speed))}/s", None),))
    if left is not None:
        figures.append(((f"{duration(left)} left", Tone.STRONG),))
    return [*lines, bar(progress.done / progress.total, min(LONGEST_BAR, width)), fitted(figures, width)]


def _failed(fetching: Fetching, width: int) -> list[Line]:
    """Why, and that another try costs nothing; what to say in a shell stands below in words for this screen."""
    told = [part for part in fetching.problem.splitlines() if not part.startswith(_FOR_THE_SHELL)]
    lines = [line for part in told for line in wrapped(part, Tone.BAD, width)]
    return [*lines, *wrapped("Enter tries once more, and goes on from what came.", Tone.STRONG, width)]


def by_hand(kind: DatasetKind, width: int) -> list[Line]:
    """How to bring a dataset without a network."""
    sentences = (
        f"Without a network: copy {_BY_HAND[kind]}, to this machine and say there: tp1tui data import PATH",
        "Circles and digits need no download: part A-B of the bench, and what stands under Start here.",
    )
    return [line for sentence in sentences for line in wrapped(sentence, Tone.DIM, width)]
