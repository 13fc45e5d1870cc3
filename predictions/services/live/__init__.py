"""Predictions on request, made by a worker: waited for, or as a job."""
