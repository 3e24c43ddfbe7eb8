"""Curves in character cells: series thinned, laid on round axes, drawn by plotext, handed out as rows of text."""
