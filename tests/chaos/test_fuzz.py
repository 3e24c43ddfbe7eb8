"""Damaged files of every kind: no traceback, no hang, and no wrong figure shown as right.

Each test reads a share of broken files in the usual suite, and very many with `pytest -m chaos`.
"""

from __future__ import annotations

import io
import json
import math
import tarfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from tests.builders import make_run
from tests.chaos.mutate import mutations
from tests.spec.shipped import FOLDER
from tp1tui.data.decode import decode
from tp1tui.data.entry import ArrayFacts, DatasetEntry, Member, Packing
from tp1tui.data.errors import DatasetError
from tp1tui.journal.commands import BadCommand, SwitchTo, send, take
from tp1tui.journal.examination import examine
from tp1tui.journal.folder import RunFolder, RunFolderError
from tp1tui.journal.follow import Follower
from tp1tui.journal.listing import list_runs
from tp1tui.journal.record import RunRecord
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset_files import PresetFile, PresetLibrary

FEW = 150
MANY = 10_000


def journal_is_read_or_refused(tmp_path: Path, count: int) -> int:
    """Every figure that is shown was written, at the very step it is shown for; what was lost is missing, not wrong."""
    folder = make_run(tmp_path, epochs=3)
    other = make_run(tmp_path, "digits", seed=1, epochs=2)
    whole = folder.journal_path.read_bytes()
    right = read(folder)
    epochs = {epoch.model_dump_json() for epoch in right.epochs}
    strange = other.journal_path.read_bytes()
    tried = 0
    for broken in mutations(whole, (whole, strange), count, seed=1):
        tried += 1
        folder.journal_path.write_bytes(broken)
        follower = Follower(folder)
        follower.state()
        record = follower.record
        assert {epoch.model_dump_json() for epoch in record.epochs} <= epochs
        for at, loss in enumerate(record.losses):
            assert math.isnan(loss) or loss == right.losses[at]
        assert all(isinstance(sentence, str) for sentence in follower.troubles)
    for broken in mutations(whole, (strange,), count // 5, seed=2):
        folder.journal_path.write_bytes(broken)
        tried += 1
        read(folder)
        examine(folder)
        list_runs(tmp_path)
    return tried


def read(folder: RunFolder) -> RunRecord:
    follower = Follower(folder)
    follower.poll()
    return follower.record


def experiment_is_read_or_refused(tmp_path: Path, count: int) -> int:
    """What was asked is a valid experiment or a sentence that names the file."""
    folder = make_run(tmp_path)
    whole = folder.spec_path.read_bytes()
    tried = 0
    for broken in mutations(whole, tuple(path.read_bytes() for path in sorted(FOLDER.rglob("*.toml"))), count, seed=3):
        tried += 1
        folder.spec_path.write_bytes(broken)
        spec = told(folder.spec, RunFolderError)
        assert not isinstance(spec, str) or "experiment.toml" in spec or "newer tp1tui" in spec
        list_runs(tmp_path)
    return tried


def preset_is_read_or_refused(tmp_path: Path, count: int) -> int:
    """A preset that loads can be drawn; any other is told in a sentence that names its file."""
    files = sorted(FOLDER.rglob("*.toml"))
    texts = tuple(file.read_bytes() for file in files)
    path = tmp_path / "broken.toml"
    library = PresetLibrary([("mine", tmp_path), ("tp1tui", FOLDER)])
    tried = 0
    for number, file in enumerate(files):
        for broken in mutations(file.read_bytes(), texts, -(-count // len(files)), seed=number):
            tried += 1
            path.write_bytes(broken)
            preset = told(partial(library.load, PresetFile("broken", "", path, "mine")), SpecError)
            if isinstance(preset, str):
                assert "broken.toml" in preset
            else:
                assert preset.title
                assert preset.experiment is None or preset.experiment.layer_table() is not None
    return tried


def command_is_taken_or_told(tmp_path: Path, count: int) -> int:
    """A command is obeyed as it was written or not at all, and never stays behind."""
    folder = make_run(tmp_path)
    send(folder, SwitchTo(switch="dropout", on=True))
    (path,) = folder.commands_dir.iterdir()
    whole = path.read_bytes()
    tried = 0
    for broken in mutations(whole, (b'{"kind":"stop"}', b'{"kind":"pause"}'), count, seed=4):
        tried += 1
        path.write_bytes(broken)
        (taken,) = take(folder)
        assert isinstance(taken, BadCommand) or json.loads(broken) is not None
        assert list(folder.commands_dir.iterdir()) == []
    return tried


def dataset_is_read_or_refused(tmp_path: Path, count: int) -> int:
    """A file that travels with a dataset gives arrays of the known shape or a sentence."""
    images, labels = np.arange(4 * 16, dtype=np.uint8).reshape(4, 4, 4, 1), np.arange(4, dtype=np.uint8)
    header = bytes((0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4))
    contents = {"images": header + images.tobytes(), "labels": bytes((0, 0, 8, 1, 0, 0, 0, 4)) + labels.tobytes()}
    entry = DatasetEntry(
        "mnist",
        tuple(
            ArrayFacts(name, shape, "")
            for name, shape in (
                ("train_images", images.shape), ("train_labels", labels.shape),
                ("test_images", images.shape), ("test_labels", labels.shape),
            )
        ),
    )  # fmt: skip
    packing = Packing(
        "four pictures",
        "",
        tuple(
            Member(f"{split}-{content}", split, f"idx-{content}", 10_000)
            for split in ("train", "test")
            for content in ("images", "labels")
        ),
    )
    archive = packed({f"{split}-{name}": data for split in ("train", "test") for name, data in contents.items()})
    path = tmp_path / "archive.tar.gz"
    tried = 0
    for broken in mutations(archive, (header,), count, seed=5):
        tried += 1
        path.write_bytes(broken)
        arrays = told(partial(decode, entry, packing, path), DatasetError)
        assert arrays.endswith(".") if isinstance(arrays, str) else arrays.train_images.shape == images.shape
        assert [file.name for file in tmp_path.iterdir()] == ["archive.tar.gz"]
    return tried


Value = TypeVar("Value")


def told(call: Callable[[], Value], refusal: type[Exception] | tuple[type[Exception], ...]) -> Value | str:
    """What a call gives, or the sentence with which it refuses."""
    try:
        return call()
    except refusal as error:
        return str(error)


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


READERS = [
    journal_is_read_or_refused,
    experiment_is_read_or_refused,
    preset_is_read_or_refused,
    command_is_taken_or_told,
    dataset_is_read_or_refused,
]
Reader = Callable[[Path, int], int]
"""Breaks files in this folder, at least so many, and reads each; returns how many it were."""
Record = Callable[[str, object], None]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_some_broken_files(tmp_path: Path, reader: Reader, record_property: Record) -> None:
    record_property(reader.__name__, reader(tmp_path, FEW))


@pytest.mark.long
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_very_many_broken_files(tmp_path: Path, reader: Reader, record_property: Record) -> None:
    record_property(reader.__name__, reader(tmp_path, MANY))
