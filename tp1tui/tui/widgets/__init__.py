"""Each shows one thing, is told by its screen, and tells by messages."""
