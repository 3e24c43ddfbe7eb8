"""One process that trains one run folder, and the launcher that starts it. Only the launcher is free of torch."""
