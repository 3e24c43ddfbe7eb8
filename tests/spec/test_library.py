from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.shipped import FOLDER, SHIPPED
from tests.spec.whole import TEXT
from tp1tui.spec.faults import SpecError
from tp1tui.spec.preset_files import PresetLibrary, UnknownPreset


def save(folder: Path, name: str, text: str = TEXT) -> Path:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def titled(title: str) -> str:
    return TEXT.replace("a whole preset, for tests", title)


def upon(base: str, *lines: str) -> str:
    """A preset that holds only what differs from another."""
    return "\n".join(['title = "upon"', 'question = "what else?"', "[experiment]", f'extends = "{base}"', *lines])


def only(folder: Path) -> PresetLibrary:
    return PresetLibrary([("this folder", folder)])


def test_of_two_presets_with_one_id_the_nearer_wins_and_says_where_it_came_from(tmp_path: Path) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    save(near, "mine", titled("near"))
    save(far, "cd/mine", titled("far"))
    save(far, "cd/other")
    library = PresetLibrary([("this folder", near), ("tp1tui", far), ("nowhere", tmp_path / "absent")])
    mine, other = library.find("mine"), library.find("other")
    assert (library.load(mine).title, mine.origin, mine.section) == ("near", "this folder", "")
    assert (other.origin, other.section) == ("tp1tui", "cd")
    assert [file.id for file in library.all()] == ["other", "mine"]


def test_a_folder_that_is_reached_twice_is_listed_once_under_its_last_name(tmp_path: Path) -> None:
    save(tmp_path / "presets", "mine")
    (tmp_path / "link").symlink_to(tmp_path / "presets")
    library = PresetLibrary([("this folder", tmp_path / "link"), ("tp1tui", tmp_path / "presets")])
    assert [(file.id, file.origin) for file in library.all()] == [("mine", "tp1tui")]
    library.load(library.find("mine"))


def test_sections_and_questions_come_in_the_subject_s_order(tmp_path: Path) -> None:
    for name in ("cd/cd10-x", "cd/cd9-x", "cd/cd9b-x", "ab/ab2.10-x", "ab/ab2.4-x", "start/digits", "e/e07-x"):
        save(tmp_path, name)
    save(tmp_path, "zoo/x²")
    save(tmp_path, "top")
    ids = [file.id for file in only(tmp_path).all()]
    assert ids == ["digits", "ab2.4-x", "ab2.10-x", "cd9-x", "cd9b-x", "cd10-x", "e07-x", "top", "x²"]


def test_only_files_that_a_person_means_as_presets_are_found(tmp_path: Path) -> None:
    save(tmp_path, "mine")
    save(tmp_path, ".hidden")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "mine.toml~").write_text("")
    assert [file.id for file in only(tmp_path).all()] == ["mine"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("cd18-baseline", "cd18-baseline"),
        ("cd18", "cd18-baseline"),
        ("ab2.4", "ab2.4-circles-torch-optim"),
        ("d", "digits"),
        ("cd2", None),
        ("lenet", "cd13-lenet"),
        ("lr003", "cd19-standardized-lr003"),
    ],
)
def test_a_preset_is_named_by_its_id_or_an_unambiguous_part_of_it(name: str, found: str | None) -> None:
    if found is None:
        with pytest.raises(UnknownPreset):
            SHIPPED.find(name)
    else:
        assert SHIPPED.find(name).id == found


def test_an_id_in_full_wins_over_longer_ones_that_begin_so(tmp_path: Path) -> None:
    save(tmp_path, "cd1")
    save(tmp_path, "cd18")
    assert only(tmp_path).find("cd1").id == "cd1"


def test_a_preset_is_named_by_its_path(tmp_path: Path) -> None:
    path = save(tmp_path / "elsewhere", "mine", upon("cd18-baseline", "epochs = 3"))
    file = SHIPPED.find(str(path))
    assert (file.id, file.origin) == ("mine", "a file")
    assert SHIPPED.load(file).experiment.epochs == 3


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "cd19",
            "Several presets begin with 'cd19': cd19-standardized-lr001, cd19-standardized-lr003. "
            "Write more of the name.",
        ),
        (
            "standardized",
            "Several presets hold 'standardized': cd19-standardized-lr001, cd19-standardized-lr003. Write more",
        ),
        ("cd18-basline", "There is no preset 'cd18-basline'. Close to it: cd18-baseline"),
        ("cd11", "There is no preset 'cd11'. cd10-layer-table answers that question too. `tp1tui list` shows all"),
        ("cd99", f"`tp1tui list` shows all; searched: {FOLDER}."),
        ("", "There is no preset ''."),
        ("no/such.toml", "There is no file 'no/such.toml'."),
        ("cd/cd18", "There is no file 'cd/cd18'. `tp1tui list` shows the presets that have an id."),
        ("\0.toml", "There is no file"),
    ],
)
def test_a_name_that_stands_for_none_or_for_several_is_told(name: str, sentence: str) -> None:
    with pytest.raises(UnknownPreset) as caught:
        SHIPPED.find(name)
    assert sentence in str(caught.value)


