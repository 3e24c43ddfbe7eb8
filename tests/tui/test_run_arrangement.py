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


@pytest.mark.parametrize("size", [(80, 24), (80, 50), (120, 24), (120, 40), (200, 24), (200, 60)])
def test_while_there_are_no_curves_the_batches_are_in_sight_everywhere(size: tuple[int, int]) -> None:
    assert "batches" in arrangement(*size, None, layers=None, batches_first=True).panes
    assert arrangement(*size, "loss", layers=False, batches_first=True).panes == ("loss",)


@pytest.mark.parametrize("size", [(80, 24), (80, 50), (120, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("pane", PLOTS)
def test_a_chosen_plot_is_in_front(size: tuple[int, int], pane: Pane) -> None:
    assert arrangement(*size, pane, layers=False).panes == (pane,)


def test_only_where_one_pane_fits_there_are_tabs() -> None:
    assert arrangement(80, 24, None, layers=None).one_at_a_time
    assert not arrangement(120, 24, None, layers=None).one_at_a_time


def test_the_device_stands_under_the_layers_where_there_is_room_and_can_be_brought_to_the_front() -> None:
    assert arrangement(200, 60, None, layers=None, has_device=True).panes == (*PLOTS, "side", "device")
    assert "device" not in arrangement(200, 40, None, layers=None, has_device=True).panes
    assert "device" not in arrangement(160, 60, None, layers=None, has_device=True).panes
    assert arrangement(80, 24, "device", layers=False).panes == ("device",)
    with_boundary = arrangement(200, 60, None, layers=None, has_boundary=True, has_device=True)
    assert with_boundary.panes == (*PLOTS, "boundary", "side", "device")
