from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.measures.conftest import TrainedJob, images, labels
from tests.measures.found import Found
from tp1tui.data.arrays import Examples
from tp1tui.engine.evaluate import evaluate
from tp1tui.measures.job import Job, need_training
from tp1tui.measures.statistics import statistics

AS_THEY_ARE = "test images as they are"
FLAT = "test images of half the contrast"
CASES = ("the training set", "the test set", "each batch", "each batch, images sorted by brightness", "each image")


def taken(job: Job) -> Found:
    return Found(statistics(job))


def by_case(found: Found, light: str) -> dict[object, dict[str, object]]:
    return {row["statistics of"]: dict(row) for row in found.table(light)}


@pytest.mark.parametrize("settings", [(), ("augmentation.enabled=true",)], ids=["whole", "cropped"])
def test_statistics_of_the_training_set_are_what_training_itself_tests_with(
    trained: TrainedJob, settings: tuple[str, ...]
) -> None:
    job = trained(*settings)
    training = need_training(job)
    measured = evaluate(training.model, training.loss_function, training.data, training.data.test)
    row = by_case(taken(job), AS_THEY_ARE)["the training set"]
    assert row["loss"] == pytest.approx(measured.loss, rel=1e-5)
    assert row["top-1"] == pytest.approx(measured.top1)
    assert row["changed"] == 0


def test_the_training_set_s_statistics_know_nothing_of_the_test_set(trained: TrainedJob, examples: Examples) -> None:
    before = taken(trained())
    darker = replace(examples, test_inputs=examples.test_inputs // 2)
    after = taken(trained(data=darker))
    for row, other in zip(before.table("statistics"), after.table("statistics"), strict=True):
        assert row["mean, training set"] == other["mean, training set"]
        assert row["deviation, training set"] == other["deviation, training set"]
        assert row["mean, test set"] != other["mean, test set"]
    pixels = examples.train_inputs.reshape(-1, 3).astype(np.float64) / 255
    shown = [row["mean, training set"] for row in before.table("statistics")]
    np.testing.assert_allclose(np.array(shown, dtype=np.float64), pixels.mean(0), rtol=1e-9)


def test_the_shift_of_the_inputs_is_what_each_kind_leaves(trained: TrainedJob) -> None:
    found = taken(trained())
    flat = by_case(found, FLAT)
    for case in CASES[1:]:
        assert flat[case]["mean of the inputs"] == pytest.approx(0, abs=1e-5)
        assert flat[case]["deviation of the inputs"] == pytest.approx(1, abs=1e-4)
    plain = by_case(found, AS_THEY_ARE)
    assert flat["none"]["deviation of the inputs"] == pytest.approx(
        0.5 * float(str(plain["none"]["deviation of the inputs"])), rel=1e-5
    )
    assert plain["the training set"]["deviation of the inputs"] != pytest.approx(1, abs=1e-5)


def test_a_change_of_contrast_is_undone_by_all_statistics_but_the_training_set_s(trained: TrainedJob) -> None:
    found = taken(trained())
    plain, flat = by_case(found, AS_THEY_ARE), by_case(found, FLAT)
    for case in CASES[1:]:
        assert flat[case]["loss"] == pytest.approx(plain[case]["loss"], rel=1e-2)
    assert flat["the training set"]["loss"] != pytest.approx(plain["the training set"]["loss"], rel=1e-2)


def test_a_batch_s_statistics_depend_on_the_neighbours(trained: TrainedJob) -> None:
    """More images than one batch holds: else sorting them would change nothing."""
    many = Examples(images(60, 1), labels(60), images(300, 2), labels(300), {})
    job = trained("dataset.test_examples=300", data=many)
    rows = by_case(taken(job), AS_THEY_ARE)
    pixels = many.test_inputs.astype(np.float64) / 255
    as_they_come, by_brightness = np.arange(300), pixels.mean((1, 2, 3)).argsort()
    for case, order in (("each batch", as_they_come), (CASES[3], by_brightness)):
        losses = [loss_by_itself(job, pixels[batch], many.test_labels[batch]) for batch in np.split(order, 3)]
        assert rows[case]["loss"] == pytest.approx(np.mean(losses), rel=1e-4)
    assert rows["each batch"]["loss"] != pytest.approx(rows[CASES[3]]["loss"], rel=1e-4)


def loss_by_itself(job: Job, pixels: np.ndarray, truth: np.ndarray) -> float:
    """Mean loss of one batch that is standardized by its own channels."""
    inputs = (pixels - pixels.mean((0, 1, 2))) / pixels.std((0, 1, 2))
    with torch.no_grad():
        logits = need_training(job).model.eval()(torch.tensor(inputs, dtype=torch.float32).permute(0, 3, 1, 2))
    return float(torch.nn.functional.cross_entropy(logits, torch.tensor(truth, dtype=torch.int64)))


def test_the_overview_repeats_the_tables(trained: TrainedJob, told: list[str]) -> None:
    found = taken(trained())
    grid = found.grid("top-1 under each")
    assert grid.across_labels == (*CASES, "none")
    for light, values in zip(grid.down_labels, grid.values, strict=True):
        assert list(values) == [row["top-1"] for row in found.table(f"test images {light}")]
    assert len(told) == 18


def test_what_a_stop_raises_ends_the_measure(trained: TrainedJob) -> None:
    class Stopped(Exception):  # noqa: N818 - stands for a person's wish
        pass

    def stop(what: str) -> None:
        raise Stopped

    job = trained()
    results = statistics(Job(torch.device("cpu"), stop, job.experiment, training=job.training))
    next(results)
    with pytest.raises(Stopped):
        next(results)
