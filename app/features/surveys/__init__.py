"""Baseline and second measurement of a table, and the five questions to its partners."""
