"""Whitened datasets, made once and kept: a cache beside the datasets.

One file each, named for what it was made of: the images' bytes (training images to fit, test images to apply it to),
epsilon, and the file's own format. It holds the float16 values of the training images, then of the test images, then
the SHA-256 of all that. A file may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import torch

from tp1tui.data.arrays import Bytes, Examples
from tp1tui.data.digests import sha256_of
from tp1tui.data.locks import only_one
from tp1tui.data.whitening import Whitened, fit
from tp1tui.files.private import intruders, make_private
from tp1tui.spec.experiment import Experiment
from tp1tui.spec.inputs import ZcaStandardization

FORMAT = "tp1tui zca 1"
Tell = Callable[[str], None]
"""Told in a few words what is being waited for."""


def whitened(
    experiment: Experiment,
    examples: Examples,
    device: torch.device,
    cache: Path | None = None,
    tell: Tell = lambda what: None,
) -> Examples:
    """The examples as the experiment's standardization wants them resident.

    Args:
        experiment: Says whether they are to be whitened, and with which epsilon.
        examples: Images as they are; what is whitened already is handed back as it is.
        device: Where to compute if need be.
        cache: The folder of whitened datasets; without one, nothing is read or kept.
        tell: Told what is being waited for; what it raises ends the work, and nothing is kept.

    Returns:
        Images as float16 [N, H, W, C] if they are to be whitened, else the same examples.
    """
    standardization = experiment.standardization
    if not isinstance(standardization, ZcaStandardization) or not standardization.enabled:
        return examples
    if examples.train_inputs.dtype == np.float16:
        return examples
    train, test = cast("Bytes", examples.train_inputs), cast("Bytes", examples.test_inputs)
    tested = len(test)
    if examples.validation_inputs is not None:  # what is applied to the test images is applied to these
        test = np.concatenate((test, cast("Bytes", examples.validation_inputs)))
    epsilon = standardization.epsilon

    def make() -> tuple[Whitened, Whitened]:
        tell(f"fitting ZCA whitening to {len(train):,} training images, once for all runs")
        whitening = fit(train, epsilon, device)
        tell(f"whitening {len(train) + len(test):,} images")
        return whitening.apply(train), whitening.apply(test)

    pair = make() if cache is None else _kept(_Kept(cache, train, test, epsilon), make, tell)
    validation = None if examples.validation_inputs is None else pair[1][tested:]
    return replace(examples, train_inputs=pair[0], test_inputs=pair[1][:tested], validation_inputs=validation)


class _Kept:
    """One file of the cache, and what it must hold."""

    def __init__(self, cache: Path, train: Bytes, test: Bytes, epsilon: float) -> None:
        made_of = f"{FORMAT}\n{epsilon!r}\n{train.shape}\n{sha256_of(train)}\n{test.shape}\n{sha256_of(test)}\n"
        self.path = cache / f"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}.zca"
        self.lock = cache / "lock"
        self._shapes = train.shape, test.shape
        self._sizes = train.size, test.size

    def read(self) -> tuple[Whitened, Whitened] | None:
        """Both arrays, mapped and verified; None where the file is missing or damaged."""
        count = sum(self._sizes)
        try:
            if self.path.stat().st_size != 2 * count + hashlib.sha256().digest_size:
                return None
            values = np.memmap(self.path, dtype="<f2", mode="r", shape=(count,))
            with self.path.open("rb") as file:
                file.seek(2 * count)
                digest = file.read()
        except OSError:
            return None
        if hashlib.sha256(values.data).digest() != digest:
            return None
        train, test = np.split(values, [self._sizes[0]])
        return train.reshape(self._shapes[0]), test.reshape(self._shapes[1])

    def write(self, train: Whitened, test: Whitened) -> None:
        """Keep both arrays: beside the file's place, flushed, renamed.

        Raises:
            OSError: They cannot be written; nothing of them is left.
        """
        beside = self.path.with_suffix(".incoming")
        digest = hashlib.sha256()
        try:
            with beside.open("wb") as file:
                for array in (train, test):
                    content = array.astype("<f2", copy=False).data
                    digest.update(content)
                    file.write(content)
                file.write(digest.digest())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def _kept(kept: _Kept, make: Callable[[], tuple[Whitened, Whitened]], tell: Tell) -> tuple[Whitened, Whitened]:
    """What is in the cache, or what is made and put there; a cache that cannot be written costs time, no more."""
    try:
        make_private(kept.path.parent)
        if told := intruders(kept.path.parent):
            tell(f"going on without {kept.path.parent}: {told}")
            return make()
        with only_one(kept.lock, lambda: tell("waiting for another run to finish whitening")):
            return kept.read() or _made(kept, make, tell)
    except OSError as error:
        tell(f"going on without {kept.path.parent}, which cannot be used: {error.strerror or error}")
        return make()


def _made(kept: _Kept, make: Callable[[], tuple[Whitened, Whitened]], tell: Tell) -> tuple[Whitened, Whitened]:
    pair = make()
    try:
        kept.write(*pair)
    except OSError as error:
        tell(f"the whitened images cannot be kept in {kept.path.parent}: {error.strerror or error}")
    return pair
