"""Measures the numbers that the project promises: `make bench`."""
