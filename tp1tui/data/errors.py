"""What can go wrong with a dataset, in sentences a person can act on."""

from __future__ import annotations


class DatasetError(Exception):
    """A dataset that cannot be had, opened or trusted. Its text is whole sentences."""


class SlowSourceError(DatasetError):
    """A source that works, but too slowly as long as others remain. What it sent is kept."""
