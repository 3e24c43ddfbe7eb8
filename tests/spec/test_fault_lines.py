from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.spec.toml_writer import STYLES, Styles, write
from tests.spec.whole import PAGE, error_of
from tp1tui.spec.model_keys import Keys
from tp1tui.spec.toml_text import path_in_words

FREE_TEXT = {("title",), ("question",), ("report", "text")}


def leaves(value: Any, keys: Keys = ()) -> list[Keys]:
    """Every key path of a page that leads to a value and not to more keys."""
    if isinstance(value, dict):
        return [path for key, inner in value.items() for path in leaves(inner, (*keys, key))]
    if isinstance(value, list):
        return [path for number, inner in enumerate(value) for path in leaves(inner, (*keys, number))]
    return [keys]


def tables(value: Any, keys: Keys = ()) -> list[Keys]:
    """Every key path of a page that leads to more keys."""
    if isinstance(value, list):
        return [path for number, inner in enumerate(value) for path in tables(inner, (*keys, number))]
    if isinstance(value, dict):
        return [keys, *(path for key, inner in value.items() for path in tables(inner, (*keys, key)))]
    return []


def put(keys: Keys, value: object) -> dict[str, Any]:
    """The whole preset with one value put in."""
    page = copy.deepcopy(PAGE)
    place: Any = page
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    return page


@given(keys=st.sampled_from([keys for keys in leaves(PAGE) if keys not in FREE_TEXT]), choose=STYLES)
def test_a_wrong_value_is_told_with_its_own_line(scratch: Path, keys: Keys, choose: Styles) -> None:
    text, lines = write(put(keys, "WRONG!"), choose)
    error = error_of(scratch, text)
    assert [(fault.keys, fault.line) for fault in error.faults] == [(keys, lines[keys])]
    assert f'mine.toml, line {lines[keys]}: {path_in_words(error.faults[0].path, keys)} is "WRONG!"' in str(error)


@given(keys=st.sampled_from(tables(PAGE)), choose=STYLES)
def test_an_unknown_key_is_told_with_its_own_line_and_those_allowed_beside_it(
    scratch: Path, keys: Keys, choose: Styles
) -> None:
    unknown = (*keys, "zzz.z")
    text, lines = write(put(unknown, 1), choose)
    error = error_of(scratch, text)
    assert [(fault.keys, fault.line) for fault in error.faults] == [(unknown, lines[unknown])]
    assert f"{path_in_words(error.faults[0].path, unknown)} is not a known key. Allowed here: " in str(error)


@given(choose=STYLES)
def test_a_missing_key_is_told_with_the_line_of_the_table_that_lacks_it(scratch: Path, choose: Styles) -> None:
    page = copy.deepcopy(PAGE)
    del page["experiment"]["optimizer"]["lr"]
    text, lines = write(page, choose)
    (fault,) = error_of(scratch, text).faults
    assert (fault.path, fault.message) == ("experiment.optimizer.lr", "is missing")
    assert fault.line == lines["experiment", "optimizer"]
