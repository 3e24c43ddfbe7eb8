"""Files and folders that somebody else may have a hand in: who may write where, and reading that never waits or swells.

Known to every room, and knows none.
"""
