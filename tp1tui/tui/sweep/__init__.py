"""What the sweep screen and the list of runs say about a sweep, and what they ask of its members. Knows no widgets."""
