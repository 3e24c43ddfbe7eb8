from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.whole import PAGE, TEXT, error_of, line_of
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.toml_files import MAX_BYTES
from tp1tui.spec.toml_text import path_in_words, path_text

OPTIMIZER = "experiment.optimizer"
LAYERS = "experiment.model.layers"

VALUES = [
    ("lr = 0.01", "lr = -1", f"{OPTIMIZER}.lr is -1, but must be above 0."),
    ("lr = 0.01", "lr = nan", f"{OPTIMIZER}.lr is nan, but must be a finite number."),
    ("lr = 0.01", "lr = true", f"{OPTIMIZER}.lr is true, but must be a number."),
    ("lr = 0.01", "lr = 2024-02-30T00:00:00", "is not valid TOML: "),
    ("lr = 0.01", "lr = 2024-02-28", f'{OPTIMIZER}.lr is "2024-02-28", but must be a number.'),
    ('kind = "sgd"', 'kind = "sdg"', f'{OPTIMIZER}.kind is "sdg"; allowed: "sgd", "adam", "adamw", "rmsprop", '),
    ("epochs = 30", "epochs = 30.5", "experiment.epochs is 30.5, but must be a whole number."),
    ("epochs = 30", "epochs = 1_000_000_000_000", "is 1000000000000, but must be at most 1e+09."),
    ("p = 0.5", "p = 1", "experiment.dropout.p is 1, but must be below 1."),
    ("batch_size = 128", "batch_size = 0", "experiment.batch_size is 0, but must be at least 1."),
    ("test_top1", "test_top1 = [71, 101]", "the second of report.test_top1 is 101, but must be at most 100."),
    ("test_top1", "test_top1 = [71, 72, 73]", "report.test_top1 is [71, 72, 73], but must have at most 2 entries."),
    ("test_top1", "test_top1 = 72", "report.test_top1 is 72, but must be a list in brackets."),
    ("title", "title = 3", "title is 3, but must be a text in quotes."),
    ('{ kind = "relu", name = "relu2" }', '{ kind = "relu", name = "Relu2" },',
     '"Relu2", but must be lower-case letters, digits and _, with a letter first.'),
    ("title", 'title = ""', 'title is "", but must not be empty.'),
    ("title", f'title = {["long" * 9] * 9}', 'l…, but must be a text in quotes.'),
]  # fmt: skip
"""A line of the whole preset, what is written in its place, and what is said of it."""

KEYS = [
    (
        "momentum",
        "momentun = 0.9",
        f"{OPTIMIZER}.momentun is not a known key; did you mean momentum? "
        "Allowed here: kind, lr, momentum, nesterov, weight_decay.",
    ),
    ("[experiment.dropout]", "[experiment.dropuot]", "experiment.dropuot is not a known key; did you mean dropout?"),
    ("[report]", "[rapport]", "rapport is not a known key; did you mean report?"),
]
"""The same for keys that nothing knows."""

MISFITS = [
    ("batch_size", "batch_size = 50001", "experiment.batch_size is 50001, but there are only 50000 training examples."),
    ("steps", 'steps = [{kind = "crop", size = 33}]', "steps is 33, but an image of CIFAR-10 has 32x32 pixels."),
    ("steps", 'steps = [{kind = "mirror"}, {kind = "mirror"}]',
     "the second of experiment.augmentation.steps is a second mirror; each kind"),
    ('{ kind = "linear", name = "fc3"', '{ kind = "linear", name = "fc3", features = 9 },',
     f"{LAYERS}.fc3 is the last layer and gives 9, but CIFAR-10 has 10 classes."),
    ('{ kind = "relu", name = "relu2" }', '{ kind = "relu", name = "relu1" },',
     f"the seventh of {LAYERS} is a second layer named relu1; each name may stand once."),
    ('{ kind = "linear", name = "fc2"', '{ kind = "conv", filters = 1, kernel = 1 },',
     f"{LAYERS}.conv6 takes an image, but its input is a vector of 64."),
    ("test_top1", "test_top1 = [73, 71]", "report.test_top1 runs from 73 to 71; write the lower bound first."),
    ("momentum", "nesterov = true", f"{OPTIMIZER}.nesterov is true, but Nesterov's method needs a momentum above 0."),
]  # fmt: skip
"""Values that do not fit together; the line is that of the one to blame."""

