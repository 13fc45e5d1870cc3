"""Puts the project together."""
