"""The keys that lead from the bench elsewhere: to a run that they start, to a card, to pictures, to all runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tp1tui.spec.experiment import Switch
from tp1tui.tui.bench.before import needed
from tp1tui.tui.bench.catalog import Question
from tp1tui.tui.screens.bench_page import BenchPage
from tp1tui.tui.switches import no_images, why_not

if TYPE_CHECKING:
    from tp1tui.tui.question.topic import Topic


class OnwardKeys(BenchPage):
    """They go on with the question under the cursor, as it lies on the desk."""

    @property
    def topic(self) -> Topic | None:
        """The question under the cursor, with what is expected of its next run."""
        from tp1tui.tui.question.topic import Topic

        question = self.question
        if question is None or question.preset is None:
            return None

        def predict(text: str) -> None:
            self.desk.predict(question, text)
            self.show()

        return Topic(question.id, question.preset, prediction=self.desk.prediction(question), predict=predict)

    def action_start(self) -> None:
        """Start the experiment as it stands, once its dataset is here, and open its screen."""
        question = self.question
        asked = self.desk.asked(question) if question else None
        look, kind = self.lab.look, needed(asked) if asked else None
        if question is None or asked is None:
            return
        if kind is None or look is None or look.data[kind].state == "ready":
            self._start(question)
            return
        from tp1tui.tui.screens.fetch import FetchScreen

        self.lab.fetching(kind).start()
        self.app.push_screen(FetchScreen(kind, partial(self._start, question)))

    def _start(self, question: Question) -> None:
        """Start it, with what is expected of it."""
        spec = self.desk.spec(question)
        if spec:
            forget = partial(self.desk.predict, question, "")
            self.lab.start(spec, self.desk.device, self.desk.prediction(question), forget)

    def action_pictures(self) -> None:
        """Open training images as the network would get them."""
        question = self.question
        experiment = self.desk.experiment(question) if question else None
        if question is None or experiment is None:
            return
        if reason := no_images(experiment):
            self.notify(reason, severity="warning")
            return
        from tp1tui.tui.screens.pictures import PicturesScreen

        def flip(switch: Switch) -> str | None:
            before = self.desk.experiment(question)
            reason = why_not(before, switch) if before else None
            if not reason:
                self.desk.flip(question, switch)
                self.show()
            return reason

        self.app.push_screen(PicturesScreen(lambda: self.desk.experiment(question), flip))

    def action_runs(self) -> None:
        """The list of runs."""
        from tp1tui.tui.screens.runs import RunsScreen

        self.app.push_screen(RunsScreen())
