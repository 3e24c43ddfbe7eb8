"""What a worker computes that is no training curve: functions from a job to results, one module a measure.

A new measure is one class in `spec/measure.py`, one function here and one line in `catalog.py`.
"""
