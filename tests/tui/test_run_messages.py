from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.runs import look_at, words
from tp1tui.journal.events import LOST, REFUSED, Event, Paused, Preparing, Probed, Resumed, Warned
from tp1tui.journal.lines import Damage
from tp1tui.spec.live import ProbeOf
from tp1tui.tui.run.look import Look
from tp1tui.tui.run.messages import REFUSAL_STANDS, message_lines


def said(look: object, not_finite: int | None = None, width: int = 78) -> str:
    return "\n".join(words(message_lines(look, width, not_finite)))  # type: ignore[arg-type]


def test_when_all_is_well_nothing_is_said(tmp_path: Path) -> None:
    assert said(look_at(tmp_path, epochs=4)) == ""


def test_a_failure_says_why(tmp_path: Path) -> None:
    assert "Failed: The GPU ran out of memory. Take a smaller batch_size." in said(look_at(tmp_path, "failed"))


def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path) -> None:
    assert "r goes on from the last checkpoint" in said(look_at(tmp_path, "interrupted"))


def test_a_download_shows_how_far_it_is(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=4)
    look.record.apply(
        Preparing(time=0, step=0, what="fetching CIFAR-10 from the mirror", done=85_000_000, total=170_000_000)
    )
    lines = words(message_lines(look, 78, None))
    assert lines[0] == "Fetching CIFAR-10 from the mirror"
    assert "50%  85 MB of 170 MB" in lines[1]
    assert len(words(message_lines(look, 120, None))) == 1


def test_preparing_without_a_size_shows_no_bar(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=4)
    look.record.apply(Preparing(time=0, step=0, what="measuring the untrained network"))
    assert said(look) == "Measuring the untrained network …"


def test_a_loss_that_is_not_finite_is_said(tmp_path: Path) -> None:
    assert "not finite from step 1,234 on" in said(look_at(tmp_path, epochs=4), 1234)


def test_the_latest_warnings_and_damages_are_said(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=4)
    for number in range(4):
        look.record.apply(Warned(time=0, step=0, message=f"Warning {number}."))
        look.record.apply(Damage("its checksum does not match", line=number))
    text = said(look)
    assert "Warning 3." in text
    assert "Warning 1." not in text
    assert "Line 3 of the journal is damaged" in text
    assert "3 more" in text


def test_a_worker_that_does_not_answer_is_said(tmp_path: Path) -> None:
    look = replace(look_at(tmp_path, epochs=4), problem="Nothing has happened yet (pausing).")
    assert "Nothing has happened yet" in said(look)


def test_a_sign_that_the_worker_gave_of_a_loss_that_is_not_finite_is_not_repeated(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=4)
    sign = "The loss is not finite from step 1,234 (epoch 4) on: the weights have grown without bound."
    look.record.apply(Warned(time=0, step=1300, message=sign, topic="not-finite", epoch=4))
    assert said(look, 1234, width=200) == sign


def test_overfitting_is_said_only_of_the_epoch_that_bears_the_mark(tmp_path: Path) -> None:
    look = look_at(tmp_path, "finished", epochs=12)
    lowest = look.record.lowest_loss
    assert lowest is not None
    for epoch in (lowest.epoch, lowest.epoch - 1):
        message = f"Overfitting begins at epoch {epoch}."
        look.record.apply(Warned(time=0, step=0, message=message, topic="overfitting", epoch=epoch))
    assert said(look) == f"Overfitting begins at epoch {lowest.epoch}."


NO_EXAMPLE = "There is no test example 5000: the test set has 360, counted from 1."


def refused(tmp_path: Path) -> Look:
    """A run that goes on, a second after it was asked for what it cannot do."""
    look = look_at(tmp_path, epochs=4)
    look.record.apply(Warned(time=look.now - 1, step=9, message=NO_EXAMPLE, topic=REFUSED))
    return look


def test_why_a_command_is_not_obeyed_is_said_for_a_while(tmp_path: Path) -> None:
    look = refused(tmp_path)
    assert said(look) == NO_EXAMPLE
    assert said(replace(look, now=look.now + REFUSAL_STANDS)) == ""


@pytest.mark.parametrize(
    "obeyed",
    [
        Probed(time=0, step=9, of=ProbeOf(number=2), count=360),
        Paused(time=0, step=9),
        Resumed(time=0, step=9, from_checkpoint=True, pid=1, device="cpu"),
    ],
    ids=lambda event: event.kind,
)
def test_a_refused_command_is_a_thing_of_the_past_once_another_is_obeyed(tmp_path: Path, obeyed: Event) -> None:
    look = refused(tmp_path)
    look.record.apply(obeyed)
    assert said(look) == ""
    look.record.apply(Warned(time=look.now, step=9, message=NO_EXAMPLE, topic=REFUSED))
    assert said(look) == NO_EXAMPLE


def test_a_command_that_a_worker_refused_is_of_no_interest_once_the_worker_is_gone(tmp_path: Path) -> None:
    assert NO_EXAMPLE not in said(replace(refused(tmp_path), state="interrupted"))


def test_what_else_a_worker_has_met_stays(tmp_path: Path) -> None:
    look = look_at(tmp_path, epochs=4)
    look.record.apply(Warned(time=0, step=0, message="The disk was full."))
    look.record.apply(Paused(time=0, step=9))
    assert said(look) == "The disk was full."


def test_that_a_worker_has_lost_its_run_s_folder_is_told_until_another_has_that(tmp_path: Path) -> None:
    look = look_at(tmp_path, "interrupted")
    look.record.apply(Warned(time=0, step=0, message="The folder was moved.", topic=LOST))
    assert "The folder was moved." in said(look)
    assert "The folder was moved." not in said(replace(look, state="running"))