FILES = {
    "": "mine.toml: experiment is missing.",
    "experiment = 3": "line 1: experiment is 3, but must be a table of keys.",
    "a = \n": "mine.toml, line 1, is not valid TOML: ",
    "a = 1\na = 2\n": "mine.toml, line 2, is not valid TOML: ",
    "a = 1\nb = {": "mine.toml is not valid TOML: ",
    b"title = '\xff'": "mine.toml is not a UTF-8 text.",
    "#" * (MAX_BYTES + 1): f"mine.toml is larger than {MAX_BYTES:,} bytes, so it is no preset.",
    "title = " + "[" * 5000: "mine.toml is nested too deeply.",
    "title = " + "[" * 50 + "]" * 50: "line 1: the first of the first of title is nested more than 20 levels deep.",
    "title = " + "9" * 5000: "mine.toml is not valid TOML: ",
    "title = 0x" + "f" * 5000: "line 1: title is too large a number.",
}
"""Files that are hardly presets at all."""


def replaced(start: str, line: str) -> str:
    """The whole preset with the one line that begins so written otherwise."""
    lines = TEXT.splitlines()
    lines[line_of(start) - 1] = line
    return "\n".join(lines)


@pytest.mark.parametrize(("start", "line", "sentence"), VALUES + KEYS + MISFITS, ids=lambda text: text[:40])
def test_a_fault_is_told_with_its_line_and_what_is_allowed(
    tmp_path: Path, start: str, line: str, sentence: str
) -> None:
    told = str(error_of(tmp_path, replaced(start, line)))
    assert f"mine.toml, line {line_of(start)}" in told
    assert sentence in told


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("epochs", "experiment.epochs is missing."),
        ('kind = "sgd"', f'{OPTIMIZER} needs a kind; allowed: "sgd", "adam", "adamw", "rmsprop", "adagrad", "muon".'),
        ("layers = [", "is not valid TOML"),
        ("title", "mine.toml: title is missing."),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, start: str, sentence: str) -> None:
    assert sentence in str(error_of(tmp_path, replaced(start, "")))


def test_a_list_that_is_too_short_names_what_is_missing(tmp_path: Path) -> None:
    error = error_of(tmp_path, replaced("test_top1", "test_top1 = [71]"))
    assert (error.faults[0].path, error.faults[0].line) == ("report.test_top1.1", line_of("test_top1"))


@pytest.mark.parametrize(("text", "sentence"), FILES.items(), ids=[str(text)[:30] for text in FILES])
def test_a_file_that_is_no_preset_is_told_in_a_sentence(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    told = str(error_of(tmp_path, text))
    assert sentence in told
    assert all(len(line) < len(str(tmp_path)) + 200 for line in told.splitlines())


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    error = error_of(tmp_path, replaced("lr", "lr = 0").replace("epochs = 30", "epochs = 0"))
    assert [fault.path for fault in error.faults] == [f"{OPTIMIZER}.lr", "experiment.epochs"]
    assert len(str(error).splitlines()) == 2


def test_a_folder_in_place_of_a_file_or_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT)
    library = PresetLibrary([("this folder", tmp_path)])
    path.unlink()
    with pytest.raises(SpecError, match=r"mine\.toml cannot be read: No such file or directory\.$"):
        library.load(library.find("mine"))
    path.mkdir()
    with pytest.raises(SpecError, match=r"mine\.toml cannot be read: Is a directory\.$"):
        library.load(library.find("mine"))


def test_a_file_of_another_editor_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    library = PresetLibrary([("this folder", tmp_path)])
    assert library.load(library.find("mine")).model_dump(mode="json", exclude_unset=True) == PAGE


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("optimizer", "lr"), "optimizer.lr"),
        (("variants", 1), "the second of variants"),
        (("sweep", "variants", 10, "experiment", "lr"), "experiment.lr in the 11th of sweep.variants"),
        (("a", 20, "b", 101, "c"), "c in the 102nd of b in the 21st of a"),
        (("title", 0, 2), "the third of the first of title"),
        (("fields", "a.0", 0), 'the first of fields."a.0"'),
        (("fields", "0"), "fields.0"),
        ((0,), "0"),
        ((), ""),
    ],
)
def test_entries_of_lists_are_counted_from_one_in_words(keys: tuple[int | str, ...], words: str) -> None:
    assert path_in_words(path_text(keys), keys) == words
