from __future__ import annotations

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.shipped import PRESETS, SHIPPED
from tp1tui.spec.asking import edited, frozen, values_of, varied, vary_fields
from tp1tui.spec.faults import SpecError
from tp1tui.spec.frozen import MeasureSpec, RunSpec, SweepSpec
from tp1tui.spec.preset import MeasurePreset, Preset
from tp1tui.spec.toml_text import value_text


def preset(name: str) -> Preset:
    return PRESETS[SHIPPED.find(name).id]


@pytest.mark.parametrize(
    ("text", "path", "values"),
    [
        ("dropout.p=0,0.3,0.9", "dropout.p", (0, 0.3, 0.9)),
        (" batch_size = 32 , 64 ", "batch_size", (32, 64)),
        ("precision=tf32,fp32", "precision", ("tf32", "fp32")),
        ('precision="tf32","fp32"', "precision", ("tf32", "fp32")),
        ("dropout.enabled=true,false", "dropout.enabled", (True, False)),
        ("optimizer.lr=[0.1, 0.2]", "optimizer.lr", (0.1, 0.2)),
        ("optimizer.betas=[[0.9, 0.99], [0.8, 0.9]]", "optimizer.betas", ([0.9, 0.99], [0.8, 0.9])),
        ("optimizer.lr=", "optimizer.lr", ()),
    ],
)
def test_vary_names_a_field_and_its_values(text: str, path: str, values: tuple[object, ...]) -> None:
    assert values_of(text) == (path, values)


simple = st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(simple | st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True), min_size=1, max_size=6))
def test_whatever_is_written_as_toml_is_read_again(values: list[object]) -> None:
    path, read = values_of(f"a.b={','.join(map(value_text, values))}")
    assert path == "a.b"
    assert list(read) == values
    assert [type(value) for value in read] == [type(value) for value in values]


@given(st.text(max_size=40))
def test_any_text_is_values_or_a_sentence(text: str) -> None:
    if "=" not in text:
        with pytest.raises(SpecError, match="has no '='"):
            values_of(text)
        return
    try:
        path, values = values_of(text)
    except SpecError as error:
        sentence = str(error)
    else:
        assert isinstance(values, tuple)
        assert path == text.partition("=")[0].strip()
        return
    assert "has an empty value" in sentence


@pytest.mark.parametrize("listed", [",", "0.1,,0.3", ",0.1"])
def test_no_value_between_two_commas_is_told(listed: str) -> None:
    with pytest.raises(SpecError, match=f"optimizer.lr has an empty value in '{listed}'; write VALUE,VALUE,…"):
        values_of(f"optimizer.lr={listed}")


@pytest.mark.parametrize(
    ("name", "path", "taken"),
    [("digits", "dataset.train_examples", [100, None]), ("e07-mnist", "model.positions", ["learned", "none"])],
)
def test_none_among_values_is_an_empty_one_or_the_word_that_it_is(name: str, path: str, taken: list[object]) -> None:
    asked = varied(preset(name), vary_fields([f"{path}={taken[0]},none"]), None)
    part, field = path.split(".")
    assert [getattr(getattr(member.experiment, part), field) for member in asked.members()] == taken
    assert tomli_w.dumps({"fields": dict(asked.sweep.fields)}).endswith('"none",\n]\n')


def test_what_a_sweep_varies_is_not_set_beside_it() -> None:
    with pytest.raises(SpecError, match=r"batch_size is what this sweep varies, as --vary batch_size=32,128,512"):
        edited(preset("cd16"), ["epochs=2", "batch_size=64"])
    with pytest.raises(SpecError, match=r"optimizer.lr would change no run: each of this sweep's variants has a value"):
        edited(preset("cd28-optimizers"), ["optimizer.lr=0.5"])
    for name, setting in (
        ("cd16", "epochs=2"),
        ("cd28-optimizers", "epochs=2"),
        ("cd28-schedules", "optimizer.lr=0.5"),
    ):
        assert edited(preset(name), [setting]) != preset(name)


