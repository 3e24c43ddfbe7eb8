"""What the screens with overlaid curves share: which figure they show, on what, over what and how smooth."""

from __future__ import annotations

from typing import ClassVar

from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.overlay.metric import METRICS, Metric
from tp1tui.tui.overlay.smoothing import narrower, wider
from tp1tui.tui.screens.following import FollowingPage


class OverlayKeys(FollowingPage):
    """A screen with overlaid curves. Which keys do this is its subclass's affair."""

    CHOICES: ClassVar[tuple[Metric, ...]] = tuple(METRICS)
    """Metrics that take turns."""
    aspect = Aspect()

    @property
    def has_validation(self) -> bool:
        """Whether figures on a validation set are there to be looked at."""
        raise NotImplementedError

    @property
    def has_batches(self) -> bool:
        """Whether each batch is there to be looked at."""
        return False

    def look_at(self, aspect: Aspect) -> None:
        """Look at the curves in another way."""
        raise NotImplementedError

    def recall(self) -> None:
        """Look at losses on the scale that the person looked at last, on whichever screen that was."""
        if self.lab.preferences.log_y and "loss" not in self.aspect.logs:
            self.aspect = self.aspect.with_log_turned("loss")

    def turn_log(self, metric: Metric) -> None:
        """Look at a metric on a log scale, or on a linear one again; of losses, that is remembered."""
        self.look_at(self.aspect.with_log_turned(metric))
        if metric == "loss":
            self.lab.prefer(log_y="loss" in self.aspect.logs)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what would change nothing."""
        match action:
            case "smooth_more":
                return wider(self.aspect.weight) != self.aspect.weight
            case "smooth_less":
                return self.aspect.weight > 0
        return super().check_action(action, parameters)

    def action_metric(self) -> None:
        """Another figure."""
        self.look_at(self.aspect.with_next_metric(self.CHOICES))

    def action_split(self) -> None:
        """On another set, or of each batch."""
        self.look_at(self.aspect.with_next_split(validation=self.has_validation, batches=self.has_batches))

    def action_over(self) -> None:
        """Over epochs, steps, seconds of training or wall time."""
        self.look_at(self.aspect.with_next_over())

    def action_smooth_more(self) -> None:
        """Smooth the curves more; what they were stays behind them, faint."""
        self.look_at(self.aspect.with_weight(wider(self.aspect.weight)))

    def action_smooth_less(self) -> None:
        """Smooth the curves less, in the end not at all."""
        self.look_at(self.aspect.with_weight(narrower(self.aspect.weight)))
