"""Each composes widgets, owns keys, and holds no training knowledge. Its styles lie beside it."""