def test_with_no_folder_at_all_nothing_is_found(tmp_path: Path) -> None:
    library = only(tmp_path / "absent")
    assert library.all() == []
    with pytest.raises(UnknownPreset, match="searched: no folder, as none exists"):
        library.find("cd18")


def test_two_files_of_one_folder_with_the_same_id_are_told(tmp_path: Path) -> None:
    first, second = save(tmp_path, "ab/mine"), save(tmp_path, "cd/mine")
    library = only(tmp_path)
    with pytest.raises(SpecError, match=f"^{second} has the same id as {first}; rename one of them.$"):
        library.load(library.find("mine"))


def test_a_preset_lies_upon_another_table_by_table(tmp_path: Path) -> None:
    save(tmp_path, "base")
    save(tmp_path, "more", upon("base", "epochs = 2", "[experiment.optimizer]", "lr = 0.5"))
    save(tmp_path, "most", upon("more", "[experiment.dropout]", "enabled = true"))
    library = only(tmp_path)
    base, more, most = (library.load(library.find(name)).experiment for name in ("base", "more", "most"))
    assert (more.epochs, more.optimizer.lr, more.optimizer.kind) == (2, 0.5, "sgd")
    assert more.model == base.model
    assert most == more.flipped("dropout")


def test_a_part_of_another_kind_replaces_the_one_below_it_whole(tmp_path: Path) -> None:
    save(tmp_path, "base")
    save(tmp_path, "adam", upon("base", "[experiment.optimizer]", 'kind = "adam"', "lr = 0.001"))
    library = only(tmp_path)
    optimizer = library.load(library.find("adam")).experiment.optimizer
    assert (optimizer.kind, optimizer.lr, optimizer.weight_decay) == ("adam", 0.001, 0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (upon("bose"), "mine.toml, line 4: experiment.extends is 'bose', which is no preset's id; write one in full"),
        (upon("bose"), "; close to it: base"),
        (upon("base").replace('"base"', "3"), "mine.toml, line 4: experiment.extends is 3, which is no preset's id;"),
        (upon("base").replace('"base"', "[]"), "mine.toml, line 4: experiment.extends is [], which is no preset's id;"),
        (upon("mine"), "mine.toml, line 4: experiment.extends leads in a circle: mine extends mine."),
        (upon("round"), "round.toml, line 4: experiment.extends leads in a circle: mine extends round extends mine."),
        (
            upon("base").replace("extends", "extend"),
            "line 4: experiment.extend is not a known key; did you mean extends?",
        ),
        (
            'extends = "base"\n' + upon("base").replace('extends = "base"', "epochs = 3"),
            "mine.toml, line 1: extends is no key of a page; write it under [experiment].",
        ),
        (upon("broken"), "broken.toml, line 1, is not valid TOML: "),
        (upon("bare"), "mine.toml, line 3: experiment.dataset is missing."),
        (upon("wrong"), "wrong.toml, line 3: experiment.epochs is 0, but must be at least 1."),
    ],
)
def test_a_base_that_cannot_be_is_told(tmp_path: Path, text: str, sentence: str) -> None:
    save(tmp_path, "base")
    save(tmp_path, "round", upon("mine"))
    save(tmp_path, "broken", "title =\n")
    save(tmp_path, "bare", "experiment = 3")
    save(tmp_path, "wrong", "# nothing but\n[experiment]\nepochs = 0")
    save(tmp_path, "mine", text)
    library = only(tmp_path)
    with pytest.raises(SpecError) as caught:
        library.load(library.find("mine"))
    assert sentence in str(caught.value)


def test_a_fault_in_the_file_below_is_told_with_that_file_and_its_line(tmp_path: Path) -> None:
    base = save(tmp_path, "base", TEXT.replace("momentum = 0.9", "momentum = 9"))
    mine = save(tmp_path, "mine", upon("base", "batch_size = 0", "[experiment.optimizer]", "lr = 0.5"))
    line = 1 + base.read_text().splitlines().index("momentum = 9")
    library = only(tmp_path)
    with pytest.raises(SpecError) as caught:
        library.load(library.find("mine"))
    assert str(caught.value).split("\n") == [
        f"{base}, line {line}: experiment.optimizer.momentum is 9, but must be below 1.",
        f"{mine}, line 5: experiment.batch_size is 0, but must be at least 1.",
    ]


def test_a_key_that_the_nearer_file_s_other_kind_lacks_is_told_in_the_nearer_file(tmp_path: Path) -> None:
    save(tmp_path, "base")
    mine = save(tmp_path, "mine", upon("base", "[experiment.optimizer]", 'kind = "adam"'))
    library = only(tmp_path)
    with pytest.raises(SpecError, match=rf"^{mine}, line 5: experiment\.optimizer\.lr is missing\.$"):
        library.load(library.find("mine"))
