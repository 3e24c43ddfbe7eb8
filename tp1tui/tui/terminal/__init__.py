"""The terminal that the screens are drawn on: what it can show, and how little is sent to it."""
