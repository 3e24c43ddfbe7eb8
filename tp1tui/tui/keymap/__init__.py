"""Keys that a person has changed: the names of all bindings, the file that changes them, what is wrong with it."""
