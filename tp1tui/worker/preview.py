"""A process that draws training images as the network gets them: one JSON line in, one or more out, until stdin ends.

Asked `{"experiment": …, "count": 6, "epoch": 1}`, it answers `{"grids": […], "note": "…"}`, first the images as they
are, then as the network gets them; or `{"problem": "…"}`. `{"doing": "…"}` may come before. It never downloads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from tp1tui import settings
from tp1tui.data.arrays import Examples
from tp1tui.data.load import load
from tp1tui.data.pictures import colours
from tp1tui.data.preview import preview
from tp1tui.data.store import Store
from tp1tui.spec.experiment import Experiment
from tp1tui.worker.failure import reason_for

AS_THEY_ARE, AS_SEEN = "as they are", "as the network gets them"
"""The groups of grids."""
Say = Callable[[dict[str, Any]], None]


def main() -> int:
    """Answer until nobody asks any more. Returns the process's exit code."""
    out, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints is no answer
    answer_all(sys.stdin, out, settings.data_dir())
    return 0


def answer_all(asked: Iterable[str], out: TextIO, data_dir: Path) -> None:
    """Answer each line; for the form of lines see the head of this file.

    Args:
        asked: Lines of JSON.
        out: Where the answers go.
        data_dir: The folder of datasets.
    """

    def say(answer: dict[str, Any]) -> None:
        out.write(json.dumps(answer) + "\n")
        out.flush()

    painter = _Painter(data_dir, say)
    for line in asked:
        painter.answer(line)


class _Painter:
    """Keeps the examples of the dataset that was asked for last."""

    def __init__(self, data_dir: Path, say: Say) -> None:
        self._store = Store(data_dir)
        self._data_dir = data_dir
        self._say = say
        self._held: tuple[object, Examples] | None = None

    def answer(self, line: str) -> None:
        experiment = None
        try:
            request = json.loads(line)
            experiment = Experiment.model_validate(request["experiment"])
            self._say(self._drawn(experiment, int(request["count"]), int(request["epoch"])))
        except (ValidationError, KeyError, TypeError, json.JSONDecodeError):
            self._say({"problem": "What was asked for cannot be read: this is a fault of tp1tui."})
        except ValueError as error:
            self._say({"problem": str(error)})
        except Exception as error:  # whatever it is, who asked must be told
            self._say({"problem": reason_for(error, experiment)})

    def _drawn(self, experiment: Experiment, count: int, epoch: int) -> dict[str, Any]:
        kind = experiment.dataset.kind
        if kind in ("cifar10", "mnist") and not self._store.is_complete(kind):
            title = experiment.facts.title
            return {"problem": f"{title} is not here yet. A start downloads it, or: tp1tui data fetch {kind}"}
        shown = preview(
            experiment,
            self._examples(experiment),
            count,
            epoch,
            self._data_dir / "zca",
            lambda what: self._say({"doing": what}),
        )
        grids = [
            colours(label, image, group=group)
            for group, images, labels in (
                (AS_THEY_ARE, shown.originals, shown.labels),
                (AS_SEEN, shown.seen, shown.seen_labels),
            )
            for image, label in zip(images, labels, strict=True)
        ]
        return {"grids": [grid.model_dump(mode="json") for grid in grids], "note": shown.rule}

    def _examples(self, experiment: Experiment) -> Examples:
        wanted = (experiment.dataset, experiment.seed)
        if self._held is None or self._held[0] != wanted:
            self._held = (wanted, load(*wanted, self._store, lambda progress: None))
        return self._held[1]


if __name__ == "__main__":
    sys.exit(main())
