"""API-Football."""
