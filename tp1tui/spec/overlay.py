"""One experiment's page laid upon another's, before either is validated."""

from __future__ import annotations

from typing import Any


def laid_upon(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Tables laid upon tables, key by key; lists, and tables of another kind, replace those below them whole."""
    merged = dict(below)
    for key, value in above.items():
        base = merged.get(key)
        if isinstance(base, dict) and isinstance(value, dict) and _same_kind(base, value):
            value = laid_upon(base, value)
        merged[key] = value
    return merged


def _same_kind(below: dict[str, Any], above: dict[str, Any]) -> bool:
    return "kind" not in above or above["kind"] == below.get("kind")
