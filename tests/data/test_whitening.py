from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.data.cut import CPU, LINEAR, data_of
from tp1tui.data import whitened as whitened_module
from tp1tui.data.arrays import Examples
from tp1tui.data.digits import digits
from tp1tui.data.store import Store
from tp1tui.data.whitened import whitened
from tp1tui.data.whitening import BLOCK, fit, moments
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

ZCA = "standardization={kind='zca', enabled=true}"


def zca(*settings: str) -> Experiment:
    return with_changes(Experiment.model_validate(LINEAR), [ZCA, *settings])


@pytest.fixture(scope="module")
def small() -> Examples:
    """Images of 8x8 pixels, digits with three shades of noise as colours."""
    arrays, draws = digits(), np.random.default_rng(0)

    def coloured(images: np.ndarray) -> np.ndarray:
        noise = draws.integers(0, 60, (*images.shape[:3], 3), dtype=np.uint8)
        return (images // 2 + noise).astype(np.uint8)

    return Examples(
        coloured(arrays.train_images), arrays.train_labels, coloured(arrays.test_images), arrays.test_labels, {}
    )


def covariance(images: np.ndarray) -> np.ndarray:
    return np.cov(images.reshape(len(images), -1).astype(np.float64), rowvar=False, bias=True)


def test_moments_are_numpy_s_over_several_blocks() -> None:
    images = np.random.default_rng(5).integers(0, 256, (2 * BLOCK + 77, 3, 4, 2), dtype=np.uint8)
    images[: BLOCK + 5] = 255  # the largest products, all of one sign
    mean, spread = moments(images, CPU)
    np.testing.assert_allclose(mean, images.reshape(len(images), -1).mean(0) / 255, rtol=1e-12)
    np.testing.assert_allclose(spread, covariance(images / 255), atol=1e-12)


def test_whitened_digits_have_a_covariance_near_the_identity() -> None:
    images = digits().train_images
    result = fit(images, 1e-6, CPU).apply(images)
    spread = covariance(result)
    varies = images.reshape(len(images), -1).std(0) > 10  # a corner that is always black has nothing to be made to vary
    assert varies.sum() > 45
    np.testing.assert_allclose(spread[np.ix_(varies, varies)], np.eye(varies.sum()), atol=0.02)
    np.testing.assert_allclose(result.reshape(len(images), -1).mean(0), 0, atol=2e-3)
    assert abs(covariance(images / 255)[np.ix_(varies, varies)] - np.eye(varies.sum())).max() > 0.5


@pytest.mark.real_data
def test_whitened_photographs_have_a_covariance_near_the_identity(real_cifar10: Store) -> None:
    """Every fourth pixel of each row and column, in colour: 192 numbers an image."""
    arrays = real_cifar10.open("cifar10")
    images = np.ascontiguousarray(arrays.train_images[:, ::4, ::4])
    whitening = fit(images, 1e-6, CPU)
    np.testing.assert_allclose(covariance(whitening.apply(images)), np.eye(192), atol=0.01)
    unseen = covariance(whitening.apply(np.ascontiguousarray(arrays.test_images[:, ::4, ::4])))
    np.testing.assert_allclose(unseen.diagonal(), 1, atol=0.25)


def test_epsilon_keeps_weak_directions_weak() -> None:
    images = digits().train_images
    variances, directions = np.linalg.eigh(covariance(images / 255))
    result = covariance(fit(images, 0.01, CPU).apply(images))
    expected = (directions * (variances / (variances + 0.01))) @ directions.T
    np.testing.assert_allclose(result, expected, atol=2e-3)


def test_whitened_images_stay_near_themselves() -> None:
    """What sets ZCA apart from whitening in general: no rotation, so each pixel goes with itself most."""
    images = digits().train_images
    vectors = images.reshape(len(images), -1).astype(np.float64)
    result = fit(images, 0.01, CPU).apply(images).reshape(len(images), -1).astype(np.float64)
    varies = vectors.std(0) > 10
    together = np.corrcoef(vectors[:, varies], result[:, varies], rowvar=False)
    crossed = together[: varies.sum(), varies.sum() :]
    assert (crossed.argmax(0) == np.arange(varies.sum())).mean() > 0.95


def test_it_is_fitted_to_the_training_set_only(small: Examples) -> None:
    other = replace(small, test_inputs=np.zeros_like(small.test_inputs))
    one, two = (whitened(zca(), examples, CPU) for examples in (small, other))
    np.testing.assert_array_equal(one.train_inputs, two.train_inputs)
    assert one.test_inputs.dtype == np.float16
    first = replace(small, train_inputs=small.train_inputs[:700], train_labels=small.train_labels[:700])
    assert not np.array_equal(whitened(zca(), first, CPU).test_inputs, one.test_inputs)


def test_what_is_not_to_be_whitened_is_handed_back(small: Examples) -> None:
    for settings in (["standardization.enabled=false"], ["standardization={kind='channel', enabled=true}"]):
        assert whitened(zca(*settings), small, CPU) is small
    done = whitened(zca(), small, CPU)
    assert whitened(zca(), done, CPU) is done


class Kept:
    """A cache folder, and how often something was fitted."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.fitted = 0
        self.told: list[str] = []
        monkeypatch.setattr(whitened_module, "fit", self._fit)

    def __call__(self, examples: Examples, *settings: str) -> Examples:
        return whitened(zca(*settings), examples, CPU, self.folder, self.told.append)

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*.zca"))

    def _fit(self, *arguments: object) -> object:
        self.fitted += 1
        return fit(*arguments)  # type: ignore[arg-type]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(tmp_path / "zca", monkeypatch)


def test_it_is_made_once_and_kept(kept: Kept, small: Examples) -> None:
    made, read = kept(small), kept(small)
    assert kept.fitted == 1
    assert kept.told == [
        "fitting ZCA whitening to 1,297 training images, once for all runs",
        "whitening 1,797 images",
    ]
    np.testing.assert_array_equal(made.train_inputs, read.train_inputs)
    np.testing.assert_array_equal(made.test_inputs, read.test_inputs)
    assert made.train_inputs.shape == small.train_inputs.shape
    assert [path.suffix for path in kept.folder.iterdir() if path.name != "lock"] == [".zca"]


def test_another_epsilon_other_images_or_fewer_are_another_file(kept: Kept, small: Examples) -> None:
    changed = small.train_inputs.copy()
    changed[0, 0, 0, 0] ^= 1
    kept(small)
    kept(small, "standardization.epsilon=0.02")
    kept(replace(small, train_inputs=changed))
    kept(replace(small, train_inputs=small.train_inputs[:900]))
    kept(replace(small, test_inputs=small.test_inputs[:9]))
    assert kept.fitted == len(kept.files) == 5


@pytest.mark.parametrize("damage", ["a bit", "the end", "more", "nothing left"])
def test_a_damaged_file_is_made_anew(kept: Kept, small: Examples, damage: str) -> None:
    good = kept(small)
    (path,) = kept.files
    content = bytearray(path.read_bytes())
    if damage == "a bit":
        content[1000] ^= 4
    path.write_bytes({"the end": content[:-50], "more": content + b"..", "nothing left": b""}.get(damage, content))
    again = kept(small)
    assert kept.fitted == 2
    np.testing.assert_array_equal(again.train_inputs, good.train_inputs)
    kept(small)
    assert kept.fitted == 2


def test_a_folder_that_cannot_be_written_costs_time_only(kept: Kept, small: Examples) -> None:
    kept.folder.write_text("a file where the folder should be")
    assert kept(small).train_inputs.dtype == np.float16
    assert kept.told[0].startswith(f"going on without {kept.folder}, which cannot be used: ")


def test_what_others_may_write_to_is_not_used(kept: Kept, small: Examples) -> None:
    kept(small)
    kept.folder.chmod(0o777)
    assert kept(small).train_inputs.dtype == np.float16
    assert kept.fitted == 2
    assert any(told.startswith(f"going on without {kept.folder}: ") for told in kept.told)


def test_a_full_disk_costs_time_only_and_leaves_nothing(
    kept: Kept, small: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whitened_module.os, "fsync", full)
    assert kept(small).train_inputs.dtype == np.float16
    assert kept.told[-1] == f"the whitened images cannot be kept in {kept.folder}: No space left on device"
    assert [path.name for path in kept.folder.iterdir()] == ["lock"]


def test_who_is_asked_to_leave_while_it_works_keeps_nothing(kept: Kept, small: Examples) -> None:
    def leave(what: str) -> None:
        if what.startswith("whitening"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whitened(zca(), small, CPU, kept.folder, leave)
    assert not kept.files


def test_crops_and_mirror_images_are_cut_from_whitened_images(examples: Examples) -> None:
    tiny = replace(
        examples, train_inputs=examples.train_inputs[:, ::4, ::4], test_inputs=examples.test_inputs[:, ::4, ::4]
    )
    steps = "augmentation={enabled=true, steps=[{kind='crop', size=6}, {kind='mirror'}]}"
    data = data_of(tiny, "model.layers.pool.kernel=6", ZCA, steps)
    white = torch.tensor(whitened(zca(), tiny, CPU).train_inputs)
    plan = data.plan(1)
    assert plan.placing is not None
    inputs, _ = data.training_batch(plan, 1)
    for place, index in enumerate(plan.order[10:20]):
        rows, columns = plan.placing.rows[10 + place], plan.placing.columns[10 + place]
        expected = white[index][rows][:, columns].permute(2, 0, 1).float()
        assert torch.equal(inputs[place], expected)
    assert data.measuring_batch(data.test, 0, 5)[0].shape == (5, 3, 6, 6)
