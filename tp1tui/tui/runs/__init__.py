"""The table of runs, without a screen: rows, columns, order, and what is told of one row."""
