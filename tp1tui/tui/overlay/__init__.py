"""Curves of several runs in one plot: which figure, over what, how smooth. Shared by sweeps and comparisons."""
