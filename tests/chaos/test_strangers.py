"""Nobody else gets in: folders are their owner's, nothing is unpickled or evaluated, no text steers the terminal."""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import tp1tui
from tests.builders import make_run, run_spec
from tests.cli.calls import call
from tp1tui.data.errors import DatasetError
from tp1tui.data.store import Store
from tp1tui.files.private import make_private
from tp1tui.journal.answers import Answer, Answers
from tp1tui.journal.commands import Stop, send
from tp1tui.journal.events import Failed, Preparing, Warned
from tp1tui.journal.folder import RunFolder
from tp1tui.journal.prediction import FILE as PREDICTION
from tp1tui.journal.writer import JournalWriter
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset_files import PresetLibrary
from tp1tui.spec.steering import steers
from tp1tui.tui.keymap.keys_file import read_keys
from tp1tui.tui.preferences import Preferences, PreferencesFile

PACKAGE = Path(tp1tui.__file__).parent
EVIL = "\x1b[2J\x1b]0;yours\x07\x9b31m\u202egpj.exe [bold red]mine[/] [link=http://x]y[/link]"


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Whatever a person's shell says."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_every_folder_is_its_owners_alone_under_any_umask(
    tmp_path: Path, umask: int, record_property: Callable[[str, object], None]
) -> None:
    runs = tmp_path / "far" / "away" / "runs"
    folder = RunFolder.create(runs, run_spec("digits"), datetime.now(UTC))
    Answers(runs).write("cd18", "mine", Answer())
    make_private(tmp_path / "cache" / "data")
    settings = PreferencesFile(tmp_path / "config" / "tp1tui")
    assert settings.keep(Preferences()) == ""
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {folder.path, folder.commands_dir, folder.checkpoints_dir, runs, runs.parent} <= set(folders)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    record_property("umasks", 1)


def test_a_folder_of_commands_that_is_made_anew_is_private_too(tmp_path: Path, umask: int) -> None:
    folder = make_run(tmp_path, "digits", epochs=1)
    folder.commands_dir.rmdir()
    send(folder, Stop())
    assert stat.S_IMODE(folder.commands_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize("below", ["", "mnist"])
def test_datasets_that_others_may_write_to_are_not_used(
    tmp_path: Path, below: str, record_property: Callable[[str, object], None]
) -> None:
    store = Store(tmp_path / "data")
    make_private(store.folder("mnist"))
    (store.folder("mnist") / "train_images.uint8").write_bytes(b"x")
    (store.root / below).chmod(0o777)
    with pytest.raises(DatasetError, match="chmod go-w"):
        store.open("mnist")
    record_property("datasets", 1)


def test_datasets_of_somebody_else_are_not_used_but_the_systems_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    store = Store(tmp_path / "data")
    make_private(store.folder("mnist"))
    (store.folder("mnist") / "train_images.uint8").write_bytes(b"x")
    given_away(store.root, monkeypatch)
    with pytest.raises(DatasetError, match="tp1tui data import"):
        store.open("mnist")
    record_property("datasets", 1)


def given_away(path: Path, patch: pytest.MonkeyPatch) -> None:
    """Let a folder or a file be somebody else's."""
    stranger = os.getuid() + 12345
    os.chown(path, stranger, -1) if os.getuid() == 0 else patch.setattr(os, "getuid", lambda: stranger)


PAGE = 'title = "t"\nquestion = "q"\n[experiment]\nextends = "base"\n'
WAYS: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "owned": given_away,
    "open to all": lambda path, _: path.chmod(path.stat().st_mode | 0o002),
}


