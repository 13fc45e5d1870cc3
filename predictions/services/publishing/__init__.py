"""Predictions of all matches as one consistent set, published and held for readers."""
