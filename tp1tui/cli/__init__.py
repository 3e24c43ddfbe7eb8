"""The same verbs as the screens, for the shell. No torch, and nothing heavy before a verb asks for it."""
