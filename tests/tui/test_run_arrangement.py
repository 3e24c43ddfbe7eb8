from __future__ import annotations

import pytest

from tp1tui.tui.run.arrangement import PLOTS, Pane, arrangement


@pytest.mark.parametrize(
    ("size", "layers", "panes"),
    [
        ((80, 24), None, ("loss",)),
        ((80, 24), True, ("side",)),
        ((80, 50), None, PLOTS),
        ((80, 50), True, ("loss", "accuracy", "side")),
        ((120, 24), None, ("loss", "accuracy")),
        ((120, 24), True, ("side",)),
        ((120, 40), None, PLOTS),
        ((120, 40), True, ("loss", "accuracy", "side")),
        ((200, 24), None, ("loss", "accuracy", "side")),
        ((200, 60), None, (*PLOTS, "side")),
        ((200, 60), False, PLOTS),
    ],
)
def test_what_fits_is_shown(size: tuple[int, int], layers: bool | None, panes: tuple[Pane, ...]) -> None:
    assert arrangement(*size, None, layers=layers).panes == panes


@pytest.mark.parametrize("size", [(80, 24), (80, 50), (120, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("pane", PLOTS)
def test_a_chosen_plot_is_in_front(size: tuple[int, int], pane: Pane) -> None:
    assert arrangement(*size, pane, layers=False).panes == (pane,)


def test_only_where_one_pane_fits_there_are_tabs() -> None:
    assert arrangement(80, 24, None, layers=None).one_at_a_time
    assert not arrangement(120, 24, None, layers=None).one_at_a_time
