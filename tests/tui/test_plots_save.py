"""Plots on paper: what is in the files, how they are named, and that no screen draws them itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import make_run, make_sweep
from tests.cli.calls import answer, refusal
from tests.tui.lab import Lab, opened, possible, until
from tp1tui.tui.plots import save as saving
from tp1tui.tui.plots.chart import Band, Chart, Curve, Mark, Role, Shade, Spot
from tp1tui.tui.plots.paper import DPI, SIZE, draw_on_paper
from tp1tui.tui.plots.quantity import LOSS, TOP1
from tp1tui.tui.plots.save import SaveError, save
from tp1tui.tui.plots.sheet import Sheet, file_stem, paths, sheet_of

TRAIN = Curve("train", Role.TRAIN, ([(float(x), 3.0 - x / 10) for x in range(21)],))
TEST = Curve("test", Role.TEST, ([(float(x), 3.0 - x / 20) for x in range(21)],), dotted=True)
CHART = Chart((0, 20), (TRAIN, TEST), spots=(Spot(20.0, 2.0, Role.TEST),), x_name="epoch")


def drawn(sheet: Sheet, place: Path) -> str:
    """A sheet as SVG text."""
    draw_on_paper(sheet, [place / "plot.svg"])
    return (place / "plot.svg").read_text()


def test_title_axes_legend_unit_and_the_best_point_stand_in_the_file_as_text(tmp_path: Path) -> None:
    text = drawn(sheet_of("accuracy · cd18_k3f9", CHART, TOP1, None), tmp_path)
    for words in ("accuracy · cd18_k3f9", "epoch", "top-1 (%)", "train", "test", "highest on test 2.0 % at epoch 20"):
        assert f">{words}</text>" in text


def test_what_is_in_sight_is_told(tmp_path: Path) -> None:
    text = drawn(sheet_of("loss", CHART, LOSS, (4.5, 12.0)), tmp_path)
    assert ">epoch (5–12 of 20)</text>" in text
    assert "lowest" not in text, "the marked point is out of sight"


def test_marks_bands_shades_letters_and_gaps_are_drawn(tmp_path: Path) -> None:
    shade = Shade((((0.0, 1.0, 2.0), (20.0, 1.5, 2.5)),))
    broken = Curve("a rate $0.1$", Role.LINE1, ([(0.0, 1.0)], [(2.0, 1.0), (3.0, 2.0)]), sign="a", shade=shade)
    again = Curve("once more", Role.LIT, broken.stretches, label="")
    chart = Chart(
        (0, 20),
        (broken, again),
        marks=(Mark(3.0, "d on", words="dropout on"),),
        band=Band(1.0, 1.2, "report's"),
        x_name="epoch",
    )
    text = drawn(sheet_of("loss", chart, LOSS, None), tmp_path)
    for words in ("dropout on", "report's", "rate $0.1$"):
        assert f">{words}</text>" in text
    assert "once more" not in text


@pytest.mark.parametrize("log_y", [False, True])
def test_values_that_cannot_be_drawn_are_no_error(tmp_path: Path, log_y: bool) -> None:
    line = Curve("a", Role.LINE1, ([(0.0, 1e-3), (1.0, -2.0), (2.0, float("inf")), (3.0, 5.0)],))
    assert "<svg" in drawn(sheet_of("loss", Chart((0, 3), (line,), log_y=log_y), LOSS, None), tmp_path)


def test_every_point_is_in_the_file(tmp_path: Path) -> None:
    spike = [(float(x), 50.0 if x == 777 else x % 2) for x in range(2000)]
    text = drawn(sheet_of("t", Chart((0, 2000), (Curve("a", Role.RAW, (spike,)),)), LOSS, None), tmp_path)
    assert text.count("\nL ") > 1500


def test_a_png_has_the_size_that_was_meant(tmp_path: Path) -> None:
    draw_on_paper(sheet_of("loss", CHART, LOSS, None), [tmp_path / "plot.png"])
    assert Image.open(tmp_path / "plot.png").size == tuple(round(side * DPI) for side in SIZE)
    assert [path.name for path in tmp_path.iterdir()] == ["plot.png"]


def test_files_are_named_after_run_plot_scale_and_part() -> None:
    whole = sheet_of("t", CHART, LOSS, None)
    assert file_stem("cd18_k3f9", "loss of every batch", whole) == "cd18_k3f9-loss-of-every-batch"
    part = sheet_of("t", Chart((0, 20), (TRAIN,), log_y=True, x_name="epoch"), LOSS, (4.5, 12.0))
    assert file_stem("cd18_k3f9", "loss", part) == "cd18_k3f9-loss-log-epochs-5-12"
    assert [path.name for path in paths(Path("plots"), "x-loss")] == ["x-loss.svg", "x-loss.png"]


def test_another_process_draws_and_makes_the_folder(tmp_path: Path) -> None:
    files = paths(tmp_path / "plots", "x-loss")
    save(sheet_of("loss", CHART, LOSS, None), files)
    assert sorted(path.name for path in (tmp_path / "plots").iterdir()) == ["x-loss.png", "x-loss.svg"]


def test_what_cannot_be_saved_is_told_in_a_sentence(tmp_path: Path) -> None:
    sheet = sheet_of("loss", CHART, LOSS, None)
    with pytest.raises(SaveError, match="Nothing was measured yet"):
        save(sheet_of("loss", Chart((0, 1), ()), LOSS, None), [tmp_path / "x.svg"])
    (tmp_path / "file").write_text("")
    with pytest.raises(SaveError, match="cannot be made"):
        save(sheet, [tmp_path / "file" / "x.svg"])
    (tmp_path / ".x.svg").mkdir()
    with pytest.raises(SaveError, match="cannot be saved in"):
        save(sheet, [tmp_path / "x.svg"])


def test_the_screens_never_import_matplotlib() -> None:
    code = (
        "import sys, tp1tui.tui.app, tp1tui.tui.screens.run, tp1tui.tui.screens.sweep, tp1tui.tui.plots.save\n"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_s_saves_the_plot_in_front_and_says_where(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=30)
    async with Lab(folder).run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert possible(screen)["S"] == "save as SVG and PNG"
        await pilot.press("end", "plus", "S")
        await until(pilot, lambda: pilot.app._notifications)
        [notice] = pilot.app._notifications
        assert notice.title == "Saved"
        assert str(folder.path / "plots") in notice.message.replace("\n", "")
    names = sorted(path.name.partition("-loss")[2] for path in (folder.path / "plots").iterdir())
    assert names == ["-epochs-15-30.png", "-epochs-15-30.svg"]


async def test_a_plot_that_cannot_be_saved_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SaveError("There is no room for it.")

    monkeypatch.setattr(saving, "save", fail)
    async with Lab(make_run(tmp_path, epochs=3)).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("S")
        await until(pilot, lambda: pilot.app._notifications)
        assert [notice.message for notice in pilot.app._notifications] == ["There is no room for it."]


async def test_before_anything_is_measured_there_is_nothing_to_save(tmp_path: Path) -> None:
    async with Lab(make_run(tmp_path, state="queued")).run_test(size=(80, 24)) as pilot:
        assert "S" not in possible(await opened(pilot))


def test_plot_saves_a_run_s_plot_from_the_shell(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=3)
    written = answer("plot", folder.id, "--runs-dir", tmp_path, "--what", "batches").split()
    assert [Path(line).suffix for line in written] == [".svg", ".png"]
    assert all(Path(line).parent == folder.path / "plots" for line in written)
    file = tmp_path / "mine.svg"
    assert answer("plot", folder.id, "--runs-dir", tmp_path, "--log", "-o", file).strip() == str(file)
    assert "log scale" in file.read_text()


def test_plot_refuses_in_sentences(tmp_path: Path) -> None:
    folder = make_run(tmp_path, epochs=3)
    assert "Nothing was measured" in refusal(1, "plot", make_run(tmp_path, state="queued").id, "--runs-dir", tmp_path)
    refusal(2, "plot", "no-such-run", "--runs-dir", tmp_path)
    kind = refusal(2, "plot", folder.id, "--runs-dir", tmp_path, "-o", tmp_path / "x.pdf")
    assert kind == "--output is 'x.pdf', but a plot is saved as .svg or .png: end its name so.\n"
    what = refusal(2, "plot", folder.id, "--runs-dir", tmp_path, "--what", "weather")
    assert what == "There is no plot 'weather'. Allowed with --what: loss, accuracy, batches.\n"
    sweep = make_sweep(tmp_path)
    assert "its plots are loss and accuracy" in refusal(
        2, "plot", sweep.id, "--runs-dir", tmp_path, "--what", "batches"
    )
