"""Prices: storing them, choosing the closing one, and what the market says by them."""
