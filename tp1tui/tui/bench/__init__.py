"""What the bench shows, worked out without a screen: the questions, their fields, their layers, their words."""
