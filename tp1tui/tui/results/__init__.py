"""Results as lines of text that fit a width: tables, series, grids, pictures and words. Knows shapes and no widgets."""
