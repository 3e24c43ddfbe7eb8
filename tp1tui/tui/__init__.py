"""The terminal app: screens that follow journals and send commands. No torch."""
