"""What a run's checkpoints are called: the engine writes them, the journal's examination looks at them."""

LAST, PREVIOUS, BEST = "last.pt", "previous.pt", "best.pt"
