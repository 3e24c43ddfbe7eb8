"""What an experiment is: immutable data, layer arithmetic, and the preset files that people write.

Knows nothing of ours and no torch, so that everything else may know it.
"""
