from __future__ import annotations

import json
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.journal.strategies import events
from tp1tui.journal.events import EVENTS, Batches, Event, Failed, Paused
from tp1tui.journal.lines import OF_ANOTHER_RUN, Damage, decode, encode


@given(events)
def test_any_event_comes_back_to_the_last_digit(event: Event) -> None:
    again = decode(encode(event))
    assert repr(again) == repr(event)  # repr, since NaN equals nothing


@given(events, st.from_regex(r"[0-9a-f]{8}", fullmatch=True), st.sampled_from(["", "00000000", "0123abcd"]))
def test_a_line_is_of_one_run_alone(event: Event, uid: str, other: str) -> None:
    line = encode(event, uid)
    assert repr(decode(line, uid)) == repr(decode(line)) == repr(event)
    assert repr(decode(encode(event), "")) == repr(event)
    if other != uid:
        assert decode(line, other) == Damage(OF_ANOTHER_RUN)
    assert decode(encode(event), uid) == Damage(OF_ANOTHER_RUN)


@given(events, st.sampled_from(["", "0123abcd"]), st.data())
def test_any_flipped_bit_is_noticed(event: Event, uid: str, data: st.DataObject) -> None:
    line = bytearray(encode(event, uid).removesuffix(b"\n"))
    place = data.draw(st.integers(min_value=0, max_value=len(line) - 1))
    line[place] ^= 1 << data.draw(st.integers(min_value=0, max_value=7))
    assert isinstance(decode(bytes(line), uid), Damage)


@given(events, st.data())
def test_any_beginning_of_a_line_is_damage(event: Event, data: st.DataObject) -> None:
    line = encode(event).removesuffix(b"\n")
    cut = data.draw(st.integers(min_value=0, max_value=len(line) - 1))
    assert isinstance(decode(line[:cut]), Damage)


@given(events)
def test_a_line_is_plain_json_with_kind_first_and_crc_last(event: Event) -> None:
    line = encode(event)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    keys = list(json.loads(line, parse_constant=pytest.fail))
    assert keys[0] == "kind"
    assert keys[-1] == "crc"


def test_the_checksum_is_crc32_of_what_stands_before_it() -> None:
    line = encode(Paused(time=1.5, step=3))
    assert line == b'{"kind":"paused","time":1.5,"step":3,"crc":"%08x"}\n' % crc32(
        b'{"kind":"paused","time":1.5,"step":3'
    )


def test_not_a_number_and_infinities_travel_as_strings() -> None:
    event = Batches(
        time=1, step=1, first_step=1, losses=[float("nan")], top1=[float("inf")], images_per_s=float("-inf")
    )
    fields = json.loads(encode(event))
    assert (fields["losses"], fields["top1"], fields["images_per_s"]) == (["NaN"], ["Infinity"], "-Infinity")


def test_an_unknown_kind_is_ignored_but_only_when_its_line_is_whole() -> None:
    line = _sealed(b'{"kind":"sang","song":"la"')
    assert decode(line) is None
    assert isinstance(decode(line.replace(b"la", b"lo")), Damage)


@pytest.mark.parametrize(
    "body", [b'{"kind":"paused"', b'{"time":1,"step":1', b"[1", b"", b'{"kind":"paused","time":-1,"step":1']
)
def test_a_whole_line_that_is_no_event_is_damage(body: bytes) -> None:
    assert isinstance(decode(_sealed(body)), Damage)


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_damage(line: bytes) -> None:
    assert isinstance(decode(line), Damage)


def test_keys_of_a_newer_program_are_ignored() -> None:
    assert decode(_sealed(b'{"kind":"paused","time":1.0,"step":2,"mood":"good"')) == Paused(time=1, step=2)


def test_half_characters_of_the_system_do_not_keep_a_failure_from_being_told() -> None:
    event = decode(encode(Failed(time=1, step=1, reason="no file \udcff\udcfe.npy")))
    assert isinstance(event, Failed)
    assert event.reason == "no file ??.npy"


def test_batches_whose_numbers_do_not_agree_are_refused() -> None:
    with pytest.raises(ValidationError, match="batches 1 to 3 come with 2 losses and 3 top-1 values"):
        Batches(time=1, step=3, first_step=1, losses=[1, 2], top1=[1, 2, 3], images_per_s=1)


KINDS = frozenset(
    (
        "started",
        "preparing",
        "batches",
        "epoch",
        "changed",
        "paused",
        "resumed",
        "checkpoint",
        "warning",
        "measured",
        "probed",
        "failed",
        "finished",
    )
)


def test_every_kind_is_known_by_name() -> None:
    assert EVENTS.json_schema()["discriminator"]["mapping"].keys() == KINDS


def _sealed(body: bytes) -> bytes:
    return body + b',"crc":"%08x"}\n' % crc32(body)
