"""Training images as the network gets them: a process that draws them, and their place on the screen."""
