"""Datasets: fetched, verified by digest, cached as flat uint8 arrays, and laid out on a device in batches.

Fetching and the cache need no torch; `resident` and `augment` do, and front ends never import those.
"""
