"""Which keys a person has changed, as the app takes them; who reads that from where is not its affair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ChangedKeys:
    """What a person's file says of keys, as far as it can be obeyed."""

    path: Path
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys by the names of bindings, as `App.set_keymap` takes them; also of those that share one with these."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """What the person changed, of that."""
    faults: tuple[str, ...] = ()
    """What cannot be obeyed, each in a sentence."""
