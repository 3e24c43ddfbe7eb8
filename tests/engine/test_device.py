"""How a process is set up for its device, as far as that shows without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from tp1tui.data.arrays import Examples
from tp1tui.engine.device import BF16_INSTRUCTIONS, _set_products, drawback
from tp1tui.engine.training import Training
from tp1tui.spec.changes import with_changes
from tp1tui.spec.experiment import Experiment

CPU = torch.device("cpu")
WITHOUT_BF16 = {"architecture": "x86_64", "avx2": True, "avx512_bf16": False, "amx_bf16": False}
MATMUL, CUDNN = torch.backends.cuda.matmul, torch.backends.cudnn


@pytest.fixture
def as_before() -> Iterator[None]:
    before = MATMUL.allow_tf32, CUDNN.allow_tf32
    yield
    MATMUL.allow_tf32, CUDNN.allow_tf32 = before


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("exact", [True, False])
def test_products_and_convolutions_are_as_exact_as_asked(exact: bool) -> None:
    _set_products(exact=not exact)
    _set_products(exact=exact)
    precisions = {MATMUL.fp32_precision, CUDNN.conv.fp32_precision, CUDNN.rnn.fp32_precision}
    assert ("tf32" in precisions) == (not exact)
    assert exact or precisions == {"tf32"}


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("exact", [True, False])
def test_all_that_reads_how_exact_products_are_is_told_the_same(exact: bool) -> None:
    """torch refuses to say where its older and its newer switches differ; its compiler asks by the older."""
    _set_products(exact=exact)
    assert MATMUL.allow_tf32 == CUDNN.allow_tf32 == (not exact)
    assert torch.get_float32_matmul_precision() == ("highest" if exact else "high")


def processor(monkeypatch: pytest.MonkeyPatch, found: dict[str, object]) -> None:
    """Let torch find these in this machine's processor."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)


@pytest.mark.parametrize(
    ("found", "is_told"),
    [
        (WITHOUT_BF16, True),
        (WITHOUT_BF16 | {"avx512_bf16": True}, False),
        (WITHOUT_BF16 | {"amx_bf16": True}, False),
        ({"architecture": "arm64", "neon": True, "bf16": False, "sve_bf16": False}, True),
        ({"architecture": "arm64", "neon": True, "bf16": True, "sve_bf16": False}, False),
        ({"architecture": "riscv64"}, False),  # torch knows of no such instructions there, and nor do we
    ],
    ids=["x86 without", "avx512", "amx", "arm without", "arm", "unknown"],
)
def test_bf16_without_instructions_for_it_is_told(
    found: dict[str, object], is_told: bool, small: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor(monkeypatch, found)
    told = drawback(with_changes(small, ["precision=bf16"]), CPU)
    assert (told is not None) == is_told
    assert told is None or "--set precision=fp32" in told


@pytest.mark.parametrize(("precision", "device"), [("tf32", "cpu"), ("fp32", "cpu"), ("bf16", "cuda:0")])
def test_what_a_cpu_lacks_concerns_only_bf16_and_only_cpus(
    precision: str, device: str, small: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor(monkeypatch, WITHOUT_BF16)
    assert drawback(with_changes(small, [f"precision={precision}"]), torch.device(device)) is None


def test_a_torch_that_does_not_know_its_processor_has_nothing_to_say(
    small: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert drawback(with_changes(small, ["precision=bf16"]), CPU) is None


def test_a_drawback_is_told_when_a_run_begins_and_not_again(
    small: Experiment, examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor(monkeypatch, WITHOUT_BF16)
    experiment = with_changes(small, ["precision=bf16"])
    begun, resumed = Training(experiment, examples, CPU), Training(experiment, examples, CPU)
    assert begun.notices == [drawback(experiment, CPU)]
    resumed.restore(begun.state())
    assert resumed.notices == []


def test_torch_says_of_this_processor_whether_it_has_instructions_for_bf16() -> None:
    """Under a name that we ask for: another name would silence what is to be told."""
    if not hasattr(torch.cpu, "get_capabilities"):
        pytest.skip("this torch does not say")
    found = torch.cpu.get_capabilities()
    if found["architecture"] not in ("x86_64", "arm64"):
        pytest.skip("torch knows of no such instructions here")
    assert any(name in found for name in BF16_INSTRUCTIONS)