@pytest.fixture
def shared(tmp_path: Path) -> tuple[PresetLibrary, Path]:
    """A folder of presets that lies nearer than the program's own, which it holds one of as well."""
    own, near = tmp_path / "own", tmp_path / "near" / "lesson"
    own.mkdir(), near.mkdir(parents=True)
    page = (PACKAGE.parent / "presets" / "start" / "digits.toml").read_text()
    (own / "base.toml").write_text(page)
    (near / "base.toml").write_text(PAGE.replace('"base"', '"other"'))
    (near / "other.toml").write_text(page)
    return PresetLibrary([("near", near.parent), ("tp1tui", own)]), near


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("place", ["base.toml", "", ".."])
def test_a_preset_that_somebody_else_may_change_is_told_and_replaces_none(
    shared: tuple[PresetLibrary, Path],
    place: str,
    way: Callable[[Path, pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    library, near = shared
    assert library.find("base").origin == "near"
    way(near / place, monkeypatch)
    library = PresetLibrary([("near", near.parent), ("tp1tui", near.parents[1] / "own")])
    assert library.find("base").origin == "tp1tui"
    assert library.load(library.find("base"))
    if place != "base.toml":
        with pytest.raises(SpecError, match=r"other\.toml is not used: .* (belongs to|may write to) "):
            library.load(library.find("other"))
    record_property("presets", 1)


def test_presets_of_root_are_used_by_everybody(
    shared: tuple[PresetLibrary, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, near = shared
    if os.getuid() != 0:
        pytest.skip("only root has anything of root's to try it with")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert PresetLibrary([("near", near.parent), ("tp1tui", near.parents[1] / "own")]).find("base").origin == "near"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("place", ["file", "folder"])
def test_likes_and_keys_that_somebody_else_may_change_are_told_and_not_used(
    tmp_path: Path,
    place: str,
    way: Callable[[Path, pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    folder = tmp_path / "tp1tui"
    folder.mkdir()
    (folder / "preferences.toml").write_text('theme = "light"\n')
    (folder / "keys.toml").write_text('[run]\nstop = "f9"\n')
    for path in folder.iterdir() if place == "file" else (folder,):
        way(path, monkeypatch)
    liked, keys = PreferencesFile(folder), read_keys(folder)
    assert liked.preferences == Preferences()
    assert keys.changed == {}
    for told in (liked.fault, *keys.faults):
        assert "belongs to" in told or "may write to" in told
        record_property("settings", 1)


FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "yaml", "joblib"}
OWN_PIPE = {"plots/save.py", "plots/paper.py"}
"""A sheet goes from one to the other through the pipe between a process and its own child, and through no file."""
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


def calls(path: Path) -> Iterator[tuple[str, dict[str, ast.expr], int]]:
    """Every call in a file: its dotted name, its named arguments, its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            named = {argument.arg: argument.value for argument in node.keywords if argument.arg}
            yield ast.unparse(node.func), named, node.lineno


def value_of(named: dict[str, ast.expr], name: str) -> object:
    argument = named.get(name)
    return argument.value if isinstance(argument, ast.Constant) else None


def test_nothing_is_unpickled_evaluated_or_run_through_a_shell(record_property: Callable[[str, object], None]) -> None:
    faults: list[str] = []
    files = sorted(PACKAGE.rglob("*.py"))
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if "/".join(path.parts[-2:]) in OWN_PIPE:
                continue
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            faults += [f"{path}: {name}" for name in names if name.partition(".")[0] in FORBIDDEN_IMPORTS]
        for name, named, line in calls(path):
            where = f"{path}:{line}: {name}"
            if name in FORBIDDEN_CALLS or name in ("os.system", "os.popen"):
                faults.append(where)
            if name.endswith("torch.load") and value_of(named, "weights_only") is not True:
                faults.append(where)
            if name in ("np.load", "numpy.load") and value_of(named, "allow_pickle") is not False:
                faults.append(where)
            if value_of(named, "shell") or name.endswith("extractall"):
                faults.append(where)
    assert faults == []
    assert len(files) > 300
    record_property("files", len(files))


def test_no_verb_lets_an_evil_run_steer_the_terminal(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    folder = make_run(tmp_path, "digits", epochs=2, host=EVIL)
    other = make_run(tmp_path, "digits", epochs=2, seed=1)
    with JournalWriter(folder.journal_path) as journal:
        journal.append(Preparing(time=1.8e9, step=2, what=EVIL))
        journal.append(Warned(time=1.8e9, step=2, message=EVIL))
        journal.append(Failed(time=1.8e9, step=2, reason=EVIL, details=EVIL))
    (folder.path / PREDICTION).write_text(EVIL)
    folder.log_path.write_text(EVIL)
    Answers(tmp_path).write("digits", EVIL, Answer())
    verbs = (
        ["runs"], ["runs", "--json"], ["show", folder.id], ["show", folder.id, "--json"], ["doctor", folder.id],
        ["compare", folder.id, other.id], ["export", folder.id], ["answers"], ["line"], ["trash", "list"],
    )  # fmt: skip
    for words in verbs:
        result = call(*words, "--runs-dir", tmp_path)
        assert not steers(result.output), words
        assert result.exception is None or isinstance(result.exception, SystemExit), words
        record_property("tried", words[0])
    for written in (path for path in folder.path.glob("*.csv")):
        assert not steers(written.read_text())


@pytest.mark.parametrize("name", [EVIL, "a\nb", "[red]x[/]"])
def test_folders_with_evil_names_are_no_runs_or_shown_as_they_are(tmp_path: Path, name: str) -> None:
    folder = make_run(tmp_path, "digits", epochs=1)
    folder.path.rename(tmp_path / name.replace("/", "|"))
    result = call("runs", "--runs-dir", tmp_path)
    assert result.exit_code == 0
    assert not steers(result.output)
