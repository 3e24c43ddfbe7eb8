"""Terms that find runs: what each means, and that anything may be typed."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp1tui.journal.best import Best
from tp1tui.journal.labels import BLANK_LABELS, Labels
from tp1tui.journal.run_filter import KEYS, NUMBERS, STATES, read_filter
from tp1tui.journal.summary import RunSummary

TODAY = date(2026, 11, 25)
RUN = RunSummary(
    id="2026-11-20T10-15-00_cd18-baseline_k3f9",
    path=Path("/runs/2026-11-20T10-15-00_cd18-baseline_k3f9"),
    preset="cd18-baseline",
    title="the baseline",
    state="finished",
    pid=None,
    host="lab",
    device="cuda:1",
    epoch=12,
    epochs=12,
    last_top1=71.2,
    best=Best(9, 99.0, 71.83, None, "test"),
    elapsed=100.0,
    epoch_seconds=8.0,
    started_at=datetime(2026, 11, 20, 10, 15, tzinfo=UTC),
    dataset="cifar10",
    labels=Labels(name="Wide Net", tags=("lr", "best"), note="try it longer"),
)
MEMBER = replace(
    RUN,
    id="2026-11-21T10-15-00_cd16-rate-and-batch_m2p7-01",
    preset="cd16-rate-and-batch",
    sweep="2026-11-21T10-15-00_cd16-rate-and-batch_m2p7",
    state="failed",
    labels=BLANK_LABELS,
    sweep_labels=Labels(name="rates", tags=("week3",)),
    best=None,
    started_at=None,
    path=Path("/runs/2026-11-21T10-15-00_cd16-rate-and-batch_m2p7-01"),
)


def passes(text: str, run: RunSummary = RUN) -> bool:
    found = read_filter(text, TODAY)
    assert found.faults == ()
    return found.passes(run)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "-",
        "baseline",
        "CD18",
        "wide",
        '"wide net"',
        "k3f9",
        "longer",
        "lr",
        "preset:cd18",
        "preset=cd18-baseline",
        "state:finished",
        "state:fin",
        "state=finished",
        "STATE:Finished",
        "dataset:cifar10",
        "dataset:ci",
        "tag:best",
        "tag:be",
        "tag=lr",
        "note:longer",
        'note:"it longer"',
        "device:cuda",
        "host:lab",
        "id:k3f9",
        "kind:run",
        "top1>70",
        "top1>=71.83",
        "top1=71.8",
        "top1:72",
        "top1<71.9%",
        "last<=71.2",
        "epoch=12",
        "epochs>5",
        "date>2026-11-19",
        "date>=2026-11-20",
        "date<=2026-11-20",
        "date<2026-11-21",
        "date:2026-11",
        "date=2026-11-20",
        "date>2026-10",
        "-state:failed",
        "-tag:old",
        "-cd34",
        "-date:today",
        "cd18 top1>70 -tag:old",
    ],
)
def test_the_run_is_found_by(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize(
    "text",
    [
        "cd34",
        "widenet",
        "preset=cd18",
        "state:failed",
        "state:f state:failed",
        "tag=be",
        "top1>71.83",
        "top1=71.9",
        "date>2026-11-20",
        "date<2026-11-20",
        "date:2026-12",
        "date:today",
        "-state:finished",
        "-baseline",
        "cd18 top1>72",
    ],
)
def test_the_run_is_not_found_by(text: str) -> None:
    assert not passes(text)


def test_of_a_member_what_is_written_on_its_sweep_counts_as_well() -> None:
    for text in ("tag:week3", "rates", "sweep:cd16", "kind:sweep", "name:rates", "sweep:m2p7"):
        assert passes(text, MEMBER)
        assert not passes(text)


def test_a_run_without_a_figure_or_a_beginning_is_compared_with_nothing() -> None:
    for text in ("top1>0", "top1<100", "top1=0"):
        assert not passes(text, MEMBER)
    assert passes("-top1>0", MEMBER)
    assert passes("date:2026-11-21", MEMBER)  # as its id tells


def test_a_run_that_has_not_begun_is_queued_while_it_waits_in_line_and_else_unstarted() -> None:
    waits = replace(RUN, state="queued", in_line=True)
    assert passes("state:queued", waits)
    assert not passes("state:unstarted", waits)
    taken_out = replace(waits, in_line=False)
    assert not passes("state:queued", taken_out)
    assert passes("state:unstarted", taken_out)


def test_a_run_that_cannot_be_read_has_a_state_of_its_own() -> None:
    unreadable = replace(RUN, problem="experiment.toml is lost.", state="interrupted")
    assert passes("state:unreadable", unreadable)
    assert not passes("state:interrupted", unreadable)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "state:",
            "state: wants one of queued, running, paused, finished, stopped, failed, interrupted, unstarted, "
            "unreadable.",
        ),
        ("state:lost", "state: wants one of queued,"),
        ("state>finished", "state is a word: write state:queued."),
        ("dataset:svhn", "dataset: wants one of cifar10, mnist, digits, circles."),
        ("tag:", "tag: wants a text after it."),
        ("name>x", "name is a text: write name:x for those that hold it, name=… for it alone."),
        ("top1>", "top1> wants a number, as top1>70."),
        ("top1>high", "top1> wants a number, as top1>70."),
        ("epoch:", "epoch: wants a number, as epoch>5."),
        ("date>", "date wants a day or a month, as 2026-11-25, 2026-11, today or yesterday."),
        ("date>2026-13-01", "date wants a day or a month"),
        ("date:9999-12-31", "date wants a day or a month"),
        ("colour:red", "colour is nothing to look for; there are state, dataset, kind, preset,"),
        ("-state:", "state: wants one of"),
    ],
)
def test_a_term_that_says_nothing_is_told_and_passed_over(text: str, sentence: str) -> None:
    found = read_filter(f"{text} baseline", TODAY)
    (fault,) = found.faults
    assert fault.startswith(sentence)
    assert found.passes(RUN)
    assert not found.passes(MEMBER)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-", "A minus wants a term after it, as in -tag:old."),
        ('"', 'A quote wants a text, as in "two words".'),
        ('""', 'A quote wants a text, as in "two words".'),
        ('-"', 'A quote wants a text, as in "two words".'),
    ],
)
def test_signs_alone_ask_nothing_yet(text: str, sentence: str) -> None:
    found = read_filter(f"{text} baseline", TODAY) if text == "-" else read_filter(f"baseline {text}", TODAY)
    assert (found.faults, found.unfinished) == ((), (sentence,))
    assert found.passes(RUN)
    assert not found.passes(MEMBER)


def test_quotes_keep_signs_together() -> None:
    assert read_filter('"http://lab"', TODAY).faults == ()
    assert passes('"ratio: 1"', replace(RUN, labels=Labels(note="the ratio: 1 to 3")))


@given(st.text() | st.lists(st.sampled_from([*KEYS, ":", ">", "<=", "-", '"', " ", "7", "today", "x"])).map("".join))
def test_whatever_is_typed_is_a_filter_and_its_faults_are_sentences(text: str) -> None:
    found = read_filter(text, TODAY)
    assert isinstance(found.passes(RUN), bool)
    assert isinstance(found.passes(MEMBER), bool)
    assert all(fault.endswith(".") for fault in found.faults)


TERMS = st.one_of(
    st.sampled_from(["cd18", "wide", "tag:best", "note:x", "sweep:cd16", "date>2026-11-20", "date:today", "kind:run"]),
    st.sampled_from(STATES).map("state:{}".format),
    st.builds("{}{}{}".format, st.sampled_from(list(NUMBERS)), st.sampled_from([">", "<=", "="]), st.integers(0, 99)),
)


@given(TERMS, st.sampled_from([RUN, MEMBER]))
def test_a_minus_turns_a_term_round(term: str, run: RunSummary) -> None:
    assert passes(f"-{term}", run) != passes(term, run)


@given(st.lists(TERMS, max_size=4), st.sampled_from([RUN, MEMBER]))
def test_a_run_is_found_that_passes_every_term_in_whatever_order(terms: list[str], run: RunSummary) -> None:
    assert passes(" ".join(terms), run) == all(passes(term, run) for term in terms)
    assert passes("  ".join(reversed(terms)), run) == passes(" ".join(terms), run)


@given(
    st.sampled_from([(">", operator.gt), (">=", operator.ge), ("<", operator.lt), ("<=", operator.le)]),
    st.floats(0, 100),
    st.floats(0, 100),
)
def test_numbers_are_compared_as_numbers(
    sign: tuple[str, Callable[[float, float], bool]], number: float, wanted: float
) -> None:
    run = replace(RUN, best=Best(1, 0.0, number, None, "test"))
    assert passes(f"top1{sign[0]}{wanted!r}", run) == sign[1](number, wanted)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_days_are_compared_as_days(begun: date, day: date) -> None:
    run = replace(RUN, started_at=datetime(begun.year, begun.month, begun.day, 23, 59, tzinfo=UTC))
    for sign, compare in ((">", operator.gt), (">=", operator.ge), ("<", operator.lt), ("<=", operator.le)):
        assert passes(f"date{sign}{day}", run) == compare(begun, day)
    assert passes(f"date:{day:%Y-%m}", run) == ((begun.year, begun.month) == (day.year, day.month))


@given(st.from_regex(r"[a-zé ]{1,12}", fullmatch=True))
def test_quoted_words_are_found_as_they_stand(words: str) -> None:
    run = replace(RUN, labels=Labels(note=f"a {words} b"))
    assert passes(f'"{re.sub(" +", " ", words).strip()}"', run)
