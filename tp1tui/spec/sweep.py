"""Sweeps: one experiment several times over, with one or two fields, or named parts, or the seed varied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import prod
from typing import Annotated

from pydantic import Field, JsonValue

from tp1tui.spec.changes import NONE, with_changes
from tp1tui.spec.experiment import MAX_SEED, Experiment
from tp1tui.spec.faults import Fault, Misfit, SpecError, validated
from tp1tui.spec.model_keys import Keys
from tp1tui.spec.overlay import laid_upon
from tp1tui.spec.part import Part
from tp1tui.spec.report import Report
from tp1tui.spec.toml_text import value_text

MOST_FIELDS = 2
"""A heat table has two sides."""
MOST_MEMBERS = 500


class Variant(Part):
    """One member of a sweep that differs in more than a value."""

    name: str = Field(min_length=1, max_length=40)
    experiment: dict[str, JsonValue] = Field(default={})
    """Laid upon the sweep's experiment as one preset's is upon another's; empty for the experiment as it is."""
    report: Report = Report()


class Sweep(Part):
    """What is varied: fields over values, every combination a point; or named variants. And over how many seeds."""

    fields: dict[str, tuple[JsonValue, ...]] = Field(default={})
    """Key path in the experiment, as `--set` takes it, to the values that it takes in turn."""
    variants: tuple[Variant, ...] = ()
    seeds: Annotated[int, Field(ge=1, le=100)] = 1
    """Runs of every point: with the experiment's seed, and the ones after it."""


@dataclass(frozen=True)
class Member:
    """One run of a sweep, asked for but not made yet."""

    name: str
    """Of its point: `dropout.p = 0.5`, a variant's name, or empty where only the seed varies."""
    values: dict[str, JsonValue]
    """Of the varied fields, by key path; empty for variants."""
    seed: int
    experiment: Experiment
    report: Report | None
    """The report's figures for this member; None where they are the preset's."""


def members(base: Experiment, sweep: Sweep) -> tuple[Member, ...]:
    """The runs of a sweep, in order: point by point, each with all of its seeds.

    Raises:
        Misfit: There is nothing to vary, or some members are not possible experiments, which are all told.
    """
    _check(base, sweep)
    points = _possible(base, sweep)
    if max(experiment.seed for _, _, experiment, _ in points) + sweep.seeds - 1 > MAX_SEED:
        raise Misfit(("seeds",), f"leads past the largest seed, {MAX_SEED}")
    return tuple(
        Member(name, values, seed, experiment.model_copy(update={"seed": seed}), report)
        for name, values, experiment, report in points
        for seed in range(experiment.seed, experiment.seed + sweep.seeds)
    )


_Point = tuple[str, dict[str, JsonValue], Experiment, Report | None]


def _check(base: Experiment, sweep: Sweep) -> None:
    if not sweep.fields and not sweep.variants and sweep.seeds == 1:
        raise Misfit((), "varies nothing; name fields with their values, or variants, or more than 1 of seeds")
    if sweep.fields and sweep.variants:
        raise Misfit(("variants",), "cannot stand beside fields; a sweep has one or the other")
    if len(sweep.fields) > MOST_FIELDS:
        raise Misfit(("fields",), f"names {len(sweep.fields)} fields; a sweep varies at most {MOST_FIELDS}")
    for path, values in sweep.fields.items():
        if not values:
            raise Misfit(("fields", path), "has no values to take")
        if path == "seed":
            raise Misfit(("fields", path), "is varied by the number of seeds instead")
        for number, value in enumerate(values):
            if value in values[:number]:
                raise Misfit(("fields", path, number), f"is {value_text(value)} a second time")
    names = [variant.name for variant in sweep.variants]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise Misfit(("variants", number, "name"), f"is {name!r}, as that of another variant")
    points = len(sweep.variants) or prod(map(len, sweep.fields.values()))
    if points * sweep.seeds > MOST_MEMBERS:
        raise Misfit((), f"would be {points * sweep.seeds} runs; a sweep has at most {MOST_MEMBERS}")


def _possible(base: Experiment, sweep: Sweep) -> tuple[_Point, ...]:
    """Every point of a sweep; of each value and variant that makes none, one misfit."""
    points: list[_Point] = []
    misfits: dict[Keys, Misfit] = {}
    for make in _points(base, sweep):
        try:
            points.append(make())
        except Misfit as misfit:
            for one in misfit.all:
                misfits.setdefault(one.keys, one)
    if misfits:
        raise Misfit.together(tuple(misfits.values()))
    return tuple(points)


def _points(base: Experiment, sweep: Sweep) -> Iterator[Callable[[], _Point]]:
    """What makes each point, in order."""
    if sweep.variants:
        yield from (partial(_of_variant, base, number, variant) for number, variant in enumerate(sweep.variants))
        return
    numbered = (tuple(enumerate(values)) for values in sweep.fields.values())
    for chosen in product(*numbered):
        yield partial(_of_values, base, dict(zip(sweep.fields, chosen, strict=True)))


def _of_variant(base: Experiment, number: int, variant: Variant) -> _Point:
    page = laid_upon(base.model_dump(mode="json", exclude_none=True), dict(variant.experiment))
    try:
        experiment = validated(Experiment, page, variant.name)
    except SpecError as error:
        misfits = [Misfit(fault.keys, fault.message, shown=fault.path) for fault in error.faults]
        raise Misfit.together(misfits).below("variants", number, "experiment") from None
    return variant.name, {}, experiment, variant.report


def _of_values(base: Experiment, chosen: dict[str, tuple[int, JsonValue]]) -> _Point:
    settings = [f"{path}={NONE if value == NONE else value_text(value)}" for path, (_, value) in chosen.items()]
    try:
        experiment = with_changes(base, settings)
    except SpecError as error:
        raise _value_misfit(error, chosen) from None
    name = ", ".join(f"{path} = {value_text(value)}" for path, (_, value) in chosen.items())
    return name, {path: value for path, (_, value) in chosen.items()}, experiment, None


def _value_misfit(error: SpecError, chosen: dict[str, tuple[int, JsonValue]]) -> Misfit:
    """Which values of a sweep are to blame for an experiment that is not possible."""
    alone = [fault for fault in error.faults if fault.path in chosen]
    if alone:
        return Misfit.together([_of_one_value(fault, chosen[fault.path][0]) for fault in alone])
    fault, path = error.faults[0], next(iter(chosen))
    given = ", ".join(f"{path} = {value_text(value)}" for path, (_, value) in chosen.items())
    keys: Keys = ("fields", path, chosen[path][0])
    return Misfit(keys, f"is not possible: with {given}, {fault.path} {fault.message}")


def _of_one_value(fault: Fault, place: int) -> Misfit:
    """A value that is never allowed; of a key that is none, no value is."""
    keys: Keys = ("fields", fault.path, place)
    return Misfit(keys[:2] if "known key" in fault.message else keys, fault.message)
