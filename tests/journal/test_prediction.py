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
}
NONE = ["", "it overfits after 10 epochs", "better than 1000 %", "74 to 71", "half of them", "twice 34 at least"]


@pytest.mark.parametrize(("text", "bounds"), FIGURES.items())
def test_a_figure_in_percent_or_alone_is_what_is_expected_on_the_test_set(
    text: str, bounds: tuple[float, float]
) -> None:
    assert expected_top1(text) == pytest.approx(bounds)


@pytest.mark.parametrize("text", NONE)
def test_other_words_are_a_prediction_without_a_figure(text: str) -> None:
    assert expected_top1(text) is None
    assert held_against(text, 50) is None


@given(text=st.text())
def test_whatever_is_written_is_a_range_or_none(text: str) -> None:
    bounds = expected_top1(text)
    assert bounds is None or bounds[0] <= bounds[1]


def test_what_was_reached_is_held_against_it() -> None:
    assert held_against("72 %", 72.4) == ("as predicted", "reproduced")
    assert held_against("72 %", 75.5) == ("above by 3.0", "missed")
    assert held_against("71 to 74", 69) == ("short by 2.0", "missed")


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