@given(st.lists(st.floats(min_value=1e-6, max_value=10), min_size=1, max_size=6, unique=True), st.integers(1, 5))
def test_a_varied_run_has_its_values_and_seeds(rates: list[float], seeds: int) -> None:
    sweep = varied(preset("digits"), {"optimizer.lr": tuple(rates)}, seeds)
    assert [member.experiment.optimizer.lr for member in sweep.members()] == [r for r in rates for _ in range(seeds)]


def test_a_run_becomes_a_sweep_and_says_what_was_changed_before() -> None:
    page = preset("digits")
    asked = varied(edited(page, ["epochs=3"]), vary_fields(["optimizer.lr=0.1,0.2"]), 2)
    spec = frozen("digits", page, asked)
    assert isinstance(spec, SweepSpec)
    assert spec.changes == ("epochs = 3",)
    assert len(spec.members()) == 4
    run = spec.run_spec("sweep", spec.members()[3])
    assert isinstance(run, RunSpec)
    assert (run.sweep, run.member, run.changes) == ("sweep", "optimizer.lr = 0.2", ("optimizer.lr = 0.2", "seed = 1"))


def test_a_sweep_may_have_its_values_replaced_and_a_field_added() -> None:
    asked = varied(preset("learning-rates"), {"optimizer.lr": (0.5,), "batch_size": (16, 32)}, None)
    assert [member.values for member in asked.members()] == [
        {"optimizer.lr": 0.5, "batch_size": 16},
        {"optimizer.lr": 0.5, "batch_size": 32},
    ]


def test_a_measure_s_own_fields_are_set_under_measure() -> None:
    page = preset("cd01")
    asked = edited(page, ["measure.kernel=7"])
    assert isinstance(asked, MeasurePreset)
    spec = frozen("cd01-convolution", page, asked)
    assert isinstance(spec, MeasureSpec)
    assert spec.changes == ("measure.kernel = 7",)


@pytest.mark.parametrize(
    ("name", "vary", "seeds", "sentence"),
    [
        ("digits", ["optimizer.rate=1,2"], None, "--vary: optimizer.rate is not a known key"),
        ("digits", ["batch_sise=1,2"], None, "did you mean batch_size?"),
        ("digits", ["optimizer.lr="], None, "--vary: optimizer.lr has no values to take."),
        ("digits", ["optimizer.lr"], None, "optimizer.lr has no '='"),
        ("digits", ["optimizer.lr=0.1,0.1"], None, "--vary: optimizer.lr is 0.1 a second time."),
        ("digits", ["optimizer.lr=0.1", "optimizer.lr=0.2"], None, "optimizer.lr is named twice"),
        ("digits", ["optimizer.lr=1", "epochs=1", "batch_size=1"], None, "--vary names 3 fields; a sweep varies at"),
        ("digits", ["optimizer.lr=0.1,fast"], None, 'optimizer.lr is "fast", but must be a number'),
        ("digits", [], 0, "--seeds: seeds is 0, but must be at least 1."),
        ("digits", [], 101, "seeds is 101, but must be at most 100."),
        ("digits", [], 1, "--seeds varies nothing"),
        ("cd01", [], 2, "--seeds cannot be used with 'calculator: one convolution', which is a measure"),
        ("cd01", ["epochs=1,2"], None, "which is a measure"),
        ("cd28-optimizers", ["batch_size=1,2"], None, "whose runs are named variants"),
    ],
)
def test_what_cannot_be_varied_is_told_in_a_sentence(
    name: str, vary: list[str], seeds: int | None, sentence: str
) -> None:
    with pytest.raises(SpecError) as told:
        varied(preset(name), vary_fields(vary), seeds)
    assert sentence in str(told.value)
    assert str(told.value).count("\n") == 0
