"""The comparison of any number of runs: their curves, their figures, and the fields in which they differ."""
