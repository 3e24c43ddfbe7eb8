from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from tests.spec.toml_writer import STYLES, Page, Styles, write
from tp1tui.spec.toml_lines import depth_and_line

NAMES = st.sampled_from(["a", "b", "lr", "0", "1", "a.b", "é", "two words", 'q"q', "it's", "a#b", "[x]", ""])
LEAVES = st.none().map(lambda _: "text # [no] comment = 1") | st.integers(-9, 9) | st.booleans()
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
PAGES = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


@given(page=PAGES, choose=STYLES)
def test_every_key_is_found_on_its_line_however_it_is_written(page: Page, choose: Styles) -> None:
    text, lines = write(page, choose)
    assert tomllib.loads(text) == page  # or the writer is wrong
    for keys, line in lines.items():
        assert depth_and_line(text, keys) == (len(keys), line)
        assert depth_and_line(text, (*keys, "not there", "at all")) == (len(keys), line)


def test_a_key_that_is_nowhere_has_no_line() -> None:
    assert depth_and_line("a = 1", ("b",)) == (0, None)
    assert depth_and_line("", ("a",)) == (0, None)


def test_lists_of_tables_inside_each_other_are_counted_apart() -> None:
    text = "[[a]]\n[[a.b]]\n[[a.b]]\nx = 1\n[[a]]\n[[a.b]]\nx = 2\n[a.b.c]\ny = 3\n"
    assert depth_and_line(text, ("a", 0, "b", 1, "x")) == (5, 4)
    assert depth_and_line(text, ("a", 1, "b", 0, "x")) == (5, 7)
    assert depth_and_line(text, ("a", 1, "b", 0, "c", "y")) == (6, 9)


def test_texts_over_several_lines_do_not_shift_what_follows() -> None:
    text = "a = \"\"\"\nb = 1\n[c]\n\"\"\"\nb = '''\n\n'''\nc = 1\n"
    assert depth_and_line(text, ("b",)) == (1, 5)
    assert depth_and_line(text, ("c",)) == (1, 8)
