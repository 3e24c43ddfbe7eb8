"""Which keys may stand where in a page of settings, read off the models that validate it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel

Keys = tuple[int | str, ...]
"""From the top down; numbers count the entries of a list from 0."""


def key_path(model: type[BaseModel], location: Keys) -> Keys:
    """Pydantic's location of an error without the tags that it adds for unions of kinds."""
    path: list[int | str] = []
    candidates = [model]
    for item in location:
        if not _is_tag(item, candidates):
            path.append(item)
        candidates = _below(candidates, item)
    return tuple(path)


def models_at(model: type[BaseModel], location: Sequence[int | str]) -> list[type[BaseModel]]:
    """Models that may stand at a location: a key leads into a field's models, a tag picks one kind among them."""
    candidates = [model]
    for item in location:
        candidates = _below(candidates, item)
    return candidates


def allowed_keys(model: type[BaseModel], location: Sequence[int | str]) -> tuple[str, ...]:
    """Keys that may stand at a location (tags included); empty where no model stands there."""
    return tuple(dict.fromkeys(key for candidate in models_at(model, location) for key in candidate.model_fields))


def allowed_kinds(model: type[BaseModel], location: Sequence[int | str]) -> tuple[str, ...]:
    """Kinds among which a location may choose."""
    return tuple(str(_kind(candidate)) for candidate in models_at(model, location))


def _below(candidates: list[type[BaseModel]], item: int | str) -> list[type[BaseModel]]:
    if isinstance(item, int):
        return candidates
    if _is_tag(item, candidates):
        return [candidate for candidate in candidates if _kind(candidate) == item]
    fields = [candidate.model_fields[item] for candidate in candidates if item in candidate.model_fields]
    return [below for field in fields for below in _models_in(field.annotation)]


def _is_tag(item: int | str, candidates: list[type[BaseModel]]) -> bool:
    """Where several kinds may stand, what follows is the tag that picks one."""
    return len(candidates) > 1 and isinstance(item, str)


def _kind(model: type[BaseModel]) -> object:
    field = model.model_fields.get("kind")
    return field.default if field else None


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
