"""Sweeps and measures on the bench: what they would cost, how they are marked, results that follow the fields."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.builders import make_run, run_spec
from tests.tui.bench_lab import MIDDLE, SMALL, at_home, bench
from tp1tui.journal.estimate import paces, seconds_in_all, seconds_per_epoch
from tp1tui.journal.listing import list_runs
from tp1tui.settings import preset_dirs
from tp1tui.spec.asking import varied
from tp1tui.spec.preset import MeasurePreset, Preset, SweepPreset
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.tui.app import Tp1Tui
from tp1tui.tui.bench.before import INSTANT, Before, before
from tp1tui.tui.bench.edits import SEEDS
from tp1tui.tui.bench.kind_fields import kind_hint, sweep_rows, title
from tp1tui.tui.keys import possible_now
from tp1tui.tui.look import Look
from tp1tui.tui.widgets.field_list import FieldList
from tp1tui.tui.widgets.question_list import QuestionList
from tp1tui.tui.widgets.result_pane import ResultPane
from tp1tui.tui.widgets.schedule_pane import SchedulePane
from tp1tui.tui.widgets.topbar import TopBar

__all__ = ["at_home"]
SHIPPED = PresetLibrary(preset_dirs())


def preset(name: str) -> Preset:
    return SHIPPED.load(SHIPPED.find(name))


def app() -> Tp1Tui:
    return Tp1Tui(Path("runs"), "cpu", library=SHIPPED)


async def go_to(pilot: Pilot[Any], name: str) -> None:
    bench(pilot.app).query_one(QuestionList).choose(SHIPPED.find(name).id)  # type: ignore[arg-type]
    await pilot.pause()


def test_a_sweep_tells_how_many_runs_it_is_and_how_long_they_take(tmp_path: Path) -> None:
    sweep = preset("cd16")
    assert before(sweep, "cpu", Look())[-1] == "15 runs of 8 epochs on device cpu; how long, a first run will tell."
    make_run(tmp_path, "cd18", host=socket.gethostname())
    runs = list_runs(tmp_path)
    known = paces(runs)
    assert before(sweep, "cpu", Look(tuple(runs), tuple(known)))[-1].startswith(
        "15 runs of 8 epochs on device cpu; about"
    )
    experiment = run_spec("cd18").experiment
    one = seconds_per_epoch(experiment, "cpu", known)
    assert one is not None
    assert seconds_in_all([experiment] * 3, "cpu", known) == pytest.approx(3 * one * experiment.epochs)
    assert seconds_in_all([experiment, run_spec("digits").experiment], "cpu", known) is None


def test_a_measure_tells_what_goes_before_it() -> None:
    assert before(preset("cd01"), "cpu", None) == (INSTANT,)
    assert before(preset("cd12"), "cpu", None) == ("Nothing is trained first; computed on device cpu.",)
    (trained,) = before(preset("cd33"), "cpu", None)
    assert trained.startswith("First ")
    assert trained.endswith("then it is measured.")


def test_what_it_would_cost_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Preset] = []
    monkeypatch.setattr("tp1tui.tui.bench.before.before", lambda asked, device, look: found.append(asked) or ())
    sweep, known = preset("cd16"), Before()
    for device in ("cpu", "cpu", "cuda"):
        known.sentences(sweep, device, Look())
    assert found == [sweep, sweep]


def test_a_measures_field_is_told_with_its_limits() -> None:
    measure = preset("cd01")
    assert isinstance(measure, MeasurePreset)
    assert kind_hint(measure, "measure.kernel") == "A whole number from 1 to 100,000."
    assert "commas" in str(kind_hint(preset("cd16"), "vary optimizer.lr"))
    assert kind_hint(measure, "epochs") is None


def test_seeds_are_runs_of_every_point_only_where_there_are_points() -> None:
    assert "Runs of every point" in str(kind_hint(preset("cd16"), SEEDS))
    assert "Runs of this experiment" in str(kind_hint(preset("cd18"), SEEDS))
    assert "Runs of this experiment" in str(kind_hint(varied(preset("cd18"), {}, 3), SEEDS))


def test_an_editor_says_of_what_it_is() -> None:
    rates = preset("cd16")
    assert isinstance(rates, SweepPreset)
    titles = [title(row, "cd16") for row in sweep_rows(rates, rates)]
    assert titles == ["values of learning rate in cd16", "values of batch size in cd16", "seeds of cd16"]


async def test_a_field_that_is_varied_is_listed_by_its_values_alone(at_home: Path) -> None:
    lab = app()
    async with lab.run_test(size=MIDDLE) as pilot:
        await go_to(pilot, "cd16")
        question = bench(lab).question
        assert question is not None
        labels = [row.label for row in bench(lab).desk.main_rows(question)]
        assert labels[:4] == ["learning rate in", "batch size in", "seeds", "momentum"]
        assert "learning rate" not in labels
        assert "batch size" not in labels
        await go_to(pilot, "cd32")
        question = bench(lab).question
        assert question is not None
        assert "dropout.p" not in [row.path for row in bench(lab).desk.other_rows(question)]


async def test_the_list_marks_what_is_no_single_training(at_home: Path) -> None:
    lab = app()
    async with lab.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        entries = bench(lab).query_one(QuestionList).text
        assert "· sweep" in entries
        assert "· measure" in entries
        await pilot.press("slash", *"baseline", "enter")
        assert "·" not in bench(lab).query_one(QuestionList).text.replace("C-D · convnets", "")


async def test_the_calculator_follows_its_fields(at_home: Path) -> None:
    lab = app()
    async with lab.run_test(size=MIDDLE) as pilot:
        await go_to(pilot, "cd01")
        pane = bench(lab).query_one(ResultPane)
        await pilot.pause()
        assert pane.display
        assert not bench(lab).query_one("#layers").display
        assert "floor((32 + 2·2 - 5) / 1) + 1 = 32" in pane.text
        await pilot.press("e", "plus")
        assert "floor((33 + 2·2 - 5) / 1) + 1 = 33" in pane.text
        await pilot.press("minus", "minus")
        assert "floor((31 + 2·2 - 5) / 1) + 1 = 31" in pane.text
        await pilot.press("u")
        assert "floor((32 + 2·2 - 5) / 1) + 1 = 32" in pane.text
        await go_to(pilot, "cd18")
        assert not pane.display
        assert bench(lab).query_one("#layers").display


async def test_in_a_small_window_fields_and_results_stand_side_by_side(at_home: Path) -> None:
    lab = app()
    async with lab.run_test(size=SMALL) as pilot:
        await go_to(pilot, "cd01")
        assert bench(lab).query_one(TopBar).pages[2] == "results"
        await pilot.press("2")
        await pilot.pause()
        assert bench(lab).query_one(FieldList).display
        assert bench(lab).query_one(ResultPane).display
        assert "32,768" in bench(lab).query_one(ResultPane).text


async def test_in_a_small_window_finding_leads_to_the_page_that_has_the_list(at_home: Path) -> None:
    lab = app()
    async with lab.run_test(size=SMALL) as pilot:
        await go_to(pilot, "cd08")
        await pilot.press("2", "slash", *"lenet")
        await pilot.pause()
        line, listed = bench(lab).query_one("#words"), bench(lab).query_one(QuestionList)
        assert line.has_focus
        assert min(line.region.width, listed.region.width, listed.region.height) >= 20


async def test_a_value_that_is_not_allowed_is_answered_with_a_sentence(at_home: Path) -> None:
    lab = app()
    async with lab.run_test(size=MIDDLE, notifications=True) as pilot:
        await go_to(pilot, "cd01")
        fields = bench(lab).query_one(FieldList)
        await pilot.press("e")
        fields.choose("measure.stride")
        await pilot.press("minus")
        await pilot.pause()
        assert any("stride" in notification.message for notification in lab._notifications)
        question = bench(lab).question
        assert question is not None
        assert not bench(lab).desk.is_changed(question)


async def test_what_is_no_number_has_no_next_value(at_home: Path) -> None:
    lab = app()
    async with lab.run_test(size=MIDDLE) as pilot:
        await go_to(pilot, "cd18")
        await pilot.press("e")
        fields = bench(lab).query_one(FieldList)
        fields.choose("optimizer.kind")
        await pilot.pause()
        assert "plus" not in {key for key, held in lab.screen.active_bindings.items() if held.enabled}
        fields.choose("optimizer.lr")
        await pilot.pause()
        assert "plus" in {key for key, held in lab.screen.active_bindings.items() if held.enabled}


async def test_a_measure_that_trains_nothing_has_no_keys_for_training_and_says_that_it_has_no_schedule(
    at_home: Path,
) -> None:
    lab = app()
    async with lab.run_test(size=SMALL) as pilot:
        await go_to(pilot, "cd18")
        edits = {"edit the learning rate", "edit the batch size", "edit the epochs", "edit the seed"}
        assert edits <= {key.description for key in possible_now(lab.screen)}
        await go_to(pilot, "cd01")
        possible = {key.description for key in possible_now(lab.screen)}
        assert edits.isdisjoint(possible)
        assert "choose the device" in possible
        await pilot.press("4")
        await pilot.pause()
        assert "Nothing is trained here" in bench(lab).query_one(SchedulePane).text


@pytest.mark.parametrize(("size", "keys"), [(SMALL, ["2"]), (MIDDLE, [])], ids=["80x24", "120x40"])
def test_what_a_calculator_looks_like(snap_compare: Any, at_home: Path, size: tuple[int, int], keys: list[str]) -> None:
    async def run_before(pilot: Pilot[Any]) -> None:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    lab = Tp1Tui(Path("runs"), "cpu", library=PresetLibrary([("tp1tui", at_home / "calculator")]))
    (at_home / "calculator" / "cd").mkdir(parents=True)
    (at_home / "calculator" / "cd" / "cd01-convolution.toml").write_text(CALCULATOR)
    assert snap_compare(lab, terminal_size=size, run_before=run_before)


CALCULATOR = """
kind = "measure"
title = "calculator: one convolution"
question = "How large is the output, and how many weights are to be learnt?"

[measure]
kind = "convolution"
"""
