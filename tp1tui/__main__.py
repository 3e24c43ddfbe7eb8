"""python -m tp1tui: the command, where its script is not on the path."""

from tp1tui.cli.main import main

main()
