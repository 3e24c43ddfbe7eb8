from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp1tui.journal.prediction import LONGEST, expected_top1, freeze, held_against, prediction_of

FIGURES = {
    "72": (71.5, 72.5),
    " 72 % ": (71.5, 72.5),
    "about 72.5 %, and it overfits after 10 epochs": (72.45, 72.55),
    "71 to 74 %": (71, 74),
    "71-74": (71, 74),
    "71 % – 74 %": (71, 74),
    "between 90 and 95 %": (90, 95),
    "between 90 % and 95 %": (90, 95),
    "it ends between 71 and 74.5 percent": (71, 74.5),
    "from 71 to 74 per cent": (71, 74),
    "72 ± 2 %": (70, 74),
    "72 +/- 1.5": (70.5, 73.5),
    "less than 99 %": (0, 99),
    "below 99": (0, 99),
    "< 80%": (0, 80),
    "at most 80 %": (0, 80),
    "no more than 80 %": (0, 80),
    "it does not exceed 80 %": (0, 80),
    "it won't get above 80 %": (0, 80),
    "80 % or less": (0, 80),
    "more than 90 %": (90, 100),
    "better than the report's 71 %": (71, 100),
    "over about 90 %": (90, 100),
    ">= 90": (90, 100),
    "not below 90 %": (90, 100),
    "90 % or better": (90, 100),
    "90+ %": (90, 100),
    "95 % more or less": (94.5, 95.5),
    "3 % better than without, so 75 %": (74.5, 75.5),
    "train 99 %, test 72 %": (71.5, 72.5),
    "72 % on the test set and 99 % on the training set": (71.5, 72.5),
    "over ten epochs it comes to 72 %": (71.5, 72.5),
}
NONE = [
    "",
    "it overfits after 10 epochs",
    "better than 1000 %",
    "74 to 71",
    "half of them",
    "twice 34 at least",
    "3 % better",
    "at least 150 %",
]
BELOW = ("less than", "below", "under", "<", "worse than", "lower than")
AT_MOST = ("at most", "up to", "≤", "not more than", "no better than", "never above")
ABOVE = ("more than", "above", "over", ">", "better than", "higher than")
AT_LEAST = ("at least", "≥", "not less than", "never below")
TENTHS = st.integers(0, 1000).map(lambda tenths: tenths / 10)
REACHED = st.floats(0, 100)


@pytest.mark.parametrize(("text", "bounds"), FIGURES.items())
def test_what_is_expected_on_the_test_set_is_a_figure_a_range_or_a_bound(
    text: str, bounds: tuple[float, float]
) -> None:
    expected = expected_top1(text)
    assert expected is not None
    assert (expected.low, expected.high) == pytest.approx(bounds)


@pytest.mark.parametrize("text", NONE)
def test_other_words_are_a_prediction_without_a_figure(text: str) -> None:
    assert expected_top1(text) is None
    assert held_against(text, 50) is None


@given(text=st.text(), top1=REACHED)
def test_whatever_is_written_is_a_range_or_none(text: str, top1: float) -> None:
    expected = expected_top1(text)
    assert expected is None or expected.low <= expected.high
    assert (held_against(text, top1) is None) == (expected is None)


@given(
    words=st.sampled_from((*BELOW, *AT_MOST, *ABOVE, *AT_LEAST)),
    figure=TENTHS,
    unit=st.sampled_from(("", "%", " %", " percent")),
    top1=st.one_of(REACHED, TENTHS),
)
def test_a_bound_in_words_holds_or_is_missed_on_its_side(words: str, figure: float, unit: str, top1: float) -> None:
    holds = {
        BELOW: top1 < figure,
        AT_MOST: top1 <= figure,
        ABOVE: top1 > figure,
        AT_LEAST: top1 >= figure,
    }[next(side for side in (BELOW, AT_MOST, ABOVE, AT_LEAST) if words in side)]
    held = held_against(f"{words} {figure:g}{unit}", top1)
    assert held is not None
    if holds:
        assert held == ("as predicted", "reproduced")
    else:
        answer, outcome = held
        assert outcome == "missed"
        assert answer.startswith(("above by" if words in BELOW + AT_MOST else "short by", f"exactly {figure:g} %"))


@given(
    ends=st.lists(TENTHS, min_size=2, max_size=2).map(sorted),
    shape=st.sampled_from(
        ("between {} and {} %", "between {} % and {} %", "{}-{} %", "from {} to {}", "I say {} to {} %")
    ),
    top1=REACHED,
)
def test_a_range_in_words_is_the_range(ends: list[float], shape: str, top1: float) -> None:
    low, high = ends
    expected = expected_top1(shape.format(f"{low:g}", f"{high:g}"))
    assert expected is not None
    assert (expected.low, expected.high) == (low, high)
    assert expected.holds(top1) == (low <= top1 <= high)


@given(figure=TENTHS, top1=TENTHS)
def test_how_far_off_it_is_is_what_the_figures_shown_differ_by(figure: float, top1: float) -> None:
    held = held_against(f"{figure:g} %", top1)
    assert held is not None
    answer, outcome = held
    if outcome == "missed":
        assert float(answer.split()[-1]) == pytest.approx(abs(figure - top1))
    else:
        assert abs(figure - top1) <= 0.5


def test_what_was_reached_is_held_against_it() -> None:
    assert held_against("72 %", 72.4) == ("as predicted", "reproduced")
    assert held_against("72 %", 75.5) == ("above by 3.5", "missed")
    assert held_against("71 to 74", 69) == ("short by 2.0", "missed")
    assert held_against("95 %", 88.61) == ("short by 6.4", "missed")
    assert held_against("less than 99 %", 88.61) == ("as predicted", "reproduced")
    assert held_against("between 90 and 95 %", 88.61) == ("short by 1.4", "missed")
    assert held_against("less than 80 %", 80) == ("exactly 80 %", "missed")
    assert held_against("72.25 %", 71.8) == ("short by 0.45", "missed")
    assert held_against("at least 71 %", 70.99) == ("short by 0.01", "missed")


def test_it_is_frozen_beside_what_was_asked_in_one_line(tmp_path: Path) -> None:
    freeze(tmp_path, "  about 72 %,\nnot more ")
    assert (tmp_path / "prediction.md").read_text() == "about 72 %, not more\n"
    assert prediction_of(tmp_path) == "about 72 %, not more"


def test_nothing_expected_leaves_no_file(tmp_path: Path) -> None:
    freeze(tmp_path, " \n")
    assert not list(tmp_path.iterdir())
    assert prediction_of(tmp_path) == ""


@given(content=st.binary())
def test_a_file_of_whatever_content_is_read_as_a_line_or_as_none(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / "prediction.md").write_bytes(content)
    text = prediction_of(folder)
    assert "\n" not in text
    assert len(text) <= LONGEST
