"""Losses and hits of several networks that train together, counted at once and handed to each member's own meter."""

from __future__ import annotations

from torch import Tensor

from tp1tui.engine.meter import Meter, Uncounted


class MemberMeter(Meter):
    """A member's meter: before anything is read from it, its stack counts what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: StackMeter | None = None
        """None while the member trains alone."""

    def settle(self) -> None:
        """As `Meter.settle`."""
        if self.stack is not None:
            self.stack.count()
        super().settle()


class StackMeter(Uncounted):
    """Takes every batch's losses and hits of all members without waiting for the device."""

    def __init__(self, meters: list[MemberMeter]) -> None:
        super().__init__(self._hand_out)
        self._meters = meters
        for meter in meters:
            meter.stack = self

    def _hand_out(self, size: int, of_all: Tensor) -> None:
        """Give each member's meter its own of what was counted, [3, batches * M], in turn."""
        for number, meter in enumerate(self._meters):
            meter.add_counted(size, of_all[:, number :: len(self._meters)])
