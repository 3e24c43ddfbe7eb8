"""A question's card and the person's answer to it: what the screen shows and keeps, without the screen."""
