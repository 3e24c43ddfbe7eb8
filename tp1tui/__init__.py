"""tp1tui: a terminal laboratory for a first deep-learning practical.

Three programs meet in a run folder: the spec that says what to train, the worker that trains it, and the
front ends that watch. docs/architecture.md draws the whole house.
"""

__version__ = "0.1.0"
