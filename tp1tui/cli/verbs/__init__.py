"""What each verb of `tp1tui` takes, by what it is about; what a verb does is in the modules beside this folder.

Those are imported when it runs, so that `--help` answers at once. `tp1tui.cli.main` lists the verbs.
"""
