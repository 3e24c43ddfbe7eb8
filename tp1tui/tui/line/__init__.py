"""What is said of the line: its rows, and a run's place in it. Knows no widgets and no clock."""
