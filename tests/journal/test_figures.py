from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import make_run
from tp1tui.journal.best import Best
from tp1tui.journal.figures import Figures, figures, is_of_table, line, table
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.follow import Follower

ROW = Figures("cd18-baseline_k3f9", "optimizer.lr = 0.03", 30, (99.25, 72.41), Best(8, 84.0, 73.07, None, "test"))


def of(folder: RunFolder) -> Figures | None:
    follower = Follower(folder)
    follower.poll()
    return figures(folder.id, folder.training_spec(), follower.record)


def test_a_table_has_a_heading_a_rule_and_a_line_a_run() -> None:
    assert table([ROW, replace(ROW, run="b", changed="")]) == (
        "| run | changed | epochs | last train / test | best train / test |\n"
        "| --- | --- | ---: | ---: | ---: |\n"
        "| cd18-baseline_k3f9 | optimizer.lr = 0.03 | 30 | 99.2 / 72.4 % | 84.0 / 73.1 % in epoch 8 "
        "(chosen on test) |\n"
        "| b |  | 30 | 99.2 / 72.4 % | 84.0 / 73.1 % in epoch 8 (chosen on test) |\n"
    )
    assert table([]) == ""


@given(run=st.text(alphabet="ab|_ "), changed=st.text(alphabet="ab|= "))
def test_every_line_has_as_many_cells_as_the_heading_and_is_known_as_one_of_the_table(run: str, changed: str) -> None:
    row = replace(ROW, run=run, changed=changed)
    assert all(is_of_table(text) for text in table([row]).splitlines())
    assert is_of_table(line(row))
    assert not is_of_table("| another | table |")


def test_a_run_gives_its_last_epoch_and_its_best_and_none_before_its_first(tmp_path: Path) -> None:
    done = of(make_run(tmp_path, epochs=12, settings=["optimizer.lr=0.03"]))
    assert done is not None
    assert (done.epochs, done.changed) == (12, "optimizer.lr = 0.03, epochs = 12")
    assert done.best.test_top1 >= done.last_top1[1]
    assert of(make_run(tmp_path, state="queued", seed=1)) is None
