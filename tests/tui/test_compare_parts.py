"""What the comparison says and how it is laid out, without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import let_go, make_run
from tests.tui.comparisons import make_runs
from tests.tui.runs import words
from tp1tui.journal.comparison import Setting
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.labels import LABELS_FILE, relabel
from tp1tui.journal.several import RunsFollower, SeenRun
from tp1tui.spec.numbers import signed
from tp1tui.tui.compare.curves import NAMED, plot
from tp1tui.tui.compare.fields import told_differences
from tp1tui.tui.compare.figures import BEST_TEST, FIGURES
from tp1tui.tui.compare.head import head_lines
from tp1tui.tui.compare.labels import GivenNames
from tp1tui.tui.compare.names import LONGEST, brief_names, column_words, field_words, run_names, setting_words
from tp1tui.tui.compare.places import Places
from tp1tui.tui.compare.rows import compare_rows, row_lines
from tp1tui.tui.compare.tables import SAME, differences_table
from tp1tui.tui.compare.watch import CompareWatch
from tp1tui.tui.overlay.aspect import Aspect
from tp1tui.tui.plots.chart import LINES, Role
from tp1tui.tui.plots.sight import Sight
from tp1tui.tui.text import shortened

PATHS = [Path(f"/runs/{number}") for number in range(30)]


def watch(folders: list[RunFolder]) -> CompareWatch:
    return CompareWatch(folders, Places().of([folder.path for folder in folders]))


def seen(folders: list[RunFolder]) -> list[SeenRun]:
    follower = RunsFollower(folders)
    follower.poll()
    return follower.runs


# Places.


@given(st.lists(st.lists(st.sampled_from(PATHS), max_size=20, unique=True), max_size=6))
def test_no_two_runs_share_a_place_and_few_share_no_colour(openings: list[list[Path]]) -> None:
    places = Places()
    for paths in openings:
        taken = places.of(paths)
        assert list(taken) == paths
        assert len(set(taken.values())) == len(paths)
        if len(paths) <= len(LINES):
            assert len({place % len(LINES) for place in taken.values()}) == len(paths)


@given(st.lists(st.sampled_from(PATHS), min_size=1, max_size=20, unique=True), st.data())
def test_runs_keep_their_places_while_others_come_and_go(paths: list[Path], data: Any) -> None:
    places = Places()
    before = places.of(paths)
    some = data.draw(st.lists(st.sampled_from(paths), unique=True))
    after = places.of(some)
    if len(some) > len(LINES):
        assert after == {path: before[path] for path in some}
    assert places.of(some) == after


def test_the_order_of_the_choice_gives_the_places_and_new_runs_get_colours_of_their_own() -> None:
    places = Places()
    assert list(places.of(PATHS[:3]).values()) == [0, 1, 2]
    assert list(places.of(PATHS[3:5]).values()) == [3, 4]
    assert places.of([PATHS[4], PATHS[0]]) == {PATHS[4]: 4, PATHS[0]: 0}
    assert list(places.of(PATHS[:12]).values()) == list(range(12))


# Names.


def test_a_run_is_named_without_what_all_share(tmp_path: Path) -> None:
    folders = make_runs(tmp_path, 2)
    assert run_names(seen(folders), [""] * 2) == [folder.id.rpartition("_")[2] for folder in folders]
    mixed = [*folders, make_run(tmp_path, "cd18", seed=7)]
    assert [name.split()[0] for name in run_names(seen(mixed), [""] * 3)] == ["digits", "digits", "cd18"]


def test_a_folder_that_was_renamed_goes_by_its_own_name(tmp_path: Path) -> None:
    (folder,) = make_runs(tmp_path, 1)
    renamed = RunFolder(folder.path.rename(tmp_path / "my best run"))
    assert run_names(seen([renamed]), [""]) == ["my best run"]


def test_the_end_of_a_curve_tells_what_is_set_in_its_run(tmp_path: Path) -> None:
    settings = (["optimizer.lr=0.1"], ["optimizer.lr=0.3", "dropout.enabled=true"])
    runs = seen([make_run(tmp_path, "digits", seed=seed, settings=settings[seed]) for seed in range(2)])
    assert brief_names(runs, ["", ""], told_differences(runs)) == ["0.1 -dropout", "0.3 +dropout"]
    seeds = seen([make_run(tmp_path, "digits", seed=seed) for seed in (5, 6)])
    assert brief_names(seeds, ["", ""], told_differences(seeds)) == ["5", "6"]
    presets = seen([make_run(tmp_path, preset, seed=8) for preset in ("digits", "cd18-baseline")])
    assert brief_names(presets, ["", ""], told_differences(presets)) == ["digits", "cd18-baseline"]
    one = seen(make_runs(tmp_path / "one", 1))
    assert brief_names(one, [""], ()) == run_names(one, [""])
    assert all(len(name) <= LONGEST for name in brief_names(seen(make_runs(tmp_path / "more", 5)), [""] * 5, ()))


def test_a_name_that_a_person_gave_is_what_a_run_goes_by(tmp_path: Path) -> None:
    folders = make_runs(tmp_path, 3)
    relabel(folders[1].path, lambda labels: labels.named("with the wide layer"))
    (folders[2].path / LABELS_FILE).write_text("name = 3")
    runs = seen(folders)
    names = GivenNames(folders)
    given = list(names.read().values())
    assert given == ["", "with the wide layer", ""]
    assert run_names(runs, given)[1] == "with the wide layer"
    briefs = brief_names(runs, given, told_differences(runs))
    assert briefs[0] == "0.003"
    assert briefs[1] == shortened("with the wide layer", LONGEST)
    relabel(folders[1].path, lambda labels: labels.named("深い層"))
    assert brief_names(runs, list(names.read().values()), told_differences(runs))[1] == "0.01"


@pytest.mark.parametrize(
    ("path", "value", "written"),
    [
        ("optimizer.lr", 0.03, "0.03"),
        ("batch_size", 64, "64"),
        ("dropout.enabled", True, "on"),
        ("clean_train", True, "true"),
        ("schedule.kind", "cosine", "cosine"),
        ("schedule.every", None, "–"),
        ("augmentation.steps", [], "none"),
        (
            "augmentation.steps",
            [{"kind": "crop", "size": 7, "padding": 0}, {"kind": "mirror"}],
            "crop 7 padding 0 + mirror",
        ),
        ("optimizer.betas", [0.9, 0.999], "[0.9, 0.999]"),
        ("model.layers.conv1", {"kind": "conv", "filters": 32, "kernel": 3}, "conv 32 kernel 3"),
    ],
)
def test_settings_in_words(path: str, value: object, written: str) -> None:
    assert setting_words(path, Setting(value)) == written


def test_fields_are_called_as_on_the_bench_and_others_by_their_path() -> None:
    assert field_words("optimizer.lr") == column_words("optimizer.lr") == "learning rate"
    assert field_words("dropout.enabled") == "dropout"
    assert field_words("model.layers.conv1.filters") == "model.layers.conv1.filters"
    assert column_words("model.layers.conv1.filters") == "conv1.filters"


def test_a_layer_that_some_lack_is_told_as_a_whole_and_its_differences_are_not_lost(tmp_path: Path) -> None:
    folders = [
        make_run(tmp_path, "digits"),
        make_run(tmp_path, "digits", seed=1, settings=["model.layers.conv1.kernel=5"]),
        make_run(tmp_path, "ab2.4", seed=2),
    ]
    told = {field.path: field for field in told_differences(seen(folders))}
    words_of = [setting_words("", setting) for setting in told["model.layers.conv1"].settings]
    assert words_of == ["conv 32 kernel 3", "conv 32 kernel 5", "–"]
    assert "model.layers.conv1.kernel" not in told
    both = {field.path for field in told_differences(seen(folders[:2]))}
    assert both == {"seed", "model.layers.conv1.kernel"}


def test_fields_that_have_a_word_come_first(tmp_path: Path) -> None:
    settings = ["model.layers.conv1.kernel=5", "optimizer.lr=0.1", "dropout.p=0.3"]
    runs = seen([make_run(tmp_path, "digits"), make_run(tmp_path, "digits", settings=settings, seed=1)])
    paths = [field.path for field in told_differences(runs)]
    assert paths[:2] == ["optimizer.lr", "seed"]
    assert set(paths[2:]) == {"model.layers.conv1.kernel", "dropout.p"}


# Figures, rows and tables.


@given(st.floats(-1e4, 1e4), st.integers(0, 5))
def test_a_difference_has_a_sign_unless_it_is_nothing(number: float, decimals: int) -> None:
    text = signed(number, decimals)
    assert float(text) == pytest.approx(number, abs=0.51 * 10**-decimals)
    assert (text[0] in "+-") == (float(text) != 0)


def test_a_difference_of_no_number_is_a_dash() -> None:
    assert signed(None, 1) == signed(float("nan"), 1) == "–"


@given(st.text(max_size=30), st.integers(1, 20))
def test_what_is_shortened_fits(text: str, cells: int) -> None:
    assert len(shortened(text, cells)) <= cells
    assert shortened(text, cells) == text or shortened(text, cells).endswith("…")


def test_figures_are_the_journal_s(tmp_path: Path) -> None:
    (run,) = seen(make_runs(tmp_path, 1))
    assert run.record.best
    assert run.record.last
    best, last = run.record.best, run.record.last
    assert [figure.of(run) for figure in FIGURES] == [
        *(best.test_top1, best.epoch),
        *(last.test_top1, last.test_loss, last.train_top1, last.elapsed, last.images_per_s),
    ]
    assert BEST_TEST.over(run, run) == 0


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_at_any_width_letters_names_and_the_best_stay_and_fields_come_before_small_print(
    tmp_path: Path, width: int
) -> None:
    watched = watch(make_runs(tmp_path))
    rows = compare_rows(watched, watched.runs[1].key)
    lines = row_lines(rows, watched.differences, width)
    assert all(len(line) == len(lines.head) for line in lines.rows)
    assert [line.split()[0] for line in lines.rows] == ["a", "b", "c"]
    assert "baseline" in lines.rows[1]
    assert "best test" in lines.head
    assert ("images/s" in lines.head) <= ("learning rate" in lines.head)
    assert ("learning rate" in lines.head) == (width >= 80)


def test_better_and_worse_than_the_baseline_are_marked(tmp_path: Path) -> None:
    watched = watch(make_runs(tmp_path, 4, states=["finished", "finished", "finished", "queued"]))
    best = [BEST_TEST.of(run.seen) or 0.0 for run in watched.runs[:3]]
    rows = compare_rows(watched, watched.runs[0].key)
    assert [row.mark for row in rows] == ["", *("▲" if value > best[0] else "▼" for value in best[1:]), ""]
    assert [row.mark for row in compare_rows(watched, "")] == [""] * 4


def test_few_runs_stand_side_by_side_with_figures_under_the_fields(tmp_path: Path) -> None:
    runs = seen(make_runs(tmp_path))
    table = differences_table(runs, ["a", "b", "c"], runs[0])
    assert [column.name for column in table.columns] == ["", "a", "b", "c"]
    cells = {row[0]: row[1:] for row in table.rows}
    assert cells["learning rate"] == ("0.003", "0.01", "0.03")
    best = [BEST_TEST.of(run) or 0.0 for run in runs]
    assert cells["best test top-1"] == (
        f"{best[0]:.1f} %",
        *(f"{value:.1f} % ({value - best[0]:+.1f})" for value in best[1:]),
    )


def test_many_runs_with_few_fields_are_a_row_each(tmp_path: Path) -> None:
    runs = seen(make_runs(tmp_path, 6))
    table = differences_table(runs, list("abcdef"))
    assert [row[0] for row in table.rows] == list("abcdef")
    assert [column.name for column in table.columns][:3] == ["run", "learning rate", "seed"]


def test_the_same_experiment_twice_is_told_in_a_sentence(tmp_path: Path) -> None:
    runs = seen(make_runs(tmp_path, 1)) * 2
    assert differences_table(runs, ["a", "b"]).note == SAME


# Head and plot.


@pytest.fixture
def running(tmp_path: Path) -> Iterator[CompareWatch]:
    folders = make_runs(tmp_path, 3, states=["finished", "running", "finished"])
    yield watch(folders)
    let_go(folders[1])


def test_the_head_has_always_three_lines_that_fit(running: CompareWatch) -> None:
    aspect = Aspect(baseline=running.runs[0].key, weight=0.9, logs=frozenset(("loss",)))
    for width in range(20, 160, 7):
        lines = words(head_lines(running, aspect, width))
        assert len(lines) == 3
        assert max(map(len, lines)) <= width


def test_fields_that_have_no_room_in_the_head_are_counted(tmp_path: Path) -> None:
    watched = watch([make_run(tmp_path, "digits"), make_run(tmp_path, "ab2.4", seed=1)])
    line = words(head_lines(watched, Aspect(), 78))[1]
    assert line.startswith("they differ in dataset, learning rate, ")
    assert line.endswith(" more")


def test_the_curve_under_the_cursor_covers_the_others_and_the_baseline_has_dots(tmp_path: Path) -> None:
    watched = watch(make_runs(tmp_path))
    chart = plot(watched, Aspect(lit=watched.runs[2].key, baseline=watched.runs[0].key), Sight(100)).chart
    assert [curve.role for curve in chart.curves] == [*LINES[:3], Role.LIT]
    assert [curve.dotted for curve in chart.curves] == [True, False, False, True]
    assert chart.curves[-1].covers
    assert chart.curves[2].name == ""
    assert chart.curves[-1].name == "c 0.03"


def test_of_very_many_curves_only_the_letters_stand_at_their_ends(tmp_path: Path) -> None:
    folders = [make_run(tmp_path, "digits", epochs=2, seed=seed) for seed in range(NAMED + 2)]
    watched = watch(folders)
    names = [curve.name for curve in plot(watched, Aspect(lit=watched.runs[0].key), Sight(100)).chart.curves]
    assert names[1:4] == ["b", "c", "d"]


def test_the_legend_says_how_far_a_run_is_from_the_baseline_to_the_digits_shown(tmp_path: Path) -> None:
    watched = watch(make_runs(tmp_path))
    lit, base = watched.runs[1], watched.runs[0]
    legend = words(plot(watched, Aspect(metric="top1", lit=lit.key, baseline=base.key), Sight(100)).legend)
    assert lit.seen.record.last
    assert base.seen.record.last
    difference = lit.seen.record.last.test_top1 - base.seen.record.last.test_top1
    assert legend[2] == f"{difference:+.1f} to a"
    assert legend[0] == "test top-1"


def test_removed_runs_come_back_in_their_place(tmp_path: Path) -> None:
    watched = watch(make_runs(tmp_path))
    keys = [run.key for run in watched.runs]
    watched.remove(keys[1])
    watched.remove("not there")
    assert [run.sign for run in watched.runs] == ["a", "c"]
    assert watched.put_back() == keys[1]
    assert [run.sign for run in watched.runs] == ["a", "b", "c"]
    assert watched.put_back() == ""


def test_lines_are_made_again_only_when_they_have_grown(tmp_path: Path) -> None:
    watched = watch(make_runs(tmp_path))
    first = watched.line(watched.runs[0], "test_loss", "epoch")
    watched.take(watched.read())
    assert watched.line(watched.runs[0], "test_loss", "epoch") is first


def test_the_axis_reaches_as_far_as_the_longest_run(tmp_path: Path) -> None:
    folders = [make_run(tmp_path, "digits", epochs=epochs, seed=epochs) for epochs in (3, 9)]
    watched = watch(folders)
    assert watched.span.epochs == 9
    assert watched.span.is_over
    assert plot(watched, Aspect(lit=watched.runs[0].key), Sight(100)).chart.x == (0, 9)
