"""The subject's network trained by other programs: `python -m benchmarks peers` sets them beside tp1tui."""
