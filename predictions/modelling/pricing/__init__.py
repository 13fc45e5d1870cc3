"""Prices and probabilities: what a book is, its margin, and the other markets of a match."""
