"""What is measured, and the peers it is measured against. `python -m benchmarks` runs all and prints ratios."""
